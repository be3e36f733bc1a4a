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
}
