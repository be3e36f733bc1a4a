import Logging
import StintConfig
import StintModel
import StintRuntime
import Synchronization

extension AgentDaemon {
  /// How often the daemon's log is looked at.
  private static let pause = Duration.seconds(60)
  /// How old what is known of the disk may get while tasks come and go.
  private static let freshness = Duration.seconds(600)

  /// Cleans up as the settings say and as somebody ordered, and keeps logs short. An agent that does nothing finds
  /// nothing new, and does not look.
  func lookAfterStorage() async throws {
    let storage = AgentStorage(setup: setup)
    var looked: ContinuousClock.Instant?
    var lookedAfter = -1
    while true {
      keepLogShort()
      let order = desk.ordered
      let finished = finishedRuns.withLock { $0 }
      let isStale = looked.map { $0.duration(to: .now) >= Self.freshness } ?? true
      if order != nil || (isStale && finished != lookedAfter) {
        let (removed, usage) = await onOwnThread {
          (storage.cleanAsSet() + (order.map { storage.clean($0) } ?? []), storage.usage())
        }
        for kind in removed where kind.bytes > 0 || order != nil {
          logger.info("clean-up: \(kind.count) of \(kind.kind.rawValue), \(kind.bytes) bytes")
        }
        (looked, lookedAfter) = (.now, finished)
        desk.note(usage, done: order)
      }
      try Task.checkCancellation()
      await desk.bell.wait(upTo: Self.pause)
    }
  }

  private func keepLogShort() {
    let settings = setup.settings.storage
    do {
      try DaemonLog(ofThisProcessIn: setup.home.logs)?.rotate(limit: settings.logSize, count: settings.logFiles)
    } catch {
      logger.warning("the log could not be shortened: \(error)")
    }
  }
}
