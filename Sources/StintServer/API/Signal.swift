import Synchronization

/// The long poll's bell: wakes those who wait for a change of something named by a key.
///
/// Thousands of agents wait at once. So a waiting caller is little more than a continuation, and one task keeps the time
/// for all of them.
package final class Signal: Sendable {
  /// Who is woken by a ring.
  package enum Audience: Sendable {
    /// The one who has waited longest: for changes that only one can use.
    case one
    case all
  }

  /// Why a caller goes on.
  fileprivate enum Wake: Sendable {
    case rung
    /// The time is over, or the server stops.
    case over
    case cancelled
  }

  fileprivate struct Waiter {
    let keys: [String]
    let deadline: ContinuousClock.Instant
    var isRung = false
    /// Nil while it looks.
    var continuation: CheckedContinuation<Wake, Never>?
  }

  fileprivate struct State {
    var nextID: UInt64 = 0
    var waiters: [UInt64: Waiter] = [:]
    /// The waiters of each key, longest waiting first.
    var byKey: [String: [UInt64]] = [:]
    var isClosed = false
    /// Keeps the time until `alarm`, and then looks whose is over.
    var clock: Task<Void, Never>?
    var alarm: ContinuousClock.Instant?
  }

  private let state = Mutex(State())

  package init() {}

  /// Wakes who waits for `key`.
  package func ring(_ key: String, _ audience: Audience) {
    let woken = state.withLock { state -> [CheckedContinuation<Wake, Never>] in
      let waiting = state.byKey[key] ?? []
      let woken = audience == .one ? Array(waiting.prefix(1)) : waiting
      // A woken waiter goes to the end, so that the next ring wakes another.
      state.byKey[key] = waiting.dropFirst(woken.count) + woken
      return woken.compactMap { state.ring($0) }
    }
    for continuation in woken { continuation.resume(returning: .rung) }
  }

  /// Calls `look` until it finds something or `limit` has passed: at once, whenever one of `keys` rings, and once more
  /// at the end. A ring that reaches a caller who is gone is passed on.
  package func poll<Found: Sendable>(
    _ keys: [String], upTo limit: Duration, look: @escaping @Sendable () async throws -> Found?
  ) async throws -> Found? {
    let id = add(keys, until: .now + limit)
    defer { remove(id) }
    while true {
      if let found = try await inOwnTask(look) { return found }
      let wake = await wait(id)
      if Task.isCancelled {
        if wake == .rung || isRung(id) { for key in keys { ring(key, .one) } }
        throw CancellationError()
      }
      if wake == .over { return try await inOwnTask(look) }
    }
  }

  /// Sends everybody away, now and from now on: the server is stopping.
  package func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      state.clock?.cancel()
      return state.waiters.keys.compactMap { state.stopWaiting($0) }
    }
    for continuation in waiting { continuation.resume(returning: .over) }
  }

  /// How many callers wait.
  package var waiting: Int { state.withLock { $0.waiters.count } }
}

extension Signal {
  /// Waits until the caller is rung, or its time is over.
  private func wait(_ id: UInt64) async -> Wake {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let wake = state.withLock { state -> Wake? in
          guard let waiter = state.waiters[id], !Task.isCancelled else { return .cancelled }
          if waiter.isRung {
            state.waiters[id]?.isRung = false
            return .rung
          }
          if state.isClosed || waiter.deadline <= .now { return .over }
          state.waiters[id]?.continuation = continuation
          setAlarm(waiter.deadline, &state)
          return nil
        }
        if let wake { continuation.resume(returning: wake) }
      }
    } onCancel: {
      state.withLock { $0.stopWaiting(id) }?.resume(returning: .cancelled)
    }
  }

  private func isRung(_ id: UInt64) -> Bool { state.withLock { $0.waiters[id]?.isRung ?? false } }

  private func add(_ keys: [String], until deadline: ContinuousClock.Instant) -> UInt64 {
    state.withLock { state in
      state.nextID += 1
      state.waiters[state.nextID] = Waiter(keys: keys, deadline: deadline)
      for key in keys { state.byKey[key, default: []].append(state.nextID) }
      return state.nextID
    }
  }

  private func remove(_ id: UInt64) {
    state.withLock { state in
      guard let waiter = state.waiters.removeValue(forKey: id) else { return }
      for key in waiter.keys {
        state.byKey[key]?.removeAll { $0 == id }
        if state.byKey[key]?.isEmpty == true { state.byKey[key] = nil }
      }
    }
  }

  private func setAlarm(_ deadline: ContinuousClock.Instant, _ state: inout State) {
    if let alarm = state.alarm, alarm <= deadline { return }
    state.clock?.cancel()
    state.alarm = deadline
    state.clock = Task { [weak self] in
      guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
      self?.sendAwayLate()
    }
  }

  private func sendAwayLate() {
    let late = state.withLock { state -> [CheckedContinuation<Wake, Never>] in
      let now = ContinuousClock.now
      let waiting = state.waiters.filter { $0.value.continuation != nil }
      let late = waiting.filter { $0.value.deadline <= now }.keys.compactMap { state.stopWaiting($0) }
      state.alarm = nil
      if let next = waiting.values.map(\.deadline).filter({ $0 > now }).min() { setAlarm(next, &state) }
      return late
    }
    for continuation in late { continuation.resume(returning: .over) }
  }
}

extension Signal.State {
  /// Marks a waiter as rung where it does not wait now; what makes it go on where it does.
  fileprivate mutating func ring(_ id: UInt64) -> CheckedContinuation<Signal.Wake, Never>? {
    guard let continuation = stopWaiting(id) else {
      waiters[id]?.isRung = true
      return nil
    }
    return continuation
  }

  /// What makes a waiter go on, which is its only once.
  fileprivate mutating func stopWaiting(_ id: UInt64) -> CheckedContinuation<Signal.Wake, Never>? {
    defer { waiters[id]?.continuation = nil }
    return waiters[id]?.continuation
  }
}
