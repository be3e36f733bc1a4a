import Dispatch
import StintModel
import Synchronization

/// What is known of an agent's storage, and what somebody ordered to be removed of it.
final class StorageDesk: Sendable {
  private struct State {
    var usage: [StorageUsage]?
    var ordered: StorageCleanup?
    var done: String?
  }

  private let state = Mutex(State())
  /// Rung when there is something to look at or to do.
  let bell = Doorbell()
  /// Rung when there is something to report.
  let news = Doorbell()

  /// What was found on the disk.
  var usage: [StorageUsage]? { state.withLock { $0.usage } }
  /// The clean-up that was done last.
  var done: String? { state.withLock { $0.done } }

  /// Takes an order, which may have been given before.
  func take(_ order: StorageCleanup?) {
    guard let order else { return }
    let isNew = state.withLock { state in
      guard order.id != state.done, order.id != state.ordered?.id else { return false }
      state.ordered = order
      return true
    }
    if isNew { bell.ring() }
  }

  /// The order that is to be done.
  var ordered: StorageCleanup? { state.withLock { $0.ordered } }

  /// Tells what there is now, and which order was done.
  func note(_ usage: [StorageUsage], done order: StorageCleanup?) {
    let isNews = state.withLock { state in
      defer { state.usage = usage }
      guard let order else { return state.usage == nil }
      state.done = order.id
      if state.ordered?.id == order.id { state.ordered = nil }
      return true
    }
    if isNews { news.ring() }
  }
}

/// Does what blocks for long on a thread of its own, so that nothing else waits for it.
func onOwnThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    DispatchQueue.global(qos: .utility).async { continuation.resume(returning: work()) }
  }
}
