import Logging
import ServiceLifecycle
import StintRuntime

extension AgentDaemon {
  private static let pauseBetweenLooks = Duration.seconds(1)

  /// Returns once something can be written to the disk of the caches. A worker that took tasks without would fail them
  /// faster than others can do them.
  func waitForRoom() async throws {
    let root = setup.caches.root
    var hasTold = false
    while Files.isDiskFull(of: root) {
      AgentStorage(setup: setup).makeRoom()
      if !hasTold { logger.warning("the disk of \(root) is full: no task is taken until there is room") }
      hasTold = true
      try await Task.sleep(for: Self.pauseBetweenLooks)
    }
    if hasTold { logger.notice("there is room on the disk of \(root) again") }
  }

  /// Claims a worker's name, as soon as the disk lets it; nil where the daemon is told to end before.
  func claimWorker() async throws -> WorkerClaim? {
    do {
      return try await cancelWhenGracefulShutdown {
        try await self.control.unless(.drain) {
          while true {
            do {
              return try WorkerClaim(setup: self.setup)
            } catch {
              guard let error = error as? FileError, error.isDiskFull else { throw error }
              try await Task.sleep(for: Self.pauseBetweenLooks)
            }
            try await self.waitForRoom()
          }
        }
      }
    } catch is CancellationError {
      return nil
    }
  }

  /// Leaves word of this daemon for `--stop` and `--status`, as soon as there is room for it. Tasks that an earlier agent
  /// left are looked after meanwhile.
  func describe(_ claim: WorkerClaim) async {
    var record = DaemonRecord(worker: claim.id, queues: options.queues, isEmbedded: options.isEmbedded)
    (record.executable, record.version) = (setup.shim, options.version)
    var hasTold = false
    while true {
      do {
        return try record.write(to: claim.recordFile)
      } catch {
        if !hasTold { logger.warning("others on this machine do not see this agent: \(error)") }
        hasTold = true
      }
      guard (try? await Task.sleep(for: Self.pauseBetweenLooks)) != nil else { return }
    }
  }
}
