import Logging
import StintClient
import StintWire

/// A registered worker, as `stint agent list` shows it.
package struct WorkerSummary: Codable, Sendable, Equatable {
  package var id: String
  /// Names of the queues it serves.
  package var queues: [String]
  /// The running task's identifier and name.
  package var task: String?
  package var taskName: String?
  /// When it was last heard of, ISO-8601.
  package var lastReport: String?

  init?(_ record: JSON) {
    guard let id = record["id"]?.string else { return nil }
    self.id = id
    queues = (record["queues"]?.array ?? []).compactMap { $0["name"]?.string ?? $0["id"]?.string }
    task = record["task"]?["id"]?.string
    taskName = record["task"]?["name"]?.string
    lastReport = record["last_report_time"]?.string ?? record["last_activity_time"]?.string
  }
}

/// The workers that a server knows.
package enum AgentList {
  /// All of them, by name.
  package static func workers(setup: AgentSetup, logger: Logger) async throws -> [WorkerSummary] {
    let client = setup.client(logger: logger)
    let answer: Result<Workers.GetAll.Response, any Error>
    do {
      answer = .success(try await client.call(Workers.GetAll.self, .init(), patience: .seconds(5)))
    } catch {
      answer = .failure(error)
    }
    await client.shutdown()
    return try (answer.get().workers ?? []).compactMap(WorkerSummary.init).sorted { $0.id < $1.id }
  }
}
