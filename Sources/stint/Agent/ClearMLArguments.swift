import ArgumentParser

/// What clearml-agent's command line has and this one does not, each with the reason: the one place for that.
struct ClearMLArguments: ParsableArguments {
  @Argument(parsing: .allUnrecognized, help: .hidden) var others: [String] = []

  private static let reasons: [String: String] = [
    "--docker": "containers cannot be used yet; tasks run in environments of their own on the machine",
    "--podman": "containers cannot be used yet; tasks run in environments of their own on the machine",
    "--dynamic-gpus": "GPUs cannot be shared out yet; start one agent for each, with CUDA_VISIBLE_DEVICES set",
    "--services-mode": "an agent runs one task at a time; start an agent for each that shall run beside others",
    "--standalone-mode": "tasks need the network to get their code and packages",
    "--uptime": "an agent serves its queues all the time; start and stop it with a timer instead",
    "--downtime": "an agent serves its queues all the time; start and stop it with a timer instead",
    "--child-report-tags": "tags cannot be set for tasks that a task makes",
    "--use-owner-token": "tasks run with the agent's own credentials",
    "--disable-monitoring": "a task's output is always sent to the server",
    "--check-bootstrap": "there is nothing to be updated but the one binary",
    "--force-current-version": "an agent never changes its own version",
    "-O": "Python is started without optimisation; set PYTHONOPTIMIZE for the agent instead",
  ]

  /// The words that are no flags, where `areAllowed`; refuses everything else.
  func words(areAllowed: Bool = false) throws -> [String] {
    for argument in others where argument.hasPrefix("-") {
      let name = String(argument.prefix { $0 != "=" })
      guard let reason = Self.reasons[name] else { throw ValidationError("Unknown option '\(name)'") }
      throw ValidationError("\(name) is not supported yet: \(reason).")
    }
    if !areAllowed, let word = others.first { throw ValidationError("Unexpected argument '\(word)'") }
    return others
  }
}

/// `clearml-agent build`, which is refused by name.
struct AgentBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "build", abstract: "", shouldDisplay: false)

  @Argument(parsing: .allUnrecognized, help: .hidden) var others: [String] = []

  func validate() throws {
    throw ValidationError(
      "build is not supported yet: `stint agent execute --id TASK --dry-run` shows what would be built.")
  }
}
