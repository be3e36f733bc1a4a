import ArgumentParser
import StintWire

struct TaskShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "One task's record.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The task's identifier.") var id: String

  func run() async throws {
    let answer = try await Connection.withClient(client) { try await $0.call(Tasks.GetByID.self, .init(task: id)) }
    let task = answer.task ?? [:]
    client.show(task) {
      for (label, value) in lines(of: task) where !value.isEmpty {
        print(label + String(repeating: " ", count: max(1, 14 - label.count)) + value)
      }
    }
  }

  private func lines(of task: JSON) -> [(String, String)] {
    [
      ("id", task.text("id")), ("name", task.text("name")), ("type", task.text("type")),
      ("status", task.text("status")), ("reason", task.text("status_reason")), ("message", task.text("status_message")),
      ("created", task.moment("created")), ("started", task.moment("started")),
      ("completed", task.moment("completed")), ("worker", task.text("last_worker")),
      ("queue", task.text("execution", "queue")), ("iteration", task.text("last_iteration")),
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
