import StintModel
import StintWire
import Testing

@testable import StintAgent

@Suite struct ExecuteCheckTests {
  private let now = Timestamp.now

  private func refusal(_ status: TaskStatus, worker: String? = nil, age: Int = 0, requiresQueue: Bool = false) throws
    -> AgentError?
  {
    var record: JSON = ["id": "t", "status": .string(status.rawValue)]
    record["last_worker"] = worker.map { .string($0) }
    record["last_update"] = .string(now.advanced(bySeconds: -age).text)
    return ExecuteCheck.refusal(
      of: try record.decode(), worker: "mine", requiresQueue: requiresQueue, now: now)
  }

  @Test(
    "a task that waits, failed or was stopped may run", arguments: [TaskStatus.created, .queued, .failed, .stopped])
  func open(status: TaskStatus) throws {
    #expect(try refusal(status, worker: "other") == nil)
  }

  @Test(
    "a task whose results would be overwritten may not run",
    arguments: [TaskStatus.completed, .published, .closed])
  func over(status: TaskStatus) throws {
    #expect(try refusal(status) == .isOver(task: "t", status: status.rawValue))
  }

  @Test("a task in progress may run only where its worker is this one, or silent for two minutes")
  func inProgress() throws {
    #expect(try refusal(.inProgress, worker: "other", age: 60) == .runsElsewhere(task: "t", worker: "other"))
    #expect(try refusal(.inProgress, worker: "other", age: 180) == nil)
    #expect(try refusal(.inProgress, worker: "mine") == nil)
    #expect(try refusal(.inProgress) == nil)
  }

  @Test("where a queue is required, only a queued task may run")
  func queued() throws {
    #expect(try refusal(.queued, requiresQueue: true) == nil)
    #expect(try refusal(.created, requiresQueue: true) == .notQueued(task: "t", status: "created"))
  }
}
