import Logging
import StintClient
import StintConfig
import StintModel
import StintRuntime
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Tells the server about the machine and what it runs, at once and then at every interval.
struct MachineReports: Sendable {
  let context: AgentContext
  /// The queues that the worker serves.
  var queues: [String] = []
  /// What the agent keeps on its disk, and what is ordered about it.
  var desk: StorageDesk?
  /// The task that runs now, with the queue that it came from.
  let running: @Sendable () -> (task: String, queue: String?)?

  /// Reports until cancelled.
  func run() async throws {
    let setup = context.setup
    let sampler = MachineSampler(home: setup.caches.root)
    let hours = try setup.workingHours()
    let gpus = GPUSampler(isCPUOnly: setup.cpuOnly, environment: setup.environment)
    while true {
      var stats = await sampler.measure()
      gpus.add(to: &stats, details: context.offers(.processes))
      let now = running()
      var report = Workers.StatusReport.Request(
        worker: context.workerID, timestamp: Int(Date().timeIntervalSince1970 * 1000), task: now?.task,
        queue: now?.queue, queues: queues.isEmpty ? nil : queues, machineStats: stats,
        tags: setup.tags(busy: now != nil))
      if context.offers(.storage) { (report.storage, report.cleaned) = (desk?.usage, desk?.done) }
      if context.offers(.hours), hours?.contains(.now) == false { report.outOfHours = setup.writtenHours }
      do {
        let answer = try await context.client.call(Workers.StatusReport.self, report, patience: .zero)
        desk?.take(answer.clean)
      } catch let error as WireError {
        context.logger.warning("the server refused a status report: \(error)")
      } catch let error as ClientError {
        context.logger.debug("a status report was not sent: \(error)")
      }
      if now == nil { ResidentMemory.trim() }
      guard let desk else {
        try await Task.sleep(for: setup.settings.intervals.statusReport)
        continue
      }
      await desk.news.wait(upTo: setup.settings.intervals.statusReport)
      try Task.checkCancellation()
    }
  }
}
