import Synchronization

extension AgentDaemon {
  /// Reports the machine's load at once and then at every interval.
  func reportMachine(_ context: AgentContext, _ queues: ServedQueues) async throws {
    let reports = MachineReports(context: context, queues: queues.ids, desk: desk) { [weak self] in
      self?.running.withLock { $0.first.map { ($0.key, $0.value) } }
    }
    try await reports.run()
  }
}
