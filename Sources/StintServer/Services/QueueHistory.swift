import StintModel
import StintStore
import StintWire
import Synchronization

/// When queues were looked at last: to look is work in proportion to a queue's length.
final class QueueLooks: Sendable {
  private let moments = Mutex<[String: ContinuousClock.Instant]>([:])

  /// Those of `queues` that were not looked at for a second.
  fileprivate func due(_ queues: Set<String>) -> [String] {
    let now = ContinuousClock.now
    return moments.withLock { moments in
      let due = queues.filter { queue in moments[queue].map { $0.duration(to: now) >= .seconds(1) } ?? true }
      for queue in due { moments[queue] = now }
      return Array(due)
    }
  }

  /// The queue was deleted.
  func forget(_ queue: String) {
    moments.withLock { $0[queue] = nil }
  }
}

extension Services {
  func addQueueMetrics(to api: inout API) {
    api.on(Queues.GetQueueMetrics.self) { request, _ in
      let intervals = try Intervals(from: request.fromDate, to: request.toDate, interval: request.interval)
      let asked = (request.queueIds ?? []).filter { !$0.isEmpty }
      let known = try await store.read { records in
        for id in asked { _ = try records.queue(id) }
        return asked.isEmpty ? try records.distinct(.queues, "id") : asked
      }
      // What has become of a queue since its last change.
      note(try await loads(of: known))
      let loads = try await store.history.queueLoads(intervals)
      guard asked.isEmpty else {
        return .init(
          queues: asked.map { .init(queue: $0, (loads[$0] ?? [:]).mapValues { ($0.averageWait, $0.length) }) })
      }
      let dated = Dictionary(grouping: known.flatMap { loads[$0] ?? [:] }, by: \.key)
      return .init(queues: [.init(queue: nil, dated.mapValues { mean($0.map(\.value)) })])
    }
  }

  /// Notes how `queues` are now, if that was not done lately.
  func noteChange(of queues: Set<String>) async throws {
    let due = queueLooks.due(queues)
    if !due.isEmpty { note(try await loads(of: due)) }
  }

  private func note(_ loads: [String: QueueLoad]) {
    for (queue, load) in loads { store.history.add(load, ofQueue: queue) }
  }

  private func loads(of queues: [String]) async throws -> [String: QueueLoad] {
    try await store.read { records in
      var loads: [String: QueueLoad] = [:]
      for queue in Set(queues) { loads[queue] = try records.load(ofQueue: queue) }
      return loads
    }
  }
}

private func mean(_ loads: [QueueLoad]) -> (wait: Double, length: Int) {
  let count = Double(loads.count)
  let length = Double(loads.reduce(0) { $0 + $1.length }) / count
  return (loads.reduce(0) { $0 + $1.averageWait } / count, Int(length.rounded()))
}

extension Queues.GetQueueMetrics.Metrics {
  fileprivate init(queue: String?, _ loads: [Int: (wait: Double, length: Int)]) {
    let loads = loads.sorted { $0.key < $1.key }
    self.init(
      queue: queue, dates: loads.map(\.key), avgWaitingTimes: loads.map(\.value.wait),
      queueLengths: loads.map(\.value.length))
  }
}
