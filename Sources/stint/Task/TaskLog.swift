import ArgumentParser
import StintModel
import StintWire

struct TaskLog: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Print a task's console output.",
    discussion: "With --json: one event a line.")

  @OptionGroup var client: ClientFlags
  @Argument(help: "The task's identifier.") var id: String
  @Flag(name: [.short, .long], help: "Go on until the task ends; exit with 1 if it did not complete.")
  var follow = false

  func run() async throws {
    let status = try await Connection.withClient(client) { try await print(from: $0) }
    if follow, status != .completed, status != .published { throw ExitCode(1) }
  }

  /// Prints what there is, and what comes while the task runs.
  private func print(from client: ImpatientClient) async throws -> TaskStatus? {
    var scroll: String?
    while true {
      // The status is read before the log, so that a log read after the end is whole.
      let status = try await client.call(Tasks.GetByID.self, .init(task: id)).task?.decode(TaskRecord.self).status
      var page = 0
      repeat {
        let answer = try await client.call(
          Events.GetTaskEvents.self,
          .init(task: id, order: "asc", scrollId: scroll, batchSize: 1000, eventType: "log"))
        page = answer.events?.count ?? 0
        scroll = answer.scrollId ?? scroll
        for event in answer.events ?? [] { write(event) }
      } while page > 0
      guard follow, let status, !status.isFinal else { return status }
      try await Task.sleep(for: .milliseconds(300))
    }
  }

  private func write(_ event: JSON) {
    if client.json {
      Swift.print(event.text)
    } else {
      let message = event.text("msg")
      Swift.print(message, terminator: message.hasSuffix("\n") ? "" : "\n")
    }
    flushOutput()
  }
}
