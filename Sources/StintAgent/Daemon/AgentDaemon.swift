import Logging
import ServiceLifecycle
import StintClient
import StintConfig
import StintRuntime
import StintWire
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The agent that serves queues until it is told to stop.
///
/// A graceful shutdown ends it at once; a running task goes on under its shim, and the next daemon adopts it. What else
/// it may be told is `control`'s.
package final class AgentDaemon: Service {
  let setup: AgentSetup
  let options: DaemonOptions
  let logger: Logger
  /// The tasks that run now, each with the queue that it came from.
  let running = Mutex<[String: String?]>([:])
  /// What it keeps on its disk.
  let desk = StorageDesk()
  /// How many runs have ended.
  let finishedRuns = Mutex(0)
  /// What the daemon is to do.
  package let control = DaemonControl()

  /// Whether it runs a task.
  package var isBusy: Bool { running.withLock { !$0.isEmpty } }

  package init(setup: AgentSetup, options: DaemonOptions, logger: Logger) {
    (self.setup, self.options, self.logger) = (setup, options, logger)
  }

  /// Serves the queues until the service group shuts down.
  /// - Throws: `ClientError`, `AgentError`: what keeps the agent from working, in words for its user.
  package func run() async throws {
    guard let claim = try await claimWorker() else { return }
    let client = setup.client(logger: logger)
    let outcome: Result<Void, any Error>
    do {
      try await cancelWhenGracefulShutdown {
        try await Command.$guardian.withValue(self.setup.shim) {
          _ = try await self.control.unless(.leave) { try await self.serve(as: claim, client) }
        }
      }
      outcome = .success(())
    } catch is CancellationError {
      outcome = .success(())
    } catch {
      outcome = .failure(error)
    }
    Files.remove(claim.recordFile)
    if running.withLock({ $0.isEmpty }), case .success = outcome {
      _ = try? await client.call(
        Workers.Unregister.self, .init(worker: claim.id), timeout: .seconds(3), patience: .zero)
    }
    await client.shutdown()
    try outcome.get()
  }

  private func serve(as claim: WorkerClaim, _ client: Client) async throws {
    let extensions = try await client.extensions()
    let queues = try await ServedQueues.resolve(options.queues, creating: options.createsQueues, client: client)
    let context = AgentContext(
      setup: setup, client: client, workerID: claim.id, extensions: extensions, logger: logger)
    // This may reach the server late, and once more, when it has been answered and tasks have been taken.
    let leases = leftRuns(of: claim.id).compactMap(\.record.lease?.id) + [context.ownLeasePrefix].compactMap(\.self)
    _ = try await client.call(
      Workers.Register.self,
      .init(
        worker: claim.id, timeout: 600, queues: queues.ids, tags: setup.settings.worker.tags, leases: leases,
        leasePrefix: context.leasePrefix))
    async let _: Void = describe(claim)
    let names = queues.ids.map { queues.names[$0] ?? $0 }.joined(separator: ", ")
    logger.info("worker \(claim.id) serves \(names) of \(client.api)")
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.reportMachine(context, queues) }
      group.addTask { try await self.lookAfterStorage() }
      group.addTask {
        await self.adoptLeftRuns(context, queues)
        try await self.pull(context, queues)
        self.logger.info("worker \(claim.id) takes no more tasks")
      }
      try await group.next()
      group.cancelAll()
    }
  }
}
