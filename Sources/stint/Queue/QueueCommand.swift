import ArgumentParser
import StintWire

struct QueueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "List, show and create queues, and say what becomes of their tasks.",
    subcommands: [QueueList.self, QueueShow.self, QueueCreate.self, QueuePolicyCommand.self])
}

struct QueueList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Queues and what waits in them.")

  @OptionGroup var client: ClientFlags

  func run() async throws {
    let answer = try await Connection.withClient(client) {
      try await $0.call(Queues.GetAllEx.self, ["order_by": ["name"]])
    }
    let queues = answer["queues"]?.array ?? []
    client.show(.array(queues)) {
      var table = Table("NAME", "WAITING", "WORKERS", "ID")
      table.rows = queues.map {
        [
          $0.text("name"), String($0["entries"]?.array?.count ?? 0), String($0["workers"]?.array?.count ?? 0),
          $0.text("id"),
        ]
      }
      table.print()
    }
  }
}

struct QueueShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "What waits in a queue, in order.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The queue's name.") var name: String

  func run() async throws {
    let answer = try await Connection.withClient(client) {
      try await $0.call(Queues.GetAllEx.self, ["name": .string(name)])
    }
    guard let queue = answer["queues"]?.array?.first(where: { $0.text("name") == name }) else {
      throw CommandError("there is no queue \(name): see stint queue list")
    }
    client.show(queue) {
      var table = Table("POSITION", "TASK", "NAME", "WAITING SINCE")
      table.rows = (queue["entries"]?.array ?? []).enumerated().map { index, entry in
        [
          String(index + 1), entry["task"]?.string ?? entry.text("task", "id"), entry.text("task", "name"),
          entry.moment("added"),
        ]
      }
      table.print()
    }
  }
}

struct QueueCreate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a queue.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The queue's name, 3 characters or more.") var name: String

  func run() async throws {
    let answer = try await Connection.withClient(client) { try await $0.call(Queues.Create.self, .init(name: name)) }
    client.show(["id": .string(answer.id ?? "")]) { print(answer.id ?? "") }
  }
}
