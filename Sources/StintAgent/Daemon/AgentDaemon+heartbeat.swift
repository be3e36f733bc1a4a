import Logging
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

extension AgentDaemon {
  /// Reports the machine's load at once and then at every interval.
  func reportMachine(_ context: AgentContext, _ queues: ServedQueues) async throws {
    let sampler = MachineSampler(home: setup.environment["HOME"] ?? "/")
    while true {
      let stats = await sampler.measure()
      let (task, queue) = running.withLock { ($0.first?.key, $0.first?.value) }
      let report = Workers.StatusReport.Request(
        worker: context.workerID, timestamp: Int(Date().timeIntervalSince1970 * 1000), task: task, queue: queue ?? nil,
        queues: queues.ids, machineStats: stats)
      do {
        _ = try await context.client.call(Workers.StatusReport.self, report, patience: .zero)
      } catch let error as WireError {
        logger.warning("the server refused a status report: \(error)")
      } catch let error as ClientError {
        logger.debug("a status report was not sent: \(error)")
      }
      if task == nil { ResidentMemory.trim() }
      try await Task.sleep(for: setup.settings.intervals.statusReport)
    }
  }
}
