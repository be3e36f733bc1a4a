/// What a queue does about tasks that do not end well. An empty policy is the default.
package struct QueuePolicy: Codable, Sendable, Hashable {
  /// What becomes of a task whose worker was lost.
  package enum OnLoss: String, Codable, Sendable, CaseIterable {
    /// It goes back to the head of its queue.
    case requeue
    /// It fails.
    case fail
    /// It stays as it is until its worker comes back or somebody decides.
    case hold
  }

  package var onLoss: OnLoss?
  /// How many workers a task may lose before it fails; 3 where unset.
  package var maxAttempts: Int?
  /// How long a worker may be silent before it counts as lost, in seconds; the server's setting where unset.
  package var leaseSeconds: Int?
  /// How often a task that failed is tried again; 0 where unset.
  package var retries: Int?
  /// The pause before the first retry, in seconds; it doubles with each, up to an hour. 10 where unset.
  package var retryDelaySeconds: Int?
  /// The exit codes that are retried; all where unset.
  package var retryExitCodes: [Int]?
  /// How long a task may wait in the queue, in seconds.
  package var queueLimitSeconds: Int?
  /// How long a task may run, in seconds.
  package var runLimitSeconds: Int?
  /// How long a task may write nothing, in seconds.
  package var silenceLimitSeconds: Int?

  package init() {}
}

extension QueuePolicy {
  /// What follows an attempt.
  package enum Verdict: Sendable, Hashable {
    /// The task has ended.
    case end
    /// It goes back to the head of its queue, and may be taken after so many seconds.
    case requeue(afterSeconds: Int)
  }

  /// What follows when an attempt ended. The counts include this attempt.
  package func verdict(after end: AttemptEnd, losses: Int, failures: Int) -> Verdict {
    if end.reason.isLoss {
      return onLoss == .fail || losses >= maxAttempts ?? 3 ? .end : .requeue(afterSeconds: 0)
    }
    guard end.reason.isWorthRetrying, failures <= retries ?? 0 else { return .end }
    if end.reason == .exitCode, let retryExitCodes, !retryExitCodes.contains(end.exitCode ?? 0) { return .end }
    let doubled = Double(retryDelaySeconds ?? 10) * Double(1 << min(max(0, failures - 1), 20))
    return .requeue(afterSeconds: Int(min(doubled, 3600)))
  }
}
