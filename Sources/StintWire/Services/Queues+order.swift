// Calls that change the order of a queue.

extension Queues {
  /// `queues.move_task_forward`
  package enum MoveTaskForward: Endpoint {
    package static let name = "queues.move_task_forward"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var task: String
      package var count: Int?

      package init(queue: String, task: String, count: Int? = nil) {
        (self.queue, self.task, self.count) = (queue, task, count)
      }
    }

    package struct Response: Codable, Sendable {
      package var position: Int?

      package init(position: Int? = nil) {
        self.position = position
      }
    }
  }

  /// `queues.move_task_backward`
  package enum MoveTaskBackward: Endpoint {
    package static let name = "queues.move_task_backward"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var task: String
      package var count: Int?

      package init(queue: String, task: String, count: Int? = nil) {
        (self.queue, self.task, self.count) = (queue, task, count)
      }
    }

    package struct Response: Codable, Sendable {
      package var position: Int?

      package init(position: Int? = nil) {
        self.position = position
      }
    }
  }

  /// `queues.move_task_to_front`
  package enum MoveTaskToFront: Endpoint {
    package static let name = "queues.move_task_to_front"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var task: String

      package init(queue: String, task: String) {
        (self.queue, self.task) = (queue, task)
      }
    }

    package struct Response: Codable, Sendable {
      package var position: Int?

      package init(position: Int? = nil) {
        self.position = position
      }
    }
  }

  /// `queues.move_task_to_back`
  package enum MoveTaskToBack: Endpoint {
    package static let name = "queues.move_task_to_back"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var task: String

      package init(queue: String, task: String) {
        (self.queue, self.task) = (queue, task)
      }
    }

    package struct Response: Codable, Sendable {
      package var position: Int?

      package init(position: Int? = nil) {
        self.position = position
      }
    }
  }

  /// `queues.move_task_to_queue`: to the end of another queue.
  package enum MoveTaskToQueue: Endpoint {
    package static let name = "queues.move_task_to_queue"

    package struct Request: Codable, Sendable {
      package var queue: String
      package var task: String
      package var targetQueue: String
      /// Whether the task's record names the new queue, as it does unless told otherwise.
      package var updateExecutionQueue: Bool?
    }

    package struct Response: Codable, Sendable {
      package var moved: Int

      package init(moved: Int) { self.moved = moved }
    }
  }

  /// `queues.get_by_task_id`: the queue in which a task waits.
  package enum GetByTaskID: Endpoint {
    package static let name = "queues.get_by_task_id"

    package struct Request: Codable, Sendable {
      package var task: String
    }

    package struct Response: Codable, Sendable {
      package var queue: JSON

      package init(queue: JSON) { self.queue = queue }
    }
  }
}
