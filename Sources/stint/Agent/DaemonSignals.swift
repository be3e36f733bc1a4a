import Logging
import StintAgent
import UnixSignals

/// What signals tell a daemon: SIGTERM and SIGINT that it takes no more tasks and ends after the running ones, and once
/// more that it stops those, too, which then go back to their queues. SIGUSR1 that it ends at once and leaves its tasks to
/// the next daemon, SIGHUP that it is its own next one: the binary that its file holds then.
enum DaemonSignals {
  /// Runs `daemon` to its end. Returns whether it is to be started anew.
  static func run(_ daemon: AgentDaemon, logger: Logger) async throws -> Bool {
    // Before anybody can know of the daemon, and signal it.
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sigusr1, .sighup)
    return try await withThrowingTaskGroup(of: Bool?.self) { group in
      group.addTask {
        try await daemon.run()
        return nil
      }
      group.addTask {
        for await signal in signals {
          switch signal {
          case .sigusr1: daemon.control.give(.leave)
          case .sighup:
            daemon.control.give(.leave)
            return true
          case _ where daemon.control.order == .serve:
            if daemon.isBusy {
              logger.notice("no more tasks are taken; the daemon ends after the running one. Once more stops that, too")
            }
            daemon.control.give(.drain)
          default: daemon.control.give(.stopTasks)
          }
        }
        return false
      }
      var isRestart = false
      while let ended = try await group.next() {
        guard let answer = ended else { break }
        isRestart = answer
      }
      group.cancelAll()
      return isRestart
    }
  }
}
