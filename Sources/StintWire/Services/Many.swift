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
  /// `tasks.reset_many`, `tasks.delete_many`: whether the answer names the files of the tasks.
  package var returnFileUrls: Bool?
  /// `tasks.reset_many`, `tasks.delete_many`: ignored, files are deleted by those who get their addresses.
  package var deleteExternalArtifacts: Bool?
  /// `tasks.delete_many`: ignored, what is deleted is gone.
  package var moveToTrash: Bool?
  /// `tasks.archive_many`, `tasks.unarchive_many`, `tasks.stop_many`, `tasks.delete_many`: whether the steps of pipelines
  /// are meant, too.
  package var includePipelineSteps: Bool?
  /// `tasks.publish_many`: whether the models that the tasks made are published, too, as they are without it.
  package var publishModel: Bool?
  /// `models.publish_many`: whether the tasks that made the models are published, too.
  package var publishTasks: Bool?
  /// `models.publish_many`: whether they are published whatever their status.
  package var forcePublishTask: Bool?
  /// `tasks.enqueue_many`: ignored, every task is checked.
  package var validateTasks: Bool?
  /// `tasks.enqueue_many`: whether the answer tells that a worker takes tasks from the queue.
  package var verifyWatchedQueue: Bool?
  /// `tasks.dequeue_many`: ignored, a task is in one queue only.
  package var removeFromAllQueues: Bool?

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
  /// `tasks.enqueue_many` with `verify_watched_queue`: whether a worker takes tasks from the queue.
  package var queueWatched: Bool?

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
