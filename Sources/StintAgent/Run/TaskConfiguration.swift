import StintConfig

/// The configuration file that a task's own ClearML package reads: the server, the means to log in, and the `sdk`
/// section. Nothing of the agent's own, such as git passwords.
enum TaskConfiguration {
  /// `hasOwnToken`: the task is given a token of its own in its environment, so that the agent's key stays with the agent.
  /// Of `inputs`, which are here already, the package takes what is here.
  static func text(for setup: AgentSetup, hasOwnToken: Bool, inputs: [TaskInputs.Placed] = []) -> String {
    var api: ConfigValue = ["api_server": .string(setup.connection.server)]
    if let web = setup.settings.api.web { api = api.merging(["web_server": .string(web)]) }
    if let files = setup.settings.api.files { api = api.merging(["files_server": .string(files)]) }
    switch setup.connection.credentials {
    case _ where hasOwnToken: break
    case .key(let access, let secret):
      api = api.merging(["credentials": ["access_key": .string(access), "secret_key": .string(secret.reveal())]])
    case .token(let token): api = api.merging(["auth": ["token": .string(token.reveal())]])
    }
    switch setup.settings.api.certificateCheck {
    case .system: break
    case .authority(let file): api = api.merging(["verify_certificate": .string(file)])
    case .off: api = api.merging(["verify_certificate": false])
    }
    var sdk = ConfigValue.object(setup.settings.sdk)
    if !inputs.isEmpty {
      let known = sdk["storage.path_substitution"]?.asArray ?? []
      let placed = inputs.map { input -> ConfigValue in
        ["registered_prefix": .string(input.url), "local_prefix": .string("file://\(input.path)")]
      }
      sdk = sdk.merging(["storage": ["path_substitution": .array(placed + known)]])
    }
    let whole: ConfigValue = ["api": api, "sdk": sdk]
    return whole.rendered()
  }
}

/// Which of the agent's variables its tasks see.
enum TaskVariables {
  /// What tells the agent who it is, where its server is, and what its passwords are: tasks get a file instead.
  private static let withheld = ["API_", "AGENT_", "AUTH_", "WEB_HOST", "FILES_HOST", "CONFIG_FILE", "WORKER_"]

  /// What belongs to the agent's own Python and to its cache of packages.
  private static let ours: Set = [
    "PYTHONHOME", "VIRTUAL_ENV", "UV_CACHE_DIR", "UV_PYTHON_CACHE_DIR", "UV_PYTHON_INSTALL_DIR",
  ]

  static func inherited(from environment: [String: String]) -> [String: String] {
    environment.filter { name, _ in
      if name.hasPrefix("STINT_") || ours.contains(name) { return false }
      guard let prefix = ["CLEARML_", "TRAINS_"].first(where: name.hasPrefix) else { return true }
      return !withheld.contains(where: name.dropFirst(prefix.count).hasPrefix)
    }
  }
}
