// Calls that do the same to many records: each succeeds or fails by itself.

/// What such a call asks.
package struct ManyRequest: Codable, Sendable {
  package var ids: [String]
  package var force: Bool?
  package var statusReason: String?
  package var statusMessage: String?
  /// `tasks.enqueue_many`: where to.
  package var queue: String?
  /// `tasks.enqueue_many`: where to, by name.
  package var queueName: String?
  /// `tasks.dequeue_many`: what the tasks become.
  package var newStatus: String?
  /// `tasks.reset_many`: whether the code is forgotten, too.
  package var clearAll: Bool?
  /// `tasks.reset_many`, `tasks.delete_many`: whether the models that the tasks made go, too.
  package var deleteOutputModels: Bool?

  package init(
    ids: [String], force: Bool? = nil, statusReason: String? = nil, statusMessage: String? = nil,
    queue: String? = nil, queueName: String? = nil
  ) {
    (self.ids, self.force) = (ids, force)
    (self.statusReason, self.statusMessage) = (statusReason, statusMessage)
    (self.queue, self.queueName) = (queue, queueName)
  }
}

/// What such a call answers.
package struct ManyResponse: Codable, Sendable {
  /// The records that changed: `id` and what the call for one record answers.
  package var succeeded: [JSON]
  /// The others: `id` and `error`.
  package var failed: [JSON]

  package init(succeeded: [JSON] = [], failed: [JSON] = []) { (self.succeeded, self.failed) = (succeeded, failed) }
}

/// An endpoint that changes many records.
package protocol ManyEndpoint: Endpoint where Request == ManyRequest, Response == ManyResponse {}

extension Tasks {
  /// `tasks.enqueue_many`
  package enum EnqueueMany: ManyEndpoint { package static let name = "tasks.enqueue_many" }
  /// `tasks.dequeue_many`
  package enum DequeueMany: ManyEndpoint { package static let name = "tasks.dequeue_many" }
  /// `tasks.stop_many`
  package enum StopMany: ManyEndpoint { package static let name = "tasks.stop_many" }
  /// `tasks.publish_many`
  package enum PublishMany: ManyEndpoint { package static let name = "tasks.publish_many" }
  /// `tasks.reset_many`
  package enum ResetMany: ManyEndpoint { package static let name = "tasks.reset_many" }
  /// `tasks.delete_many`
  package enum DeleteMany: ManyEndpoint { package static let name = "tasks.delete_many" }
  /// `tasks.archive_many`
  package enum ArchiveMany: ManyEndpoint { package static let name = "tasks.archive_many" }
  /// `tasks.unarchive_many`
  package enum UnarchiveMany: ManyEndpoint { package static let name = "tasks.unarchive_many" }
}

extension Models {
  /// `models.archive_many`
  package enum ArchiveMany: ManyEndpoint { package static let name = "models.archive_many" }
  /// `models.unarchive_many`
  package enum UnarchiveMany: ManyEndpoint { package static let name = "models.unarchive_many" }
  /// `models.publish_many`
  package enum PublishMany: ManyEndpoint { package static let name = "models.publish_many" }
  /// `models.delete_many`
  package enum DeleteMany: ManyEndpoint { package static let name = "models.delete_many" }
}
