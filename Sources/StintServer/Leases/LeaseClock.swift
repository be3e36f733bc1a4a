import Synchronization

/// When held leases end. It lives in memory, on a clock that nobody sets: after a restart of the server every holder has
/// its whole time again, so that a server that was away takes no task from anybody.
///
/// Transactions tell it what they do to leases. They run one after another, but hear in any order that they are durable.
/// So a lease's new time counts from the moment when it is written, which at worst gives a holder more of it, and its end
/// counts once it is durable, unless the task was given to somebody meanwhile.
package final class LeaseClock: Sendable {
  private struct Entry {
    let lease: String
    let deadline: ContinuousClock.Instant
    let number: UInt64
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var lastNumber: UInt64 = 0

    mutating func nextNumber() -> UInt64 {
      lastNumber += 1
      return lastNumber
    }
  }

  /// A point in the order of what was written about leases.
  struct Moment: Sendable {
    fileprivate let number: UInt64
  }

  /// A task whose holder was silent for too long.
  struct Expired: Sendable {
    let task: String
    let lease: String
  }

  private let state = Mutex(State())

  package init() {}

  /// The task's lease is held for so long from now on.
  func hold(_ lease: String, of task: String, for duration: Duration) {
    state.withLock { state in
      state.entries[task] = Entry(lease: lease, deadline: .now + duration, number: state.nextNumber())
    }
  }

  /// The point that everything written from now on is behind.
  var moment: Moment { state.withLock { Moment(number: $0.nextNumber()) } }

  /// Nothing ends the task's lease, or it has ended, as was written at `moment`.
  func rest(_ task: String, since moment: Moment) {
    state.withLock { state in
      guard let entry = state.entries[task], entry.number < moment.number else { return }
      state.entries[task] = nil
    }
  }

  /// The lease of a task whose time runs.
  func holder(of task: String) -> String? { state.withLock { $0.entries[task]?.lease } }

  /// Those whose time is over.
  func expired() -> [Expired] {
    let now = ContinuousClock.now
    return state.withLock { state in
      state.entries.filter { $0.value.deadline <= now }.map { Expired(task: $0.key, lease: $0.value.lease) }
    }
  }

  /// Whether nobody has told of the task meanwhile.
  func isStillOver(_ expired: Expired) -> Bool {
    state.withLock { state in
      guard let entry = state.entries[expired.task] else { return false }
      return entry.lease == expired.lease && entry.deadline <= .now
    }
  }
}
