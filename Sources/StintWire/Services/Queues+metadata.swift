// Named values on queues.

extension Queues {
  /// `queues.add_or_update_metadata`
  package enum AddOrUpdateMetadata: Endpoint {
    package static let name = "queues.add_or_update_metadata"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var metadata: [MetadataItem]
      package var replaceMetadata: Bool?

      package init(queue: String, metadata: [MetadataItem], replaceMetadata: Bool? = nil) {
        (self.queue, self.metadata, self.replaceMetadata) = (queue, metadata, replaceMetadata)
      }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?

      package init(updated: Int? = nil) { self.updated = updated }
    }
  }

  /// `queues.delete_metadata`
  package enum DeleteMetadata: Endpoint {
    package static let name = "queues.delete_metadata"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var keys: [String]

      package init(queue: String, keys: [String]) { (self.queue, self.keys) = (queue, keys) }
    }
    package typealias Response = AddOrUpdateMetadata.Response
  }
}
