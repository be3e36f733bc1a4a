import ArgumentParser
import StintWire

struct TaskShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "One task's record.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The task's identifier.") var id: String

  func run() async throws {
    let (task, queue) = try await Connection.withClient(client) { client in
      let task = try await client.call(Tasks.GetByID.self, .init(task: id)).task ?? [:]
      let queue = task.text("execution", "queue")
      // It may be gone by now.
      let name =
        queue.isEmpty ? nil : try? await client.call(Queues.GetByID.self, .init(queue: queue)).queue?.text("name")
      return (task, name ?? queue)
    }
    client.show(task) {
      for (label, value) in lines(of: task, queue: queue) where !value.isEmpty {
        print(label + String(repeating: " ", count: max(1, 14 - label.count)) + value)
      }
    }
  }

  private func lines(of task: JSON, queue: String) -> [(String, String)] {
    [
      ("id", task.text("id")), ("name", task.text("name")), ("type", task.text("type")),
      ("status", task.text("status")), ("reason", task.text("status_reason")), ("message", task.text("status_message")),
      ("created", task.moment("created")), ("started", task.moment("started")),
      ("completed", task.moment("completed")), ("worker", task.text("last_worker")),
      ("queue", queue), ("iteration", task.text("last_iteration")),
      ("repository", task.text("script", "repository")), ("branch", task.text("script", "branch")),
      ("commit", task.text("script", "version_num")), ("entry point", task.text("script", "entry_point")),
    ] + metrics(of: task)
  }

  private func metrics(of task: JSON) -> [(String, String)] {
    (task["last_metrics"]?.object ?? [:]).values
      .flatMap { ($0.object ?? [:]).values }
      .map { ("metric", "\($0.text("metric"))/\($0.text("variant")) = \($0.text("value"))") }
      .sorted { $0.1 < $1.1 }
  }
}
