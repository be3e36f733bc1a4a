import StintModel
import StintWire
import Synchronization

/// What the clusters behind workers can give. It lives in memory, until nobody has told it for too long.
package final class ClusterRegistry: Sendable {
  /// What one worker told of its cluster; without a worker, what was told of the whole.
  private struct Part: Hashable {
    let cluster: String
    let worker: String?
  }

  private struct Limits {
    let properties: Workers.ClusterReport.Properties
    let timeout: Int
    let told: Timestamp
  }

  private static let defaultTimeout = 600
  private static let longestTimeout = 86_400

  private let parts = Mutex<[Part: Limits]>([:])

  package init() {}

  /// Somebody tells what a cluster, or a part of it, can give.
  func note(_ report: Workers.ClusterReport.Request) {
    let part = Part(cluster: report.key, worker: report.partial == true ? report.worker : nil)
    let limits = Limits(
      properties: report.properties ?? .init(),
      timeout: min(report.timeout ?? Self.defaultTimeout, Self.longestTimeout), told: .now)
    parts.withLock { $0[part] = limits }
  }

  /// How many clusters, or parts, are no longer known.
  func forget(_ request: Workers.ClusterUnregister.Request) -> Int {
    parts.withLock { parts in
      let worker = request.partial == true ? request.worker : nil
      let gone = parts.keys.filter { $0.cluster == request.key && (worker == nil || $0.worker == worker) }
      for part in gone { parts[part] = nil }
      return gone.isEmpty ? 0 : 1
    }
  }

  /// What each cluster can give now, in the order of their names.
  func alive() -> [(cluster: String, limits: Workers.ClusterReport.Properties)] {
    let now = Timestamp.now
    return parts.withLock { parts in
      parts = parts.filter { $0.value.told.seconds(to: now) <= $0.value.timeout }
      return Dictionary(grouping: parts) { $0.key.cluster }.sorted { $0.key < $1.key }.map { cluster, parts in
        (cluster, parts.map(\.value.properties).reduce(.init(), +))
      }
    }
  }
}

extension Workers.ClusterReport.Properties {
  fileprivate static func + (one: Self, other: Self) -> Self {
    func sum(_ value: KeyPath<Self, Double?>) -> Double? {
      let values = [one[keyPath: value], other[keyPath: value]].compactMap { $0 }
      return values.isEmpty ? nil : values.reduce(0, +)
    }
    var sums = Self()
    (sums.maxCpus, sums.maxGpus, sums.maxWorkers) = (sum(\.maxCpus), sum(\.maxGpus), sum(\.maxWorkers))
    return sums
  }
}

extension Services {
  func addClusters(to api: inout API) {
    api.on(Workers.ClusterReport.self) { request, _ in
      try checkWorker(name: request.key)
      if let worker = request.worker { try checkWorker(name: worker) }
      clusters.note(request)
      return .init()
    }
    api.on(Workers.ClusterUnregister.self) { request, _ in .init(unregistered: clusters.forget(request)) }
    // Tasks are reached at their own addresses: no router stands before them.
    api.on(Routers.GetRoutes.self) { _, _ in .init(routes: []) }
  }
}
