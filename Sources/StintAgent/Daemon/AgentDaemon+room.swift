import Logging
import StintRuntime

extension AgentDaemon {
  private static let pauseBetweenLooks = Duration.seconds(1)

  /// Returns once something can be written to the disk of the caches. A worker that took tasks without would fail them
  /// faster than others can do them.
  func waitForRoom() async throws {
    let root = setup.caches.root
    var hasTold = false
    while Files.isDiskFull(of: root) {
      if !hasTold { logger.warning("the disk of \(root) is full: no task is taken until there is room") }
      hasTold = true
      try await Task.sleep(for: Self.pauseBetweenLooks)
    }
    if hasTold { logger.notice("there is room on the disk of \(root) again") }
  }
}
