import ArgumentParser

/// The version of this build.
let stintVersion = "0.1.0"

struct Stint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stint",
    abstract: "Turns machines into an ML compute cluster that ClearML clients can use as it is.",
    version: stintVersion,
    groupedSubcommands: [
      CommandGroup(name: "Run a cluster:", subcommands: [UpCommand.self, ServerCommand.self, AgentCommand.self]),
      CommandGroup(
        name: "Look and act:",
        subcommands: [TaskCommand.self, QueueCommand.self, WorkerCommand.self, UserCommand.self, VaultCommand.self]),
    ])
}

extension Stint {
  /// Runs the command that `arguments` name and ends the process where it fails.
  static func runToExit(_ arguments: [String]) async {
    do {
      var command = try parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      exit(withError: error)
    }
  }
}
