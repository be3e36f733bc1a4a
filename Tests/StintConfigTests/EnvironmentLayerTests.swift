import Testing

@testable import StintConfig

@Suite("Environment variables")
struct EnvironmentLayerTests {
  private func applied(_ environment: [String: String], to document: String = "") throws -> ConfigValue {
    try EnvironmentLayer(environment: environment).applied(to: try HOCON.parse(document))
  }

  @Test(
    "a variable sets its path",
    arguments: [
      ("CLEARML_API_HOST", "api.api_server"), ("CLEARML_WEB_HOST", "api.web_server"),
      ("CLEARML_FILES_HOST", "api.files_server"), ("CLEARML_API_ACCESS_KEY", "api.credentials.access_key"),
      ("CLEARML_API_SECRET_KEY", "api.credentials.secret_key"), ("CLEARML_AUTH_TOKEN", "api.auth.token"),
      ("CLEARML_WORKER_NAME", "agent.worker_name"), ("CLEARML_WORKER_ID", "agent.worker_id"),
      ("CLEARML_AGENT_GIT_USER", "agent.git_user"), ("CLEARML_AGENT_GIT_PASS", "agent.git_pass"),
      ("TRAINS_API_HOST", "api.api_server"), ("CUDA_VERSION", "agent.cuda_version"),
      ("CLEARML_AGENT__AGENT__GIT_USER", "agent.git_user"), ("CLEARML_AGENT__SDK__AWS__S3__KEY", "sdk.aws.s3.key"),
    ])
  func paths(name: String, path: String) throws {
    #expect(try applied([name: "value"], to: "api.api_server: file, agent.other: 1")[path] == "value")
  }

  @Test("an empty variable sets nothing")
  func empty() throws {
    #expect(try applied(["CLEARML_API_HOST": " ", "TRAINS_API_HOST": "old"])["api.api_server"] == "old")
    #expect(try applied(["CLEARML_API_HOST": ""], to: "api.api_server: file")["api.api_server"] == "file")
  }

  @Test("a variable with a name of its own wins over a path variable, and that over the file")
  func precedence() throws {
    var environment = ["CLEARML_AGENT__AGENT__GIT_USER": "path"]
    #expect(try applied(environment, to: "agent.git_user: file")["agent.git_user"] == "path")
    environment["CLEARML_AGENT_GIT_USER"] = "own"
    #expect(try applied(environment)["agent.git_user"] == "own")
  }

  @Test(
    "the value of a path variable has the type it looks like",
    arguments: [
      ("true", true), ("12", 12), ("[a, b]", ["a", "b"]), ("{\"a\": 1}", ["a": 1]), ("\"12\"", "12"),
      ("${WHO}-x", "me-x"),
      ("", ""), ("p@ss#w:or d=!//x", "p@ss#w:or d=!//x"), ("a\"b", "a\"b"), ("$x", "$x"),
    ] as [(String, ConfigValue)])
  func values(text: String, value: ConfigValue) throws {
    #expect(try applied(["CLEARML_AGENT__A__B": text, "WHO": "me"])["a.b"] == value)
  }

  @Test("objects of a path variable merge with the file")
  func merging() throws {
    #expect(try applied(["CLEARML_AGENT__A": "{c: 2}"], to: "a.b: 1")["a"] == ["b": 1, "c": 2])
  }

  @Test(
    "a path variable that makes no sense is an error with its name and without its value",
    arguments: [
      ("CLEARML_AGENT__", "hunter2"), ("CLEARML_AGENT__A____B", "hunter2"), ("CLEARML_AGENT__A__", "hunter2"),
      ("CLEARML_AGENT__A", "[hunter2"), ("CLEARML_AGENT__A", "\"hunter2"), ("CLEARML_AGENT__A", "[1] hunter2"),
      ("CLEARML_AGENT__A", "x${hunter"),
      ("CLEARML_AGENT__" + String(repeating: "A__", count: 5000) + "A", "hunter2"),
    ])
  func bad(name: String, value: String) throws {
    let error = try #require(throws: SettingsError.self) { try applied([name: value]) }
    #expect(error.description.contains(name) && !error.description.contains("hunter"))
  }

  @Test("variables that hold arguments are split as a shell does")
  func arguments() throws {
    let config = try applied(
      ["CLEARML_AGENT_EXTRA_DOCKER_ARGS": "-e 'A=b c' --x=\"y z\"", "CLEARML_AGENT_DOCKER_ARGS_HIDE_ENV": "B C"],
      to: "agent.hide_docker_command_env_vars.extra_keys: [A]")
    #expect(config["agent.extra_docker_arguments"] == ["-e", "A=b c", "--x=y z"])
    #expect(config["agent.hide_docker_command_env_vars.extra_keys"] == ["A", "B", "C"])
  }

  @Test(
    "words are split as a shell does",
    arguments: [
      ("", []), ("  a  b ", ["a", "b"]), ("''", [""]), ("a'b c'd", ["ab cd"]), (#"a\ b"#, ["a b"]),
      (#""a\"b\n""#, [#"a"b\n"#]),
      (#"'a\'"#, [#"a\"#]), ("'open", ["open"]), (#"end\"#, ["end"]),
    ])
  func words(text: String, words: [String]) {
    #expect(ShellWords.split(text) == words)
  }

  @Test(
    "file names are expanded",
    arguments: [
      ("~", "/h"), ("~/x", "/h/x"), ("~bob/x", "~bob/x"), ("$HOME/x", "/h/x"), ("${HOME}x", "/hx"), ("$NO/x", "$NO/x"),
      ("${HOME", "${HOME"), ("a$", "a$"), ("$HOMEx", "$HOMEx"), ("x~", "x~"), ("$$HOME", "$/h"),
    ])
  func expansion(path: String, expanded: String) {
    #expect(PathExpansion(environment: ["HOME": "/h"]).expand(path) == expanded)
  }
}
