import StintModel
import StintWire
import Synchronization

/// How loaded workers were. It lives in memory.
final class WorkerHistory: Sendable {
  /// One number of a report: of one core, GPU, or of the machine.
  fileprivate struct Reading: Sendable {
    let key: UInt8
    let resource: UInt16
    let value: Float
  }

  fileprivate struct Sample: Sendable {
    let time: Int
    let worker: String
    let isActive: Bool
    let readings: [Reading]
  }

  private let samples = Mutex(History<Sample>(capacity: 50_000))

  init() {}

  /// Keeps a worker's report.
  func add(worker: String, isActive: Bool, stats: JSON?) {
    var readings: [Reading] = []
    for (number, statistic) in statistics.enumerated() {
      guard let value = stats?[statistic.rawValue] else { continue }
      for (resource, element) in (value.array ?? [value]).enumerated() {
        guard let number8 = UInt8(exactly: number), let resource = UInt16(exactly: resource),
          let value = element.double
        else { continue }
        readings.append(Reading(key: number8, resource: resource, value: Float(value)))
      }
    }
    let sample = Sample(
      time: Int(Timestamp.now.milliseconds / 1000), worker: worker, isActive: isActive, readings: readings)
    samples.withLock { $0.append(sample) }
  }

  fileprivate func samples(of workers: [String]?) -> [Sample] {
    let all = samples.withLock { $0.all }
    guard let workers, !workers.isEmpty else { return all }
    let wanted = Set(workers)
    return all.filter { wanted.contains($0.worker) }
  }
}

private let statistics = Workers.GetStats.Statistic.allCases

extension Services {
  func addWorkerStats(to api: inout API) {
    api.on(Workers.GetActivityReport.self) { request, _ in
      let intervals = try Intervals(from: request.fromDate, to: request.toDate, interval: request.interval)
      let groups = intervals.grouping(workerHistory.samples(of: nil), time: \.time)
      func series(_ counts: [Int]) -> Workers.GetActivityReport.Series {
        .init(dates: groups.map(\.date), counts: counts)
      }
      return .init(
        total: series(groups.map { Set($0.items.map(\.worker)).count }),
        active: series(groups.map { Set($0.items.filter(\.isActive).map(\.worker)).count }))
    }
    api.on(Workers.GetMetricKeys.self) { request, _ in
      let found = Set(workerHistory.samples(of: request.workerIds).flatMap { $0.readings.map(\.key) })
      guard !found.isEmpty else {
        throw WireError(
          code: 400, subcode: 1005, message: "Worker statistics not found: no worker has reported its load yet")
      }
      let keys = found.map { statistics[Int($0)].rawValue }
      let categories = Dictionary(grouping: keys) { $0.prefix { $0 != "_" } }
      return .init(
        categories: categories.sorted { $0.key < $1.key }.map {
          Workers.GetMetricKeys.Category(name: String($0.key), metricKeys: $0.value.sorted())
        })
    }
    api.on(Workers.GetStats.self) { request, _ in
      let intervals = try Intervals(from: request.fromDate, to: request.toDate, interval: request.interval)
      let items = try request.items.map { item in
        guard let key = statistics.firstIndex(of: item.key).flatMap({ UInt8(exactly: $0) }) else {
          throw FieldError.notAChoice(path: ["items", "key"], value: item.key.rawValue)
        }
        return WantedStatistic(key: key, aggregation: item.category ?? .avg)
      }
      let byWorker = Dictionary(grouping: workerHistory.samples(of: request.workerIds), by: \.worker)
      return .init(
        workers: byWorker.sorted { $0.key < $1.key }.map { worker, samples in
          let groups = intervals.grouping(samples, time: \.time)
          let metrics = items.flatMap { item in
            item.metrics(
              groups.map { ($0.date, $0.items.flatMap(\.readings).filter { $0.key == item.key }) },
              byVariant: request.splitByVariant ?? false, byResource: request.splitByResource ?? false)
          }
          return Workers.GetStats.WorkerStats(worker: worker, metrics: metrics)
        })
    }
  }
}

private struct WantedStatistic {
  typealias Group = (date: Int, readings: [WorkerHistory.Reading])

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
    return Workers.GetStats.Metric(metric: statistics[Int(key)].rawValue, variant: variant, stats: [series])
  }

  private func value(of readings: [WorkerHistory.Reading]) -> Double? {
    let values = readings.map { Double($0.value) }
    guard let low = values.min(), let high = values.max() else { return nil }
    return switch aggregation {
    case .min: low
    case .max: high
    case .avg: values.reduce(0, +) / Double(values.count)
    }
  }
}
