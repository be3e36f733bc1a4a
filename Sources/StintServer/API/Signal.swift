import Synchronization

/// The long poll's bell: wakes those who wait for a change of something named by a key.
package final class Signal: Sendable {
  /// Who is woken by a ring.
  package enum Audience: Sendable {
    /// The one who has waited longest: for changes that only one can use.
    case one
    case all
  }

  fileprivate struct Waiter {
    let keys: [String]
    let bell: AsyncStream<Void>.Continuation
  }

  private struct State {
    var nextID: UInt64 = 0
    var waiters: [UInt64: Waiter] = [:]
    /// The waiters of each key, longest waiting first.
    var byKey: [String: [UInt64]] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())

  package init() {}

  /// Wakes who waits for `key`.
  package func ring(_ key: String, _ audience: Audience) {
    let bells = state.withLock { state -> [AsyncStream<Void>.Continuation] in
      let waiting = state.byKey[key] ?? []
      let woken = audience == .one ? Array(waiting.prefix(1)) : waiting
      // A woken waiter goes to the end, so that the next ring wakes another.
      state.byKey[key] = waiting.dropFirst(woken.count) + woken
      return woken.compactMap { state.waiters[$0]?.bell }
    }
    for bell in bells { bell.yield() }
  }

  /// Calls `look` until it finds something or `limit` has passed: at once, whenever one of `keys` rings, and once more
  /// at the end. A ring that reaches a caller who is gone is passed on.
  package func poll<Found: Sendable>(
    _ keys: [String], upTo limit: Duration, look: @escaping @Sendable () async throws -> Found?
  ) async throws -> Found? {
    let (rings, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let id = add(Waiter(keys: keys, bell: bell))
    defer { remove(id) }
    let deadline = ContinuousClock.now + limit
    while true {
      if let found = try await inOwnTask(look) { return found }
      let wasRung = await Self.wait(rings, until: deadline)
      if Task.isCancelled {
        if wasRung { for key in keys { ring(key, .one) } }
        throw CancellationError()
      }
      if !wasRung { return try await inOwnTask(look) }
    }
  }

  /// Sends everybody away, now and from now on: the server is stopping.
  package func close() {
    let bells = state.withLock { state in
      state.isClosed = true
      return state.waiters.values.map(\.bell)
    }
    for bell in bells { bell.finish() }
  }

  /// How many callers wait.
  package var waiting: Int { state.withLock { $0.waiters.count } }

  private static func wait(_ rings: AsyncStream<Void>, until deadline: ContinuousClock.Instant) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await _ in rings { return true }; return false
      }
      group.addTask {
        try? await Task.sleep(until: deadline)
        return false
      }
      let first = await group.next() ?? false
      group.cancelAll()
      return first
    }
  }

  private func add(_ waiter: Waiter) -> UInt64 {
    state.withLock { state in
      state.nextID += 1
      if state.isClosed { waiter.bell.finish() }
      state.waiters[state.nextID] = waiter
      for key in waiter.keys { state.byKey[key, default: []].append(state.nextID) }
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
}
