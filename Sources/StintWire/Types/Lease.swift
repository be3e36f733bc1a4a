import StintModel

/// Extension `leases`: how a worker claims a task. The worker makes up the identifier, so that asking once more after an
/// answer was lost gives the same task, not the next one.
package struct LeaseClaim: Codable, Sendable, Hashable {
  package var id: String
  package var worker: String

  package init(id: String, worker: String) {
    (self.id, self.worker) = (id, worker)
  }
}

/// Extension `leases`: what a worker was given. Only its holder may change the task's status, as long as it keeps telling
/// that it lives.
package struct LeaseGrant: Codable, Sendable, Hashable {
  package var id: String
  /// Which try at the task this is, from 1.
  package var attempt: Int
  /// How long the holder may be silent, in milliseconds; for ever where unset.
  package var durationMs: Int?
  /// How long the task may run, in milliseconds.
  package var runLimitMs: Int?
  /// How long the task may write nothing, in milliseconds.
  package var silenceLimitMs: Int?

  package init(
    id: String, attempt: Int, durationMs: Int? = nil, runLimitMs: Int? = nil, silenceLimitMs: Int? = nil
  ) {
    (self.id, self.attempt, self.durationMs) = (id, attempt, durationMs)
    (self.runLimitMs, self.silenceLimitMs) = (runLimitMs, silenceLimitMs)
  }
}
