import ArgumentParser
import StintWire

struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "List workers, and say what they take.",
    subcommands: [
      WorkerList.self, WorkerDrain.self, WorkerDisable.self, WorkerEnable.self, WorkerRename.self, WorkerTake.self,
      WorkerClean.self,
    ],
    defaultSubcommand: WorkerList.self)
}

struct WorkerList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Workers, what they serve and what they run.")

  @OptionGroup var client: ClientFlags

  func run() async throws {
    let answer = try await Connection.withClient(client) { try await $0.call(Workers.GetAll.self, .init()) }
    let workers = answer.workers ?? []
    client.show(.array(workers)) {
      var table = Table("WORKER", "STATE", "QUEUES", "TASK", "LAST SEEN")
      table.rows = workers.map {
        [
          $0.text("orders", "name").isEmpty ? $0.text("id") : $0.text("orders", "name"), $0.text("state", "name"),
          ($0["queues"]?.array ?? []).map { $0.text("name") }.joined(separator: ","),
          $0.text("task", "name"), $0.moment("last_activity_time"),
        ]
      }
      table.print()
    }
  }
}
