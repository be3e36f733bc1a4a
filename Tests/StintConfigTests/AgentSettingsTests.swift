import Testing

@testable import StintConfig

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Agent settings")
struct AgentSettingsTests {
  private func settings(_ document: String, _ environment: [String: String] = [:]) throws -> AgentSettings {
    let raw = try EnvironmentLayer(environment: environment).applied(
      to: try HOCON.parse(document, environment: environment))
    return try AgentSettings(raw: raw, file: "clearml.conf", environment: environment)
  }

  @Test("a whole configuration is understood")
  func sample() throws {
    let settings = try settings(SampleConfig.text, ["HOME": "/home/me", "CACHE_ROOT": "/cache"])
    let connection = try settings.connection()
    #expect(connection.server == "http://localhost:8008")
    #expect(connection.credentials == .key(access: "ACCESS", secret: Secret("SECRET")))
    #expect(settings.api.web == "http://localhost:8080")
    #expect(settings.api.files == "http://localhost:8081")
    #expect(settings.api.certificateCheck == .system)
    #expect(settings.worker.id == nil)
    #expect(settings.worker.name == "gpu-box")
    #expect(settings.git.user == "bob")
    #expect(settings.git.password == Secret("git-token"))
    #expect(settings.git.fetchArguments == ["--all", "--tags"])
    #expect(settings.git.extraCredentials == [.init(host: "git.example.com", user: "eve", password: Secret("other"))])
    #expect(settings.python.binary == nil)
    #expect(settings.packages.manager == .pip)
    #expect(settings.packages.pipVersion.count == 2)
    #expect(settings.packages.extraIndexURLs.last == "https://packages.example.org/simple")
    #expect(settings.packages.priorityPackages == ["numpy"])
    #expect(settings.packages.condaChannels == ["conda-forge", "defaults"])
    #expect(settings.caches.environments == "/home/me/.clearml/venvs-builds")
    #expect(settings.caches.environmentCache == "/cache/venvs")
    #expect(settings.caches.environmentCacheLimit == 5)
    #expect(settings.caches.environmentCacheFreeGB == 2)
    #expect(settings.caches.repositories == "/home/me/.clearml/vcs-cache")
    #expect(settings.caches.downloads == nil)
    #expect(settings.docker.image == "python:3.12-slim")
    #expect(settings.docker.arguments == ["--shm-size", "8g", "-e", "A=b c"])
    #expect(settings.docker.extraArguments == ["--ipc=host", "-e", "A_TOKEN=abc"])
    #expect(settings.docker.matchRules.first?["match.script.binary"] == "python3\\.10$")
    #expect(settings.docker.hiddenVariables == ["MY_KEY"])
    #expect(settings.docker.initScript?.first == "echo 'Keep \"true\";' > /etc/x")
    #expect(settings.uptime == ["17-20 SUN,TUE"])
    #expect(settings.cudaVersion == "12.10")
    #expect(settings.intervals.logReport == .seconds(3))
    #expect(settings.environment == ["OMP_NUM_THREADS": "4", "GREETING": "a b", "EMPTY": ""])
    #expect(settings.files?["note"]?["contents"] == "hello")
    #expect(settings.raw["sdk.storage.cache.size.min_free_bytes"]?.asBytes == 10_000_000_000)
  }

  @Test("without a configuration the defaults hold")
  func defaults() throws {
    let settings = try settings("", ["HOME": "/home/me"])
    #expect(settings.packages.manager == nil)
    #expect(settings.caches.environmentCache == "/home/me/.clearml/venvs-cache")
    #expect(settings.caches.downloads == "/home/me/.clearml/pip-download-cache")
    #expect(settings.intervals.polling == .seconds(5))
    #expect(settings.docker.forbiddenArguments == ["entrypoint"])
    #expect(settings.git.translatesSSH)
  }

  @Test("caches can be turned off")
  func cachesOff() throws {
    #expect(try settings("agent.venvs_cache.path: \"\"").caches.environmentCache == nil)
    #expect(try settings("agent.venvs_cache.max_entries: 0").caches.environmentCache == nil)
    #expect(try settings("agent.vcs_cache.enabled: no").caches.repositories == nil)
    #expect(try settings("agent.venvs_cache.free_space_threshold_gb: -1").caches.environmentCacheFreeGB == nil)
  }

  @Test("the certificate check takes a boolean or a file")
  func certificate() throws {
    #expect(try settings("api.verify_certificate: False").api.certificateCheck == .off)
    #expect(try settings("", ["CLEARML_API_HOST_VERIFY_CERT": "0"]).api.certificateCheck == .off)
    #expect(
      try settings("api.verify_certificate: ~/ca.pem", ["HOME": "/h"]).api.certificateCheck
        == .authority(file: "/h/ca.pem"))
    #expect(throws: SettingsError.self) { try settings("api.verify_certificate: [a]") }
  }

  @Test("the older name of the server's address still counts")
  func olderAddress() throws {
    #expect(try settings("api.host: \"http://old:8008//\"").api.server == "http://old:8008")
    #expect(try settings("api { host: old, api_server: new }").api.server == "new")
  }

  @Test(
    "a value of the wrong type is an error that names the setting",
    arguments: [
      ("agent.venvs_cache.max_entries: lots", "agent.venvs_cache.max_entries", "\"lots\""),
      ("agent.package_manager.type: npm", "agent.package_manager.type", "\"npm\""),
      ("agent.package_manager.extra_index_url: {a: 1}", "agent.package_manager.extra_index_url", "an object"),
      ("agent.reload_config: [true]", "agent.reload_config", "a list"),
      ("agent.polling_interval_sec: 0", "agent.polling_interval_sec", "\"0\""),
      ("agent.task_ping_interval_sec: soon", "agent.task_ping_interval_sec", "\"soon\""),
      ("agent.git.extra_credentials: [{user: u, pass: hunter2}]", "agent.git.extra_credentials", "a list"),
      ("environment.A: [1]", "environment.A", "a list"),
      ("sdk: 5", "sdk", "\"5\""),
    ])
  func wrongTypes(document: String, path: String, found: String) throws {
    let error = try #require(throws: SettingsError.self) { try settings(document) }
    guard case .wrongType(path, _, found) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(error.description.contains(path) && !error.description.contains("hunter2"))
  }

  @Test("missing credentials say what is missing, where it was looked for, and what to do")
  func missingCredentials() throws {
    let noServer = try settings("")
    #expect(throws: SettingsError.self) { try noServer.connection() }

    let noKeys = try AgentSettings.load(environment: ["HOME": "/no/such/home", "CLEARML_API_HOST": "http://s"])
    let error = try #require(throws: SettingsError.self) { try noKeys.connection() }
    for part in [
      "access key and secret key", "/no/such/home/clearml.conf (which does not exist)", "CLEARML_API_SECRET_KEY",
    ] {
      #expect(error.description.contains(part), "\(error)")
    }

    let noSecret = try settings("api { api_server: s, credentials.access_key: a }")
    let halfError = try #require(throws: SettingsError.self) { try noSecret.connection() }
    #expect(halfError.description.hasPrefix("No secret key is set"))
  }

  @Test("a token is enough, and comes before keys")
  func token() throws {
    let settings = try settings(SampleConfig.text, ["CACHE_ROOT": "/c", "CLEARML_AUTH_TOKEN": "tok"])
    #expect(try settings.connection().credentials == .token(Secret("tok")))
  }

  @Test("settings in a log hold no secret")
  func dumped() throws {
    let settings = try settings(SampleConfig.text, ["HOME": "/h", "CACHE_ROOT": "/c"])
    var text = "\(settings.api) \(settings.git)"
    dump(settings.api, to: &text)
    dump(settings.git, to: &text)
    #expect(!text.contains("SECRET") && !text.contains("git-token") && !text.contains("other"))
  }
}

@Suite("Configuration file")
struct SettingsFileTests {
  @Test("the command line comes before the environment, and that before the home folder")
  func precedence() throws {
    try withTemporaryFolder { folder in
      for name in ["flag", "new", "old", "clearml"] {
        try "agent.worker_name: \(name)".write(toFile: "\(folder)/\(name).conf", atomically: true, encoding: .utf8)
      }
      var environment = ["HOME": folder]
      #expect(try AgentSettings.load(environment: environment).worker.name == "clearml")
      environment["TRAINS_CONFIG_FILE"] = "~/old.conf"
      #expect(try AgentSettings.load(environment: environment).worker.name == "old")
      environment["CLEARML_CONFIG_FILE"] = "$HOME/new.conf"
      #expect(try AgentSettings.load(environment: environment).worker.name == "new")
      let settings = try AgentSettings.load(configFile: "${HOME}/flag.conf", environment: environment)
      #expect(settings.worker.name == "flag")
      #expect(settings.file == "\(folder)/flag.conf" && settings.isFilePresent)
    }
  }

  @Test("a missing file is an error only where the command line names it")
  func missing() throws {
    let environment = ["HOME": "/no/such/home", "CLEARML_CONFIG_FILE": "/no/such/file"]
    #expect(try !AgentSettings.load(environment: environment).isFilePresent)
    #expect(throws: SettingsError.noSuchFile("/no/such/flag")) {
      try AgentSettings.load(configFile: "/no/such/flag", environment: environment)
    }
  }

  @Test("a file that cannot be used says why")
  func unusable() throws {
    try withTemporaryFolder { folder in
      let folderError = try #require(throws: SettingsError.self) {
        try AgentSettings.load(configFile: folder, environment: [:])
      }
      #expect(folderError.description.contains("directory"))

      try Data([0x61, 0x3A, 0xFF, 0xFE]).write(to: URL(filePath: "\(folder)/bytes"))
      let encodingError = try #require(throws: SettingsError.self) {
        try AgentSettings.load(configFile: "\(folder)/bytes", environment: [:])
      }
      #expect(encodingError.description.contains("UTF-8"))

      try "a: 1\nb: [".write(toFile: "\(folder)/broken", atomically: true, encoding: .utf8)
      let syntaxError = try #require(throws: SettingsError.self) {
        try AgentSettings.load(configFile: "\(folder)/broken", environment: [:])
      }
      #expect(syntaxError.description.contains("\(folder)/broken:2:5: "))

      try "[1]".write(toFile: "\(folder)/list", atomically: true, encoding: .utf8)
      #expect(throws: SettingsError.self) { try AgentSettings.load(configFile: "\(folder)/list", environment: [:]) }
    }
  }

  private func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "stint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }
}
