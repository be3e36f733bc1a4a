// The rest of what can be asked of tasks and models.

extension Tasks {
  /// `tasks.get_types`
  package enum GetTypes: Endpoint {
    package static let name = "tasks.get_types"

    package struct Request: Codable, Sendable {
      package var projects: [String?]?
    }

    package struct Response: Codable, Sendable {
      package var types: [String]

      package init(types: [String]) { self.types = types }
    }
  }

  /// `tasks.validate`: whether `tasks.create` would take this.
  package enum Validate: Endpoint {
    package static let name = "tasks.validate"
    package typealias Request = Create.Request
    package typealias Response = Nothing
  }

  /// `tasks.update_batch`: the body is JSON lines, one `tasks.update` each.
  package enum UpdateBatch: BatchEndpoint {
    package static let name = "tasks.update_batch"
    package typealias Single = Update
    package typealias Response = UpdatedCount
  }

  /// `tasks.edit_runtime`: changes some runtime properties and leaves the others alone.
  package enum EditRuntime: Endpoint {
    package static let name = "tasks.edit_runtime"

    package struct Request: Codable, Sendable {
      package var task: String
      package var addOrUpdate: [String: JSON]?
      package var remove: [String]?
      package var force: Bool?

      package init(
        task: String, addOrUpdate: [String: JSON]? = nil, remove: [String]? = nil, force: Bool? = nil
      ) {
        (self.task, self.addOrUpdate, self.remove, self.force) = (task, addOrUpdate, remove, force)
      }
    }
    package typealias Response = UpdatedCount
  }
}

extension Models {
  /// `models.get_frameworks`
  package enum GetFrameworks: Endpoint {
    package static let name = "models.get_frameworks"
    package typealias Request = Tasks.GetTypes.Request

    package struct Response: Codable, Sendable {
      package var frameworks: [String]

      package init(frameworks: [String]) { self.frameworks = frameworks }
    }
  }

  /// `models.get_by_task_id`: of old versions only.
  package enum GetByTaskID: Endpoint {
    package static let name = "models.get_by_task_id"

    package struct Request: Codable, Sendable {
      package var task: String
    }
    package typealias Response = GetByID.Response
  }
}
