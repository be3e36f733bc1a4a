import Foundation
import StintConfig
import StintRuntime
import Testing

@testable import StintAgent

@Suite struct AgentSetupTests {
  private func setup(_ more: ConfigValue = [:], environment: [String: String] = [:]) throws -> AgentSetup {
    let server: ConfigValue = [
      "api": [
        "api_server": "http://s.test:8008",
        "credentials": ["access_key": "ACCESSKEY", "secret_key": "the-secret-key"],
      ]
    ]
    let settings = try AgentSettings(raw: server.merging(more), file: "clearml.conf", environment: environment)
    return try AgentSetup(settings: settings, environment: environment, shim: "stint")
  }

  @Test("a task's configuration has the server and its key, and none of the agent's git passwords")
  func taskConfiguration() throws {
    let setup = try setup([
      "agent": ["git_user": "me", "git_pass": "git-password"], "sdk": ["development": ["worker": ["x": 1]]],
    ])
    let text = TaskConfiguration.text(for: setup, hasOwnToken: false)
    #expect(!text.contains("git"))
    let parsed = try HOCON.parse(text, environment: [:])
    #expect(parsed["api.api_server"]?.asString == "http://s.test:8008")
    #expect(parsed["api.credentials.secret_key"]?.asString == "the-secret-key")
    #expect(parsed["sdk.development.worker.x"]?.asInt == 1)
  }

  @Test("secrets of the settings are masked")
  func masking() throws {
    let setup = try setup(["agent": ["git_user": "me", "git_pass": "git-password"]])
    #expect(setup.masker.mask("the-secret-key git-password ACCESSKEY") == "**** **** ACCESSKEY")
  }

  @Test("tasks do not inherit what tells the agent its server, keys and passwords")
  func inheritedVariables() {
    let inherited = TaskVariables.inherited(from: [
      "PATH": "/bin", "CLEARML_API_SECRET_KEY": "x", "TRAINS_API_ACCESS_KEY": "x", "CLEARML_AGENT_GIT_PASS": "x",
      "CLEARML_AUTH_TOKEN": "x", "STINT_SECRET_KEY": "x", "CLEARML_DEFAULT_OUTPUT_URI": "s3://b", "PYTHONHOME": "/x",
    ])
    #expect(inherited == ["PATH": "/bin", "CLEARML_DEFAULT_OUTPUT_URI": "s3://b"])
  }

  @Test("git credentials go to the host that they are for, and to no other")
  func gitHosts() throws {
    let setup = try setup(["agent": ["git_user": "me", "git_pass": "git-password", "git_host": "git.test"]])
    #expect(setup.gitAccess.credentials(for: "https://git.test/a.git")?.password == "git-password")
    #expect(setup.gitAccess.credentials(for: "https://git.test:8443/a.git")?.user == "me")
    #expect(setup.gitAccess.credentials(for: "https://git.test.evil.test/a.git") == nil)
    #expect(setup.gitAccess.credentials(for: "https://evil.test/git.test") == nil)
  }

  @Test(
    "a task's identifier that could lead out of the cache gets no folder", arguments: ["", "../x", "a/b", ".", "a\0"])
  func hostileIdentifiers(task: String) {
    #expect(JobFolder(task: task, in: AgentHome(path: "/tmp/none")) == nil)
  }

  @Test("what a run leaves for a later agent comes back as it was, and is gone after the run")
  func jobFolder() async throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("stint-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: root) }
    let folder = try #require(JobFolder(task: "a1", in: AgentHome(path: root)))
    let record = RunRecord(worker: "w:cpu:0", server: "http://s.test", queue: "q", environment: "/venvs/x")
    try await folder.prepare(record)
    try folder.setShipped(Shipped(count: 42, lastTime: 1_700_000_000_000))
    try folder.say("one")
    try folder.say("two")
    #expect(folder.record == record)
    #expect(folder.shipped == Shipped(count: 42, lastTime: 1_700_000_000_000))
    #expect(Files.readText(folder.output) == "one\ntwo\n")
    let permissions = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
    #expect(permissions == 0o700)
    folder.remove()
    #expect(Files.names(in: root + "/tasks").isEmpty)
  }
}
