import ArgumentParser

/// What clearml-agent's command line has and this one does not, each with the reason: the one place for that.
struct ClearMLArguments: ParsableArguments {
  @Argument(parsing: .allUnrecognized, help: .hidden) var others: [String] = []

  private static let reasons: [String: String] = [
    "--docker": "containers cannot be used yet; tasks run in environments of their own on the machine",
    "--podman": "containers cannot be used yet; tasks run in environments of their own on the machine",
    "--dynamic-gpus": "GPUs cannot be shared out yet; start one agent for each, with CUDA_VISIBLE_DEVICES set",
    "--services-mode": "an agent runs one task at a time; start an agent for each that shall run beside others",
    "--use-owner-token": "where the server issues them, tasks have credentials of their owner anyway",
    "--install-globally": "packages are never put into the machine's own interpreter",
    "--force-docker": "containers cannot be used yet; tasks run in environments of their own on the machine",
    "--entry-point": "it is about containers; run.sh in the target folder starts the task",
    "--check-bootstrap": "there is nothing to be updated but the one binary",
    "--force-current-version": "an agent never changes its own version",
  ]

  /// The words that are no flags, where `areAllowed`; refuses everything else.
  func words(areAllowed: Bool = false) throws -> [String] {
    for argument in others where argument.hasPrefix("-") {
      let name = String(argument.prefix { $0 != "=" })
      guard let reason = Self.reasons[name] else { throw ValidationError("Unknown option '\(name)'") }
      throw ValidationError("\(name) is not supported: \(reason).")
    }
    if !areAllowed, let word = others.first { throw ValidationError("Unexpected argument '\(word)'") }
    return others
  }
}

/// `clearml-agent install-bootstrap`, which is refused by name.
struct AgentInstallBootstrapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "install-bootstrap", abstract: "", shouldDisplay: false)

  @Argument(parsing: .allUnrecognized, help: .hidden) var others: [String] = []

  func validate() throws {
    throw ValidationError("install-bootstrap is not needed: this agent is one file, and containers need nothing of it.")
  }
}
