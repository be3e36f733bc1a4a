import StintClient
import StintConfig
import StintWire

/// Lays the settings that the server keeps for a task's owner, and for everybody, over the agent's own.
struct VaultOverlay {
  /// What the vaults set, the later ones over the earlier.
  private(set) var settings: ConfigValue = [:]

  /// What a user's own vault may set of the agent: how their code and packages are fetched. An administrator's vault for
  /// everybody may set anything but the server.
  private static let usersOwn: Set = [
    "git_user", "git_pass", "git_host", "git_credentials", "package_manager",
  ]

  /// - Throws: `HOCONError`.
  init(_ vaults: [Vault]) throws(HOCONError) {
    for vault in vaults {
      let config = try HOCON.parse(vault.data, file: "vault \(vault.description)", environment: [:])
      settings = settings.merging(.object(Self.allowed(config.asObject ?? ConfigObject(), vault.scope)))
    }
  }

  /// `setup` with the vaults' settings.
  func applied(to setup: AgentSetup) throws(SettingsError) -> AgentSetup {
    setup.with(try setup.settings.layered(settings, environment: setup.environment))
  }

  /// What must appear in no log: values whose names tell that they are secret, and all variables.
  var secrets: [String] { Self.secrets(in: settings, isSecret: false) }

  private static func allowed(_ config: ConfigObject, _ scope: VaultScope) -> ConfigObject {
    var allowed = config
    allowed["api"] = nil
    guard scope == .user else { return allowed }
    for key in config.keys where !["sdk", "environment", "files", "agent"].contains(key) { allowed[key] = nil }
    var agent = allowed["agent"]?.asObject ?? ConfigObject()
    for key in agent.keys where !usersOwn.contains(key) { agent[key] = nil }
    allowed["agent"] = agent.count == 0 ? nil : .object(agent)
    return allowed
  }

  private static func secrets(in value: ConfigValue, isSecret: Bool) -> [String] {
    switch value {
    case .object(let object):
      object.flatMap { name, value in
        secrets(in: value, isSecret: isSecret || name == "environment" || SecretMask.hides(name: name))
      }
    case .array(let elements): elements.flatMap { secrets(in: $0, isSecret: isSecret) }
    case .string(let text): isSecret ? [text] : []
    case .null, .bool, .number: []
    }
  }
}

extension TaskRun {
  /// This run with what the vaults set laid over what the agent is set up with.
  func withVaults() async throws -> TaskRun {
    guard context.offers(.vaults) else { return self }
    let answer = try await client.call(Users.GetVaults.self, .init(enabled: true, task: task, lease: claim))
    guard !answer.vaults.isEmpty else { return self }
    let overlay = try VaultOverlay(answer.vaults)
    var record = folder.record ?? runRecord
    record.secrets = overlay.secrets
    try folder.setRecord(record)
    var run = self
    run.context.setup = try overlay.applied(to: context.setup)
    return run
  }
}
