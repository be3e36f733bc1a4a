import Synchronization

/// When held leases end. It lives in memory, on a clock that nobody sets: after a restart of the server every holder has
/// its whole time again, so that a server that was away takes no task from anybody.
package final class LeaseClock: Sendable {
  private struct Entry {
    let lease: String
    let deadline: ContinuousClock.Instant
  }

  /// What a transaction did to a task's lease.
  enum Change: Sendable {
    /// It is held for so long from now on.
    case runs(lease: String, for: Duration)
    /// Nothing ends it, or it has ended.
    case rests
  }

  /// A task whose holder was silent for too long.
  struct Expired: Sendable {
    let task: String
    let lease: String
  }

  private let entries = Mutex<[String: Entry]>([:])

  package init() {}

  func apply(_ change: Change, to task: String) {
    entries.withLock { entries in
      switch change {
      case .runs(let lease, let duration): entries[task] = Entry(lease: lease, deadline: .now + duration)
      case .rests: entries[task] = nil
      }
    }
  }

  /// Those whose time is over.
  func expired() -> [Expired] {
    let now = ContinuousClock.now
    return entries.withLock { entries in
      entries.filter { $0.value.deadline <= now }.map { Expired(task: $0.key, lease: $0.value.lease) }
    }
  }
}
