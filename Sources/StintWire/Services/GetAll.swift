// The calls whose request is the filter language of the protocol (`StintStore.Query`), and whose answer is a list of
// documents cut to the fields that were asked for.

/// An endpoint that lists documents.
package protocol ListEndpoint: Endpoint where Request == JSON, Response == JSON {}

extension Tasks {
  /// `tasks.get_all`: project, user, company and parent are identifiers.
  package enum GetAll: ListEndpoint { package static let name = "tasks.get_all" }
  /// `tasks.get_all_ex`: project, user, company and parent are objects.
  package enum GetAllEx: ListEndpoint { package static let name = "tasks.get_all_ex" }
  /// `tasks.get_by_id_ex`: as `get_all_ex`, for one task.
  package enum GetByIDEx: ListEndpoint { package static let name = "tasks.get_by_id_ex" }
}

extension Projects {
  /// `projects.get_all`
  package enum GetAll: ListEndpoint { package static let name = "projects.get_all" }
  /// `projects.get_all_ex`
  package enum GetAllEx: ListEndpoint { package static let name = "projects.get_all_ex" }
}

extension Models {
  /// `models.get_all`
  package enum GetAll: ListEndpoint { package static let name = "models.get_all" }
  /// `models.get_all_ex`
  package enum GetAllEx: ListEndpoint { package static let name = "models.get_all_ex" }
  /// `models.get_by_id_ex`
  package enum GetByIDEx: ListEndpoint { package static let name = "models.get_by_id_ex" }
}

extension Queues {
  /// `queues.get_all`
  package enum GetAll: ListEndpoint { package static let name = "queues.get_all" }
  /// `queues.get_all_ex`
  package enum GetAllEx: ListEndpoint { package static let name = "queues.get_all_ex" }
}

extension Users {
  /// `users.get_all`
  package enum GetAll: ListEndpoint { package static let name = "users.get_all" }
  /// `users.get_all_ex`
  package enum GetAllEx: ListEndpoint { package static let name = "users.get_all_ex" }
}

extension Events {
  /// `events.add_batch`: the body is JSON lines, one event each.
  package enum AddBatch: BatchEndpoint {
    package static let name = "events.add_batch"
    package typealias Single = Add

    package struct Response: Codable, Sendable {
      package var added: Int
      package var errors: Int
      package var errorsInfo: [String: Int]

      package init(added: Int, errors: Int, errorsInfo: [String: Int]) {
        (self.added, self.errors, self.errorsInfo) = (added, errors, errorsInfo)
      }
    }
  }
}

extension Workers {
  /// `workers.get_runtime_properties`: absent from the stock server, asked by every clearml-agent.
  package enum GetRuntimeProperties: Endpoint {
    package static let name = "workers.get_runtime_properties"

    package struct Request: Codable, Sendable {
      package var worker: String

      package init(worker: String) { self.worker = worker }
    }

    package struct Response: Codable, Sendable {
      package var runtimeProperties: [JSON]

      package init(runtimeProperties: [JSON]) { self.runtimeProperties = runtimeProperties }
    }
  }
}
