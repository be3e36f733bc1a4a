import ArgumentParser
import StintModel
import StintWire

struct TaskList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Tasks, the last changed first.")

  @OptionGroup var client: ClientFlags
  @Option(help: "Only tasks in this state: created, queued, in_progress, completed, failed, stopped, …")
  var status: [TaskStatus] = []
  @Option(help: "Only tasks whose name matches this regular expression.") var name: String?
  @Option(help: "How many at most.") var limit = 50

  func validate() throws {
    guard 1...500 ~= limit else { throw ValidationError("--limit is from 1 to 500") }
  }

  func run() async throws {
    var request: JSON = [
      "order_by": ["-last_update"], "page": 0, "page_size": .int(Int64(limit)),
      "only_fields": ["id", "name", "type", "status", "project.name", "last_update", "last_worker", "last_iteration"],
    ]
    if !status.isEmpty { request["status"] = .array(status.map { .string($0.rawValue) }) }
    if let name { request["name"] = .string(name) }
    let answer = try await Connection.withClient(client) { try await $0.call(Tasks.GetAllEx.self, request) }
    let tasks = answer["tasks"]?.array ?? []
    client.show(.array(tasks)) {
      var table = Table("ID", "STATUS", "NAME", "PROJECT", "UPDATED", "WORKER")
      table.rows = tasks.map {
        [
          $0.text("id"), $0.text("status"), $0.text("name"), $0.text("project", "name"), $0.moment("last_update"),
          $0.text("last_worker"),
        ]
      }
      table.print()
    }
  }
}

extension TaskStatus: ExpressibleByArgument {}
