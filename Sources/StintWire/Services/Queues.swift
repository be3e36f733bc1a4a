import StintModel

/// Queues of tasks that wait for a worker.
package enum Queues {
  /// `queues.create`
  package enum Create: Endpoint {
    package static let name = "queues.create"

    package struct Request: Codable, Sendable {
      package var name: String
      package var tags: [String]?
      package var systemTags: [String]?
      package var metadata: [String: MetadataItem]?
      package var displayName: String?
      /// Extension `leases`: what becomes of tasks that do not end well.
      package var policy: QueuePolicy?

      package init(
        name: String, tags: [String]? = nil, systemTags: [String]? = nil, metadata: [String: MetadataItem]? = nil,
        displayName: String? = nil, policy: QueuePolicy? = nil
      ) {
        (self.name, self.tags, self.systemTags) = (name, tags, systemTags)
        (self.metadata, self.displayName, self.policy) = (metadata, displayName, policy)
      }
    }

    package struct Response: Codable, Sendable {
      package var id: String?

      package init(id: String? = nil) {
        self.id = id
      }
    }
  }

  /// `queues.get_by_id`
  package enum GetByID: Endpoint {
    package static let name = "queues.get_by_id"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var maxTaskEntries: Int?

      package init(queue: String, maxTaskEntries: Int? = nil) {
        (self.queue, self.maxTaskEntries) = (queue, maxTaskEntries)
      }
    }

    package struct Response: Codable, Sendable {
      package var queue: JSON?

      package init(queue: JSON? = nil) {
        self.queue = queue
      }
    }
  }

  /// `queues.get_default`
  package enum GetDefault: Endpoint {
    package static let name = "queues.get_default"
    package typealias Request = Nothing

    package struct Response: Codable, Sendable {
      package var id: String?
      package var name: String?

      package init(id: String? = nil, name: String? = nil) {
        (self.id, self.name) = (id, name)
      }
    }
  }

  /// `queues.update`
  package enum Update: Endpoint {
    package static let name = "queues.update"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var name: String?
      package var tags: [String]?
      package var systemTags: [String]?
      package var metadata: [String: MetadataItem]?
      package var displayName: String?
      /// Extension `leases`: what becomes of tasks that do not end well; replaces what was set.
      package var policy: QueuePolicy?

      package init(
        queue: String, name: String? = nil, tags: [String]? = nil, systemTags: [String]? = nil,
        metadata: [String: MetadataItem]? = nil, displayName: String? = nil, policy: QueuePolicy? = nil
      ) {
        (self.queue, self.name, self.tags) = (queue, name, tags)
        (self.systemTags, self.metadata, self.displayName) = (systemTags, metadata, displayName)
        self.policy = policy
      }
    }
    package typealias Response = Updated
  }

  /// `queues.delete`
  package enum Delete: Endpoint {
    package static let name = "queues.delete"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var force: Bool?

      package init(queue: String, force: Bool? = nil) {
        (self.queue, self.force) = (queue, force)
      }
    }

    package struct Response: Codable, Sendable {
      package var deleted: Int?

      package init(deleted: Int? = nil) {
        self.deleted = deleted
      }
    }
  }

  /// `queues.get_next_task`
  package enum GetNextTask: Endpoint {
    package static let name = "queues.get_next_task"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var getTaskInfo: Bool?
      package var task: String?
      /// Extension `long_poll`: how long the server may hold the call open while there is nothing to give, in milliseconds.
      package var waitMs: Int?
      /// Extension `long_poll`: all queues to take from, most urgent first. Includes `queue`.
      package var queues: [String]?
      /// Extension `leases`: how the caller will be known as the task's holder.
      package var lease: LeaseClaim?

      package init(
        queue: String, getTaskInfo: Bool? = nil, task: String? = nil, waitMs: Int? = nil, queues: [String]? = nil,
        lease: LeaseClaim? = nil
      ) {
        (self.queue, self.getTaskInfo, self.task) = (queue, getTaskInfo, task)
        (self.waitMs, self.queues, self.lease) = (waitMs, queues, lease)
      }
    }

    package struct Response: Codable, Sendable {
      package var entry: QueueEntryItem?
      package var taskInfo: JSON?
      /// Extension `long_poll`: the queue that the entry came from.
      package var queue: String?
      /// Extension `leases`: what was claimed.
      package var lease: LeaseGrant?
      /// Extension `leases`: what was ordered for the worker.
      package var mode: WorkerOrders.Mode?
      /// Ours: a clean-up that was ordered for the worker.
      package var clean: StorageCleanup?

      package init(
        entry: QueueEntryItem? = nil, taskInfo: JSON? = nil, queue: String? = nil, lease: LeaseGrant? = nil,
        mode: WorkerOrders.Mode? = nil, clean: StorageCleanup? = nil
      ) {
        (self.entry, self.taskInfo, self.queue) = (entry, taskInfo, queue)
        (self.lease, self.mode, self.clean) = (lease, mode, clean)
      }
    }
  }

  /// `queues.remove_task`
  package enum RemoveTask: Endpoint {
    package static let name = "queues.remove_task"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var task: String
      package var updateTaskStatus: Bool?

      package init(queue: String, task: String, updateTaskStatus: Bool? = nil) {
        (self.queue, self.task, self.updateTaskStatus) = (queue, task, updateTaskStatus)
      }
    }

    package struct Response: Codable, Sendable {
      package var removed: Int?

      package init(removed: Int? = nil) {
        self.removed = removed
      }
    }
  }

  /// `queues.get_num_entries`
  package enum GetNumEntries: Endpoint {
    package static let name = "queues.get_num_entries"

    package struct Request: Codable, Sendable {
      package var queue: String

      package init(queue: String) {
        self.queue = queue
      }
    }

    package struct Response: Codable, Sendable {
      package var num: Int?

      package init(num: Int? = nil) {
        self.num = num
      }
    }
  }

  /// `queues.add_task`
  package enum AddTask: Endpoint {
    package static let name = "queues.add_task"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var task: String
      package var updateExecutionQueue: Bool?

      package init(queue: String, task: String, updateExecutionQueue: Bool? = nil) {
        (self.queue, self.task, self.updateExecutionQueue) = (queue, task, updateExecutionQueue)
      }
    }

    package struct Response: Codable, Sendable {
      package var added: Int?

      package init(added: Int? = nil) { self.added = added }
    }
  }

  /// `queues.peek_task`: the task that is next.
  package enum PeekTask: Endpoint {
    package static let name = "queues.peek_task"

    package struct Request: Codable, Sendable {
      package var queue: String

      package init(queue: String) { self.queue = queue }
    }

    package struct Response: Codable, Sendable {
      package var task: String?

      package init(task: String? = nil) { self.task = task }
    }
  }

  /// `queues.clear_queue`
  package enum ClearQueue: Endpoint {
    package static let name = "queues.clear_queue"

    package struct Request: Codable, Sendable {
      package var queue: String

      package init(queue: String) { self.queue = queue }
    }

    package struct Response: Codable, Sendable {
      package var removedTasks: [String]?

      package init(removedTasks: [String]? = nil) { self.removedTasks = removedTasks }
    }
  }
}
