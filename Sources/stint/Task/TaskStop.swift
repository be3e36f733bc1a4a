import ArgumentParser
import StintWire

struct TaskStop: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "stop", abstract: "Stop a task that waits or runs.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The task's identifier.") var id: String
  @Option(help: "Why, for the task's record.") var reason = "stopped from the command line"

  func run() async throws {
    let answer = try await Connection.withClient(client) {
      try await $0.call(Tasks.Stop.self, .init(task: id, statusReason: reason))
    }
    client.show(["updated": .int(Int64(answer.updated))]) { print("\(id) is told to stop") }
  }
}
