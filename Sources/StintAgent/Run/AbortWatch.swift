import Logging
import StintClient
import StintConfig
import StintModel
import StintWire

/// Why a task shall not go on.
enum Interruption: Sendable, Equatable {
  /// Somebody asked for it to be stopped.
  case aborted
  /// The agent was told to end and to take its tasks with it.
  case agentStopped
  /// Its record went to another state behind our back: reset, enqueued again, failed by its own code.
  case changed(TaskStatus)
  /// There is no such task any more.
  case deleted

  /// What a task's state means for its run; nil: go on.
  init?(status: TaskStatus, message: String) {
    switch status {
    case .inProgress where message == "stopping": self = .aborted
    case .stopped: self = .aborted
    case .created, .queued, .failed, .closed, .published: self = .changed(status)
    // Code may report that it has completed before its process ends.
    case .inProgress, .completed, .publishing, .unknown: return nil
    }
  }
}

/// Tells the server that a task is alive, and notices when it shall stop.
struct AbortWatch: Sendable {
  let context: AgentContext
  let task: String

  private static let longPoll = 50_000
  private static let pollInterval = Duration.seconds(5)

  /// Returns when the task shall not go on.
  func interruption() async throws -> Interruption {
    do {
      return context.offers(.watch) ? try await watch() : try await poll()
    } catch let error as WireError where error.isAboutMissingTask {
      return .deleted
    }
  }

  private func watch() async throws -> Interruption {
    var known = TaskStatus.inProgress
    while true {
      let asked = ContinuousClock.now
      let answer: Tasks.Ping.Response
      do {
        answer = try await context.client.call(
          Tasks.Ping.self, .init(task: task, waitMs: Self.longPoll, status: known.rawValue), timeout: .seconds(75))
      } catch let error as WireError where !error.isAboutMissingTask {
        context.logger.warning("the server does not tell about task \(task): \(error)")
        try await Task.sleep(for: Self.pollInterval)
        continue
      }
      known = answer.status.flatMap(TaskStatus.init) ?? known
      if let interruption = Interruption(status: known, message: answer.statusMessage ?? "") { return interruption }
      // A server that answers at once every time must not be asked all the time.
      if asked.duration(to: .now) < .milliseconds(200) { try await Task.sleep(for: .seconds(1)) }
    }
  }

  private func poll() async throws -> Interruption {
    var lastPing = ContinuousClock.now
    while true {
      try await Task.sleep(for: Self.pollInterval)
      if lastPing.duration(to: .now) >= context.setup.settings.intervals.taskPing {
        lastPing = .now
        _ = try? await context.client.call(Tasks.Ping.self, .init(task: task), patience: .zero)
      }
      let answer: JSON
      do {
        answer = try await context.client.call(
          Tasks.GetAll.self,
          ["id": [.string(task)], "only_fields": ["status", "status_message"], "search_hidden": true])
      } catch let error as WireError {
        context.logger.warning("the server does not tell about task \(task): \(error)")
        continue
      }
      guard let record = answer["tasks"]?.array?.first else { return .deleted }
      let status = record["status"]?.string.flatMap(TaskStatus.init) ?? .unknown
      let message = record["status_message"]?.string ?? ""
      if let interruption = Interruption(status: status, message: message) { return interruption }
    }
  }
}

extension WireError {
  /// Whether the task that was asked about does not exist.
  var isAboutMissingTask: Bool { self.is(.invalidTaskID) || self.is(.taskNotFound) }
}
