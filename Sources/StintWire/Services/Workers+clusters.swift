extension Workers {
  /// `workers.cluster_report`: what a cluster behind workers can give, told again and again before it is forgotten.
  package enum ClusterReport: Endpoint {
    package static let name = "workers.cluster_report"

    package struct Request: Codable, Sendable {
      /// How the identifiers of the cluster's workers begin.
      package var key: String
      /// The worker that tells it; needed where several tell a part each.
      package var worker: String?
      /// Whether the cluster is the sum of what its workers tell.
      package var partial: Bool?
      package var timestamp: Int?
      /// How many seconds it counts.
      package var timeout: Int?
      package var resourceGroups: [String]?
      package var properties: Properties?
    }

    /// The most that can be used at once.
    package struct Properties: Codable, Sendable {
      package var maxCpus: Double?
      package var maxGpus: Double?
      package var maxWorkers: Double?

      package init() {}
    }
    package typealias Response = Nothing
  }

  /// `workers.cluster_unregister`
  package enum ClusterUnregister: Endpoint {
    package static let name = "workers.cluster_unregister"

    package struct Request: Codable, Sendable {
      package var key: String
      /// Only the part that this worker told.
      package var worker: String?
      package var partial: Bool?
    }

    package struct Response: Codable, Sendable {
      package var unregistered: Int

      package init(unregistered: Int) { self.unregistered = unregistered }
    }
  }
}
