import StintModel
import StintWire

/// Whether a task may be run out of turn.
enum ExecuteCheck {
  /// After this many seconds without news a worker is taken for gone.
  private static let patience = 120

  /// Why not, or nil.
  static func refusal(
    of record: TaskRecord, worker: String, requiresQueue: Bool, now: Timestamp
  ) -> AgentError? {
    let status = record.status ?? .unknown
    switch status {
    case .completed, .closed, .published, .publishing: return .isOver(task: record.id, status: status.rawValue)
    case .inProgress:
      guard let other = record.lastWorker, !other.isEmpty, other != worker else { break }
      let news = [record.lastUpdate, record.lastWorkerReport].compactMap { $0.flatMap(Timestamp.init) }.max()
      if let news, news.seconds(to: now) < patience { return .runsElsewhere(task: record.id, worker: other) }
    case .created, .queued, .stopped, .failed, .unknown: break
    }
    return requiresQueue && status != .queued ? .notQueued(task: record.id, status: status.rawValue) : nil
  }
}
