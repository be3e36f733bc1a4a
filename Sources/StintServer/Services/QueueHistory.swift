import StintModel
import StintStore
import StintWire
import Synchronization

/// How long queues were and how long tasks waited in them. It lives in memory.
final class QueueHistory: Sendable {
  fileprivate struct Sample: Sendable {
    let time: Int
    let queue: String
    let load: QueueLoad
  }

  private struct State {
    var samples = History<Sample>(capacity: 50_000)
    var lastTimes: [String: Int] = [:]
  }

  private let state = Mutex(State())

  init() {}

  /// Those of `queues` that were not looked at in this second: to look is work in proportion to the queue's length.
  fileprivate func due(_ queues: Set<String>) -> [String] {
    let now = Self.now
    return state.withLock { state in
      let due = queues.filter { state.lastTimes[$0] != now }
      for queue in due { state.lastTimes[queue] = now }
      return Array(due)
    }
  }

  fileprivate func add(_ loads: [String: QueueLoad]) {
    let now = Self.now
    state.withLock { state in
      for (queue, load) in loads { state.samples.append(Sample(time: now, queue: queue, load: load)) }
    }
  }

  /// The queue was deleted.
  func forget(_ queue: String) {
    state.withLock { $0.lastTimes[queue] = nil }
  }

  fileprivate var samples: [Sample] { state.withLock { $0.samples.all } }

  private static var now: Int { Int(Timestamp.now.milliseconds / 1000) }
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
      queueHistory.add(try await loads(of: known))
      let samples = queueHistory.samples
      let metrics = known.map { queue in
        worst(intervals.grouping(samples.filter { $0.queue == queue }, time: \.time))
      }
      guard asked.isEmpty else {
        return .init(queues: zip(asked, metrics).map { Queues.GetQueueMetrics.Metrics(queue: $0, $1) })
      }
      return .init(queues: [Queues.GetQueueMetrics.Metrics(queue: nil, average(metrics.flatMap(\.self)))])
    }
  }

  /// Notes how `queues` are now, if that was not done lately.
  func noteChange(of queues: Set<String>) async throws {
    let due = queueHistory.due(queues)
    if !due.isEmpty { queueHistory.add(try await loads(of: due)) }
  }

  private func loads(of queues: [String]) async throws -> [String: QueueLoad] {
    try await store.read { records in
      var loads: [String: QueueLoad] = [:]
      for queue in Set(queues) { loads[queue] = try records.load(ofQueue: queue) }
      return loads
    }
  }
}

private struct DatedLoad {
  let date: Int
  let wait: Double
  let length: Int
}

/// Of each interval the moment when tasks had waited longest.
private func worst(_ groups: [(date: Int, items: [QueueHistory.Sample])]) -> [DatedLoad] {
  groups.compactMap { date, items in
    items.map(\.load).max { ($0.averageWait, $0.length) < ($1.averageWait, $1.length) }
      .map { DatedLoad(date: date, wait: $0.averageWait, length: $0.length) }
  }
}

private func average(_ loads: [DatedLoad]) -> [DatedLoad] {
  Dictionary(grouping: loads, by: \.date).sorted { $0.key < $1.key }.map { date, loads in
    let count = Double(loads.count)
    return DatedLoad(
      date: date, wait: loads.reduce(0) { $0 + $1.wait } / count,
      length: Int((Double(loads.reduce(0) { $0 + $1.length }) / count).rounded()))
  }
}

extension Queues.GetQueueMetrics.Metrics {
  fileprivate init(queue: String?, _ loads: [DatedLoad]) {
    self.init(
      queue: queue, dates: loads.map(\.date), avgWaitingTimes: loads.map(\.wait), queueLengths: loads.map(\.length))
  }
}
