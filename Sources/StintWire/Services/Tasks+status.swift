import StintModel

// Calls that move a task through its states.

/// What most of these calls ask for.
package struct StatusRequest: Codable, Sendable {
  package var task: String
  /// Changes the status even where the state machine does not allow it.
  package var force: Bool?
  /// Why, for programs.
  package var statusReason: String?
  /// Why, for people.
  package var statusMessage: String?
  /// Extension `leases`: the caller's claim on the task. With `tasks.started` a new identifier claims a task that nobody holds.
  package var lease: LeaseClaim?
  /// Extension `leases`: how the attempt ended.
  package var end: AttemptEnd?

  package init(
    task: String, force: Bool? = nil, statusReason: String? = nil, statusMessage: String? = nil,
    lease: LeaseClaim? = nil, end: AttemptEnd? = nil
  ) {
    (self.task, self.force, self.statusReason, self.statusMessage) = (task, force, statusReason, statusMessage)
    (self.lease, self.end) = (lease, end)
  }
}

extension Tasks {
  /// `tasks.reset`
  package enum Reset: Endpoint {
    package static let name = "tasks.reset"

    package struct Request: Codable, Sendable {
      package var force: Bool?
      package var clearAll: Bool?
      package var task: String
      package var statusReason: String?
      package var statusMessage: String?
      package var returnFileUrls: Bool?
      package var deleteOutputModels: Bool?
      package var deleteExternalArtifacts: Bool?

      package init(
        task: String, force: Bool? = nil, clearAll: Bool? = nil, statusReason: String? = nil,
        statusMessage: String? = nil, returnFileUrls: Bool? = nil, deleteOutputModels: Bool? = nil,
        deleteExternalArtifacts: Bool? = nil
      ) {
        (self.force, self.clearAll, self.task) = (force, clearAll, task)
        (self.statusReason, self.statusMessage, self.returnFileUrls) = (statusReason, statusMessage, returnFileUrls)
        (self.deleteOutputModels, self.deleteExternalArtifacts) = (deleteOutputModels, deleteExternalArtifacts)
      }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?
      package var fields: JSON?
      package var dequeued: JSON?
      package var events: JSON?
      package var deletedModels: Int?
      package var urls: JSON?

      package init(
        updated: Int? = nil, fields: JSON? = nil, dequeued: JSON? = nil, events: JSON? = nil,
        deletedModels: Int? = nil, urls: JSON? = nil
      ) {
        (self.updated, self.fields, self.dequeued) = (updated, fields, dequeued)
        (self.events, self.deletedModels, self.urls) = (events, deletedModels, urls)
      }
    }
  }

  /// `tasks.delete`
  package enum Delete: Endpoint {
    package static let name = "tasks.delete"

    package struct Request: Codable, Sendable {
      package var moveToTrash: Bool?
      package var force: Bool?
      package var task: String
      package var statusReason: String?
      package var statusMessage: String?
      package var returnFileUrls: Bool?
      package var deleteOutputModels: Bool?
      package var deleteExternalArtifacts: Bool?
      package var includePipelineSteps: Bool?

      package init(
        task: String, moveToTrash: Bool? = nil, force: Bool? = nil, statusReason: String? = nil,
        statusMessage: String? = nil, returnFileUrls: Bool? = nil, deleteOutputModels: Bool? = nil,
        deleteExternalArtifacts: Bool? = nil, includePipelineSteps: Bool? = nil
      ) {
        (self.moveToTrash, self.force, self.task) = (moveToTrash, force, task)
        (self.statusReason, self.statusMessage, self.returnFileUrls) = (statusReason, statusMessage, returnFileUrls)
        (self.deleteOutputModels, self.deleteExternalArtifacts, self.includePipelineSteps) = (
          deleteOutputModels, deleteExternalArtifacts, includePipelineSteps
        )
      }
    }

    package struct Response: Codable, Sendable {
      package var deleted: Bool?
      package var updatedChildren: Int?
      package var updatedModels: Int?
      package var deletedModels: Int?
      package var urls: JSON?
      /// Nothing: the events go with the task.
      package var events: JSON?

      package init(
        deleted: Bool? = nil, updatedChildren: Int? = nil, updatedModels: Int? = nil, deletedModels: Int? = nil,
        urls: JSON? = nil
      ) {
        (self.deleted, self.updatedChildren, self.updatedModels) = (deleted, updatedChildren, updatedModels)
        (self.deletedModels, self.urls) = (deletedModels, urls)
      }
    }
  }

  /// `tasks.started`
  package enum Started: Endpoint {
    package static let name = "tasks.started"
    package typealias Request = StatusRequest

    package struct Response: Codable, Sendable {
      package var updated: Int?
      package var fields: JSON?
      package var started: Int?
      /// Extension `leases`: what was claimed.
      package var lease: LeaseGrant?
      /// Extension `leases`: a token for the task's own calls, good as long as the claim.
      package var token: String?

      package init(
        updated: Int? = nil, fields: JSON? = nil, started: Int? = nil, lease: LeaseGrant? = nil, token: String? = nil
      ) {
        (self.updated, self.fields, self.started) = (updated, fields, started)
        (self.lease, self.token) = (lease, token)
      }
    }
  }

  /// `tasks.stop`
  package enum Stop: Endpoint {
    package static let name = "tasks.stop"

    package struct Request: Codable, Sendable {
      package var force: Bool?
      package var task: String
      package var statusReason: String?
      package var statusMessage: String?
      package var includePipelineSteps: Bool?

      package init(
        task: String, force: Bool? = nil, statusReason: String? = nil, statusMessage: String? = nil,
        includePipelineSteps: Bool? = nil
      ) {
        (self.force, self.task, self.statusReason) = (force, task, statusReason)
        (self.statusMessage, self.includePipelineSteps) = (statusMessage, includePipelineSteps)
      }
    }
    package typealias Response = Updated
  }

  /// `tasks.stopped`
  package enum Stopped: Endpoint {
    package static let name = "tasks.stopped"
    package typealias Request = StatusRequest
    package typealias Response = Updated
  }

  /// `tasks.failed`
  package enum Failed: Endpoint {
    package static let name = "tasks.failed"
    package typealias Request = StatusRequest
    package typealias Response = Updated
  }

  /// `tasks.completed`
  package enum Completed: Endpoint {
    package static let name = "tasks.completed"

    package struct Request: Codable, Sendable {
      package var force: Bool?
      package var task: String
      package var statusReason: String?
      package var statusMessage: String?
      package var publish: Bool?
      /// Extension `leases`: the caller's claim on the task.
      package var lease: LeaseClaim?
      /// Extension `leases`: how the attempt ended.
      package var end: AttemptEnd?

      package init(
        task: String, force: Bool? = nil, statusReason: String? = nil, statusMessage: String? = nil,
        publish: Bool? = nil, lease: LeaseClaim? = nil, end: AttemptEnd? = nil
      ) {
        (self.force, self.task, self.statusReason) = (force, task, statusReason)
        (self.statusMessage, self.publish, self.lease, self.end) = (statusMessage, publish, lease, end)
      }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?
      package var fields: JSON?
      package var published: Int?

      package init(updated: Int? = nil, fields: JSON? = nil, published: Int? = nil) {
        (self.updated, self.fields, self.published) = (updated, fields, published)
      }
    }
  }

  /// `tasks.close`
  package enum Close: Endpoint {
    package static let name = "tasks.close"
    package typealias Request = StatusRequest
    package typealias Response = Updated
  }

  /// `tasks.publish`
  package enum Publish: Endpoint {
    package static let name = "tasks.publish"

    package struct Request: Codable, Sendable {
      package var force: Bool?
      package var publishModel: Bool?
      package var task: String
      package var statusReason: String?
      package var statusMessage: String?

      package init(
        task: String, force: Bool? = nil, publishModel: Bool? = nil, statusReason: String? = nil,
        statusMessage: String? = nil
      ) {
        (self.force, self.publishModel, self.task) = (force, publishModel, task)
        (self.statusReason, self.statusMessage) = (statusReason, statusMessage)
      }
    }
    package typealias Response = Updated
  }

  /// `tasks.enqueue`
  package enum Enqueue: Endpoint {
    package static let name = "tasks.enqueue"

    package struct Request: Codable, Sendable {
      package var queue: String?
      package var task: String
      package var statusReason: String?
      package var statusMessage: String?
      package var queueName: String?
      package var verifyWatchedQueue: Bool?
      package var updateExecutionQueue: Bool?

      package init(
        task: String, queue: String? = nil, statusReason: String? = nil, statusMessage: String? = nil,
        queueName: String? = nil, verifyWatchedQueue: Bool? = nil, updateExecutionQueue: Bool? = nil
      ) {
        (self.queue, self.task, self.statusReason) = (queue, task, statusReason)
        (self.statusMessage, self.queueName, self.verifyWatchedQueue) = (statusMessage, queueName, verifyWatchedQueue)
        self.updateExecutionQueue = updateExecutionQueue
      }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?
      package var fields: JSON?
      package var queued: Int?
      package var queueWatched: Bool?

      package init(updated: Int? = nil, fields: JSON? = nil, queued: Int? = nil, queueWatched: Bool? = nil) {
        (self.updated, self.fields, self.queued) = (updated, fields, queued)
        self.queueWatched = queueWatched
      }
    }
  }

  /// `tasks.dequeue`
  package enum Dequeue: Endpoint {
    package static let name = "tasks.dequeue"

    package struct Request: Codable, Sendable {
      package var task: String
      package var statusReason: String?
      package var statusMessage: String?
      package var removeFromAllQueues: Bool?
      package var newStatus: String?

      package init(
        task: String, statusReason: String? = nil, statusMessage: String? = nil, removeFromAllQueues: Bool? = nil,
        newStatus: String? = nil
      ) {
        (self.task, self.statusReason, self.statusMessage) = (task, statusReason, statusMessage)
        (self.removeFromAllQueues, self.newStatus) = (removeFromAllQueues, newStatus)
      }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?
      package var fields: JSON?
      package var dequeued: Int?

      package init(updated: Int? = nil, fields: JSON? = nil, dequeued: Int? = nil) {
        (self.updated, self.fields, self.dequeued) = (updated, fields, dequeued)
      }
    }
  }

  /// `tasks.ping`: the task lives.
  package enum Ping: Endpoint {
    package static let name = "tasks.ping"

    package struct Request: Codable, Sendable {
      package var task: String
      /// Extension `watch`: how long the server may hold the call open while nothing changes, in milliseconds.
      package var waitMs: Int?
      /// Extension `watch`: the status that the caller knows.
      package var status: String?
      /// Extension `log_offsets`: the output stream whose end is asked for.
      package var stream: String?
      /// Extension `leases`: the claim that goes on.
      package var lease: LeaseClaim?
      /// Extension `leases`: the caller gives its claim up and leaves the task's record alone.
      package var release: Bool?

      package init(
        task: String, waitMs: Int? = nil, status: String? = nil, stream: String? = nil, lease: LeaseClaim? = nil,
        release: Bool? = nil
      ) {
        (self.task, self.waitMs, self.status, self.stream) = (task, waitMs, status, stream)
        (self.lease, self.release) = (lease, release)
      }
    }

    package struct Response: Codable, Sendable {
      /// Extension `watch`: the status now.
      package var status: String?
      /// Extension `watch`: "stopping" asks the worker to end the task.
      package var statusMessage: String?
      /// Extension `log_offsets`: how many bytes of the stream the server has.
      package var streamEnd: Int?
      /// Extension `leases`: the claim, which goes on.
      package var lease: LeaseGrant?

      package init(
        status: String? = nil, statusMessage: String? = nil, streamEnd: Int? = nil, lease: LeaseGrant? = nil
      ) {
        (self.status, self.statusMessage, self.streamEnd, self.lease) = (status, statusMessage, streamEnd, lease)
      }
    }
  }

}
