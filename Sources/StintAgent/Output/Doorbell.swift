import Synchronization

/// Lets one task wait until another has news, or until some time is over.
final class Doorbell: Sendable {
  private enum State {
    case silent
    case rung
    case awaited(CheckedContinuation<Void, Never>)
  }

  private let state = Mutex(State.silent)

  /// Ends the wait, or the next one where nobody waits now.
  func ring() {
    let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if case .awaited(let continuation) = state {
        state = .silent
        return continuation
      }
      state = .rung
      return nil
    }
    waiting?.resume()
  }

  /// Returns when it rings, when the time is over, or on cancellation. Only one task may wait.
  func wait(upTo limit: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.heard() }
      group.addTask { try? await Task.sleep(for: limit) }
      await group.next()
      group.cancelAll()
    }
  }

  private func heard() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDone = state.withLock { state -> Bool in
          if case .rung = state {
            state = .silent
            return true
          }
          state = .awaited(continuation)
          return false
        }
        // A cancellation that came before had nobody to wake.
        if isDone { continuation.resume() } else if Task.isCancelled { giveUp() }
      }
    } onCancel: {
      giveUp()
    }
  }

  private func giveUp() {
    let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard case .awaited(let continuation) = state else { return nil }
      state = .silent
      return continuation
    }
    waiting?.resume()
  }
}
