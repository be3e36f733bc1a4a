/// Containers that serve models.
package enum Serving {
  /// What a container tells of itself.
  package struct Container: Codable, Sendable {
    package var containerId: String
    package var endpointName: String
    package var endpointUrl: String?
    package var modelName: String
    package var modelSource: String?
    package var modelVersion: String?
    package var preprocessArtifact: String?
    package var inputType: String?
    package var inputSize: String?
    package var reference: [Reference]?
    /// After how many seconds of silence it is gone: `register_container` only.
    package var timeout: Int?
    package var uptimeSec: Int?
    package var requestsNum: Int?
    package var requestsMin: Double?
    package var latencyMs: Double?
    package var machineStats: MachineStats?
  }

  /// What a container belongs to.
  package struct Reference: Codable, Sendable {
    package var type: Kind
    package var value: String

    /// What that is.
    package enum Kind: String, Codable, Sendable, CaseIterable {
      case appID = "app_id"
      case appInstance = "app_instance"
      case model, task, url
    }
  }

  /// `serving.register_container`
  package enum RegisterContainer: Endpoint {
    package static let name = "serving.register_container"
    package typealias Request = Container
    package typealias Response = Nothing
  }

  /// `serving.container_status_report`
  package enum ContainerStatusReport: Endpoint {
    package static let name = "serving.container_status_report"
    package typealias Request = Container
    package typealias Response = Nothing
  }

  /// `serving.unregister_container`
  package enum UnregisterContainer: Endpoint {
    package static let name = "serving.unregister_container"

    package struct Request: Codable, Sendable {
      package var containerId: String
    }
    package typealias Response = Nothing
  }

  /// `serving.get_endpoints`
  package enum GetEndpoints: Endpoint {
    package static let name = "serving.get_endpoints"
    package typealias Request = Nothing

    package struct Response: Codable, Sendable {
      package var endpoints: [JSON]

      package init(endpoints: [JSON]) { self.endpoints = endpoints }
    }
  }

  /// `serving.get_loading_instances`: containers that do not serve yet.
  package enum GetLoadingInstances: Endpoint {
    package static let name = "serving.get_loading_instances"
    package typealias Request = Nothing

    package struct Response: Codable, Sendable {
      package var instances: [JSON]

      package init(instances: [JSON]) { self.instances = instances }
    }
  }

  /// `serving.get_endpoint_metrics_history`
  package enum GetEndpointMetricsHistory: Endpoint {
    package static let name = "serving.get_endpoint_metrics_history"

    package struct Request: Codable, Sendable {
      package var endpointUrl: String
      package var fromDate: Double
      package var toDate: Double
      package var interval: Int
      package var metricType: Metric?
      package var instanceCharts: Bool?
    }

    /// What is looked at.
    package enum Metric: String, Codable, Sendable, CaseIterable {
      case requests
      case requestsMin = "requests_min"
      case latencyMs = "latency_ms"
      case cpuCount = "cpu_count"
      case gpuCount = "gpu_count"
      case cpuUtil = "cpu_util"
      case gpuUtil = "gpu_util"
      case ramTotal = "ram_total"
      case ramUsed = "ram_used"
      case ramFree = "ram_free"
      case gpuRamTotal = "gpu_ram_total"
      case gpuRamUsed = "gpu_ram_used"
      case gpuRamFree = "gpu_ram_free"
      case networkRx = "network_rx"
      case networkTx = "network_tx"
    }

    package struct Response: Codable, Sendable {
      package var computedInterval: Int
      package var total: Series
      package var instances: [String: Series]?

      package init(computedInterval: Int, total: Series, instances: [String: Series]?) {
        (self.computedInterval, self.total, self.instances) = (computedInterval, total, instances)
      }
    }

    /// A line of a chart.
    package struct Series: Codable, Sendable {
      package var title: String
      package var dates: [Int]
      package var values: [Double]

      package init(title: String, dates: [Int], values: [Double]) {
        (self.title, self.dates, self.values) = (title, dates, values)
      }
    }
  }

  /// `serving.get_endpoint_details`
  package enum GetEndpointDetails: Endpoint {
    package static let name = "serving.get_endpoint_details"

    package struct Request: Codable, Sendable {
      package var endpointUrl: String
    }
    package typealias Response = JSON
  }
}
