import Synchronization

/// What a running daemon was told to do. It only ever becomes more urgent.
package final class DaemonControl: Sendable {
  /// What to do, the most patient first.
  package enum Order: Int, Comparable, Sendable {
    case serve
    /// Take no more tasks, and end when the running ones have.
    case drain
    /// End now; the running tasks go on, and the next daemon adopts them.
    case leave
    /// End now, after stopping the running tasks, which go back to their queues.
    case stopTasks

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
  }

  private struct State {
    var order = Order.serve
    var waiters: [(order: Order, bell: AsyncStream<Never>.Continuation)] = []
  }

  private let state = Mutex(State())

  package init() {}

  /// What it is to do now.
  package var order: Order { state.withLock { $0.order } }

  /// Tells it what to do from now on.
  package func give(_ order: Order) {
    let bells = state.withLock { state in
      state.order = max(state.order, order)
      let reached = state.waiters.filter { $0.order <= state.order }
      state.waiters.removeAll { $0.order <= state.order }
      return reached.map(\.bell)
    }
    for bell in bells { bell.finish() }
  }

  /// Returns once it was told to do `order` or more, or when the caller is cancelled.
  func wait(for order: Order) async {
    let (never, bell) = AsyncStream<Never>.makeStream()
    let isReached = state.withLock { state in
      if state.order < order { state.waiters.append((order, bell)) }
      return state.order >= order
    }
    if isReached { return }
    for await _ in never {}
  }

  /// Does `work` until it is told to do `order` or more; nil where that came first.
  func unless<Result: Sendable>(
    _ order: Order, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result? {
    try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await work() }
      group.addTask {
        await self.wait(for: order)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }
}
