import Logging
import StintModel
import StintStore
import StintWire

/// What is kept of reports, each under the number of its place, which it has for ever: new ones come last.
let keptStatistics: [Workers.GetStats.Statistic] = [
  .cpuUsage, .cpuTemperature, .memoryUsed, .memoryFree, .gpuUsage, .gpuTemperature, .gpuFraction, .gpuMemoryFree,
  .gpuMemoryUsed, .networkTx, .networkRx, .diskFreeHome, .diskFreeTemp, .diskRead, .diskWrite,
]

extension WorkerLoad {
  /// More than a machine has cores and GPUs.
  private static let mostReadings = 2000

  /// What a report tells.
  init(stats: JSON?) {
    let readings = keptStatistics.indices.lazy.flatMap { number -> [Reading] in
      guard let value = stats?[keptStatistics[number].rawValue] else { return [] }
      return (value.array ?? [value]).prefix(Self.mostReadings).enumerated().compactMap { resource, value in
        value.double.map { Reading(key: UInt8(number), resource: UInt16(resource), value: Float($0)) }
      }
    }
    self.init(readings: Array(readings.prefix(Self.mostReadings)))
  }
}

extension Services {
  /// Writes how workers and queues are, now and then, until cancelled.
  func keepHistory() async throws {
    var round = 0
    while true {
      do {
        // A queue in which nothing changes waits all the same, or does not.
        try await noteChange(of: Set(try await store.read { try $0.distinct(.queues, "id") }))
        store.history.add(workers.count())
        try await store.history.write(round: round)
      } catch {
        try Task.checkCancellation()
        logger.error("the history of workers and queues could not be kept", metadata: ["error": "\(error)"])
      }
      try await Task.sleep(for: History.pause)
      round += 1
    }
  }

  func addWorkerStats(to api: inout API) {
    api.on(Workers.GetActivityReport.self) { request, _ in
      let intervals = try Intervals(from: request.fromDate, to: request.toDate, interval: request.interval)
      // Who has reported since the last round.
      store.history.add(workers.count())
      let counts = try await store.history.workerCounts(intervals).sorted { $0.key < $1.key }
      func series(_ count: KeyPath<WorkerCount, Int>) -> Workers.GetActivityReport.Series {
        .init(dates: counts.map(\.key), counts: counts.map { $0.value[keyPath: count] })
      }
      return .init(total: series(\.total), active: series(\.active))
    }
    api.on(Workers.GetMetricKeys.self) { request, _ in
      let day = try Intervals.lastDay
      let loads = try await store.history.workerLoads(day, of: try await workersToTell(of: request.workerIds, day))
      let found = Set(loads.values.flatMap(\.values).flatMap { $0.readings.map(\.key) })
      guard !found.isEmpty else {
        throw WireError(
          code: 400, subcode: 1005, message: "Worker statistics not found: no worker has reported its load yet")
      }
      let keys = found.compactMap { Int($0) < keptStatistics.count ? keptStatistics[Int($0)].rawValue : nil }
      let categories = Dictionary(grouping: keys) { $0.prefix { $0 != "_" } }
      return .init(
        categories: categories.sorted { $0.key < $1.key }.map {
          Workers.GetMetricKeys.Category(name: String($0.key), metricKeys: $0.value.sorted())
        })
    }
    api.on(Workers.GetStats.self) { request, _ in
      let intervals = try Intervals(from: request.fromDate, to: request.toDate, interval: request.interval)
      let items = try request.items.map { item in
        guard let number = keptStatistics.firstIndex(of: item.key) else {
          throw FieldError.notAChoice(path: ["items", "key"], value: item.key.rawValue)
        }
        return WantedStatistic(key: UInt8(number), aggregation: item.category ?? .avg)
      }
      let loads = try await store.history.workerLoads(
        intervals, of: try await workersToTell(of: request.workerIds, intervals), keys: Set(items.map(\.key)))
      return .init(
        workers: loads.sorted { $0.key < $1.key }.map { worker, loads in
          let groups = loads.sorted { $0.key < $1.key }.map { (date: $0.key, readings: $0.value.readings) }
          let metrics = items.flatMap { item in
            item.metrics(
              groups.map { ($0.date, $0.readings.filter { $0.key == item.key }) },
              byVariant: request.splitByVariant ?? false, byResource: request.splitByResource ?? false)
          }
          return Workers.GetStats.WorkerStats(worker: worker, metrics: metrics)
        })
    }
  }
}

extension Services {
  /// Of so many workers at most is told to those who name none.
  private static let mostWorkers = 500

  /// Those that were named; else those that reported last, nil where that is all of them.
  private func workersToTell(of named: [String]?, _ intervals: Intervals) async throws -> [String]? {
    if let named, !named.isEmpty { return named }
    return try await store.history.newestWorkers(intervals, most: Self.mostWorkers)
  }
}

extension Intervals {
  /// The last twenty-four hours as one.
  fileprivate static var lastDay: Intervals {
    get throws(WireError) {
      let now = Double(Timestamp.now.milliseconds) / 1000
      return try Intervals(from: now - 86_400, to: now + 1, interval: 86_401)
    }
  }
}

private struct WantedStatistic {
  typealias Group = (date: Int, readings: [WorkerLoad.Reading])

  let key: UInt8
  let aggregation: Workers.GetStats.Aggregation

  func metrics(_ groups: [Group], byVariant: Bool, byResource: Bool) -> [Workers.GetStats.Metric] {
    let resources = Set(groups.flatMap { $0.readings.map(\.resource) }).sorted()
    guard byVariant else { return resources.isEmpty ? [] : [metric(nil, groups, byResource ? resources : nil)] }
    return resources.map { resource in
      metric(
        String(resource), groups.map { ($0.date, $0.readings.filter { $0.resource == resource }) }, nil)
    }
  }

  private func metric(
    _ variant: String?, _ groups: [Group], _ resources: [UInt16]?
  ) -> Workers.GetStats.Metric {
    let groups = groups.filter { !$0.readings.isEmpty }
    let series = Workers.GetStats.Series(
      aggregation: aggregation, dates: groups.map(\.date), values: groups.compactMap { value(of: $0.readings) },
      resourceSeries: resources?.map { resource in
        Workers.GetStats.ResourceSeries(
          name: String(resource),
          values: groups.map { group in value(of: group.readings.filter { $0.resource == resource }) })
      })
    return Workers.GetStats.Metric(metric: keptStatistics[Int(key)].rawValue, variant: variant, stats: [series])
  }

  private func value(of readings: [WorkerLoad.Reading]) -> Double? {
    guard let low = readings.map(\.lowest).min(), let high = readings.map(\.highest).max() else { return nil }
    return switch aggregation {
    case .min: Double(low)
    case .max: Double(high)
    case .avg: mean(of: readings)
    }
  }

  private func mean(of readings: [WorkerLoad.Reading]) -> Double {
    let count = readings.reduce(0) { $0 + Int($1.count) }
    return readings.reduce(0) { $0 + Double($1.mean) * Double($1.count) } / Double(count)
  }
}
