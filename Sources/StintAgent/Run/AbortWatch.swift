import Logging
import StintClient
import StintConfig
import StintModel
import StintRuntime
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
  /// The server has given the task to somebody else, or may do so.
  case leaseLost
  /// It took longer than its queue allows.
  case overLimit(AttemptEnd.Reason, String)

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
  let folder: JobFolder
  let claim: LeaseClaim?

  private var task: String { folder.task }
  private static let pollInterval = Duration.seconds(5)

  /// Returns when the task shall not go on.
  func interruption() async throws -> Interruption {
    do {
      return context.offers(.watch) ? try await watch() : try await poll()
    } catch let error as WireError where error.isAboutMissingTask {
      return .deleted
    } catch let error as WireError where error.isLostLease {
      return .leaseLost
    }
  }

  private func watch() async throws -> Interruption {
    var known = TaskStatus.inProgress
    var lease = folder.record?.lease
    while true {
      let asked = BootInstant.now
      let answer: Tasks.Ping.Response
      do {
        answer = try await context.client.call(
          Tasks.Ping.self,
          .init(
            task: task, waitMs: Int(LeaseGrant.pause(lease) / .milliseconds(1)), status: known.rawValue, lease: claim),
          timeout: .seconds(75))
      } catch let error as WireError where !error.isAboutMissingTask && !error.isLostLease {
        context.logger.warning("the server does not tell about task \(task): \(error)")
        try await Task.sleep(for: Self.pollInterval)
        continue
      }
      if let grant = answer.lease {
        lease = grant
        confirm(grant, asked)
      }
      known = answer.status.flatMap(TaskStatus.init) ?? known
      if let interruption = Interruption(status: known, message: answer.statusMessage ?? "") { return interruption }
      // A server that answers at once every time must not be asked all the time.
      if asked.elapsed < .milliseconds(200) { try await Task.sleep(for: .seconds(1)) }
    }
  }

  /// A full disk is no reason to look away: there may be room again before the job's time is over.
  private func confirm(_ grant: LeaseGrant, _ asked: BootInstant) {
    do {
      try JobLease(directory: folder.path).confirm(grant, asked: asked)
    } catch {
      context.logger.warning("\(error)")
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
