import ArgumentParser
import StintWire

struct TaskEnqueue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "enqueue", abstract: "Put a task into a queue.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The task's identifier.") var id: String
  @Option(help: "The queue's name.") var queue = "default"

  func run() async throws {
    let answer = try await Connection.withClient(client) { api in
      try await api.requireQueue(queue)
      return try await api.call(Tasks.Enqueue.self, .init(task: id, queueName: queue))
    }
    client.show(["queued": .int(Int64(answer.queued ?? 0))]) { print("\(id) waits in \(queue)") }
  }
}
