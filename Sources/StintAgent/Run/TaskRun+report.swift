import Logging
import StintClient
import StintModel
import StintRuntime
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension TaskRun {
  /// Moves the task to its last state. Its log is with the server by now.
  /// - Throws: `CancellationError` where it was cancelled before the server had answered: the next agent tells it.
  func report(_ conclusion: Conclusion, patience: Duration?) async throws {
    let reason = masker.mask(conclusion.reason)
    do {
      switch conclusion.status {
      case .completed:
        _ = try await client.call(
          Tasks.Completed.self, .init(task: task, statusReason: reason, lease: claim, end: conclusion.end),
          patience: patience)
      case .stopped:
        _ = try await client.call(
          Tasks.Stopped.self,
          .init(
            task: task, force: true, statusReason: reason, statusMessage: reason, lease: claim, end: conclusion.end),
          patience: patience)
      case .failed:
        _ = try await client.call(
          Tasks.Failed.self,
          .init(
            task: task, force: true, statusReason: reason, statusMessage: reason, lease: claim, end: conclusion.end),
          patience: patience)
      default: await release()
      }
      logger.info("task \(task): \(conclusion.status?.rawValue ?? "left alone"), \(reason)")
    } catch is CancellationError {
      throw CancellationError()
    } catch let error as WireError where error.isLostLease {
      logger.warning("task \(task) is another worker's by now, so its end here (\(reason)) is not told")
    } catch {
      logger.error("the end of task \(task) (\(reason)) could not be reported: \(error)")
    }
  }

  /// Why the task shall stop, as whoever asked for it said.
  func reasonOfStop() async -> String? {
    let answer = try? await client.call(Tasks.GetByID.self, .init(task: task), patience: .seconds(10))
    guard let reason = answer?.task?["status_reason"]?.string, !reason.isEmpty else { return nil }
    return reason
  }

  /// Fails a task that could not even be claimed, so that it does not look as if it were running.
  func reportUnclaimed(_ error: any Error) async {
    if error is CancellationError || error is ClientError { return }
    folder.remove()
    if case AgentError.noTask = error { return }
    if let error = error as? WireError, error.isLostLease { return }
    let reason = String(masker.mask("\(error)").prefix(250))
    _ = try? await client.call(
      Tasks.Failed.self,
      .init(
        task: task, force: true, statusReason: reason, lease: claim,
        end: AttemptEnd((error as? FileError)?.isDiskFull == true ? .diskFull : .invalidTask)),
      patience: .seconds(10))
  }

  /// Tells which task this worker runs.
  func reportWorker(busy: Bool) async {
    guard context.setup.work.isMonitored else { return }
    let report = Workers.StatusReport.Request(
      worker: context.workerID, timestamp: Int(Date().timeIntervalSince1970 * 1000), task: busy ? task : nil,
      queue: busy ? queue : nil, tags: context.setup.tags(busy: busy))
    _ = try? await client.call(Workers.StatusReport.self, report, patience: .seconds(5))
  }
}
