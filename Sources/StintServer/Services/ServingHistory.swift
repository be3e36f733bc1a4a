import StintModel
import StintStore
import StintWire
import Synchronization

/// How busy the containers were that serve models. It lives in memory.
final class ServingHistory: Sendable {
  fileprivate struct Sample: Sendable {
    let time: Int
    let url: String
    let container: String
    let values: [Metric: Double]
  }

  fileprivate typealias Metric = Serving.GetEndpointMetricsHistory.Metric

  private let samples = Mutex(RecentElements<Sample>(capacity: 20_000))

  init() {}

  /// Notes what a container tells of itself.
  func add(_ container: Serving.Container) {
    guard let url = container.endpointUrl, !url.isEmpty else { return }
    let sample = Sample(
      time: Int(Timestamp.now.milliseconds / 1000), url: url, container: container.containerId,
      values: container.measures)
    samples.withLock { $0.append(sample) }
  }

  fileprivate func samples(of url: String) -> [Sample] { samples.withLock { $0.all }.filter { $0.url == url } }
}

extension Services {
  func addServingHistory(to api: inout API) {
    api.on(Serving.GetEndpointMetricsHistory.self) { request, _ in
      let intervals = try Intervals(from: request.fromDate, to: request.toDate, interval: request.interval)
      let metric = request.metricType ?? .requests
      let samples = serving.history.samples(of: request.endpointUrl).filter { $0.values[metric] != nil }
      let byContainer = Dictionary(grouping: samples, by: \.container).mapValues { samples in
        intervals.grouping(samples, time: \.time).map { date, samples in
          (date: date, value: average(samples.compactMap { $0.values[metric] }))
        }
      }
      let byDate = Dictionary(grouping: byContainer.values.flatMap(\.self), by: \.date).sorted { $0.key < $1.key }
      let total = byDate.map { _, points in metric.total(of: points.map(\.value)) }
      func series(_ title: String, _ dates: [Int], _ values: [Double]) -> Serving.GetEndpointMetricsHistory.Series {
        .init(title: title, dates: dates, values: values)
      }
      return .init(
        computedInterval: request.interval, total: series(metric.rawValue, byDate.map(\.key), total),
        instances: request.instanceCharts == false
          ? nil
          : Dictionary(
            uniqueKeysWithValues: byContainer.map { ($0, series($0, $1.map(\.date), $1.map(\.value))) }))
    }
  }
}

private func average(_ values: [Double]) -> Double {
  values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
}

extension ServingHistory.Metric {
  /// What several containers come to: shares and times are averaged, amounts added up.
  fileprivate func total(of values: [Double]) -> Double {
    switch self {
    case .latencyMs, .cpuUtil, .gpuUtil: average(values)
    default: values.reduce(0, +)
    }
  }
}

extension Serving.Container {
  fileprivate var measures: [ServingHistory.Metric: Double] {
    let stats = machineStats
    func sum(_ values: [Double]?) -> Double? { values.map { $0.reduce(0, +) } }
    func both(_ one: Double?, _ other: Double?) -> Double? { one.flatMap { one in other.map { one + $0 } } }
    let measures: [ServingHistory.Metric: Double?] = [
      .requests: requestsNum.map(Double.init), .requestsMin: requestsMin, .latencyMs: latencyMs,
      .cpuCount: stats?.cpuUsage.map { Double($0.count) }, .gpuCount: stats?.gpuUsage.map { Double($0.count) },
      .cpuUtil: stats?.cpuUsage.map(average), .gpuUtil: stats?.gpuUsage.map(average),
      .ramTotal: both(stats?.memoryUsed, stats?.memoryFree), .ramUsed: stats?.memoryUsed, .ramFree: stats?.memoryFree,
      .gpuRamTotal: both(sum(stats?.gpuMemoryUsed), sum(stats?.gpuMemoryFree)), .gpuRamUsed: sum(stats?.gpuMemoryUsed),
      .gpuRamFree: sum(stats?.gpuMemoryFree), .networkRx: stats?.networkRx, .networkTx: stats?.networkTx,
    ]
    return measures.compactMapValues(\.self)
  }
}
