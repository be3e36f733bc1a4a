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

  /// `serving.get_endpoint_details`
  package enum GetEndpointDetails: Endpoint {
    package static let name = "serving.get_endpoint_details"

    package struct Request: Codable, Sendable {
      package var endpointUrl: String
    }
    package typealias Response = JSON
  }
}
