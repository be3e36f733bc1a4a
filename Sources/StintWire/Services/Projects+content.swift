// What is in projects.

extension Projects {
  /// `projects.get_hyper_parameters`
  package enum GetHyperParameters: Endpoint {
    package static let name = "projects.get_hyper_parameters"

    package struct Request: Codable, Sendable {
      package var project: String
      package var page: Int?
      package var pageSize: Int?
      package var includeSubprojects: Bool?
    }

    package struct Response: Codable, Sendable {
      /// `{"section", "name"}` each.
      package var parameters: [JSON]
      package var remaining: Int
      package var total: Int

      package init(parameters: [JSON], remaining: Int, total: Int) {
        (self.parameters, self.remaining, self.total) = (parameters, remaining, total)
      }
    }
  }

  /// `projects.get_hyperparam_values`
  package enum GetHyperparamValues: Endpoint {
    package static let name = "projects.get_hyperparam_values"

    package struct Request: Codable, Sendable {
      package var projects: [String?]?
      package var section: String
      package var name: String
      package var includeSubprojects: Bool?
      package var page: Int?
      package var pageSize: Int?
      /// Limits the values to those that match this regular expression.
      package var pattern: String?
      /// Whether the values of public tasks count, too, as they do without it.
      package var allowPublic: Bool?
    }

    package struct Response: Codable, Sendable {
      package var total: Int
      package var values: [String]

      package init(total: Int, values: [String]) { (self.total, self.values) = (total, values) }
    }
  }

  /// `projects.get_model_metadata_keys`
  package enum GetModelMetadataKeys: Endpoint {
    package static let name = "projects.get_model_metadata_keys"
    package typealias Request = GetHyperParameters.Request

    package struct Response: Codable, Sendable {
      package var keys: [String]
      package var remaining: Int
      package var total: Int

      package init(keys: [String], remaining: Int, total: Int) {
        (self.keys, self.remaining, self.total) = (keys, remaining, total)
      }
    }
  }

  /// `projects.get_model_metadata_values`
  package enum GetModelMetadataValues: Endpoint {
    package static let name = "projects.get_model_metadata_values"

    package struct Request: Codable, Sendable {
      package var projects: [String?]?
      package var key: String
      package var includeSubprojects: Bool?
      package var page: Int?
      package var pageSize: Int?
      /// Whether the values of public models count, too, as they do without it.
      package var allowPublic: Bool?
    }
    package typealias Response = GetHyperparamValues.Response
  }

  /// `projects.get_unique_metric_variants`
  package enum GetUniqueMetricVariants: Endpoint {
    package static let name = "projects.get_unique_metric_variants"

    package struct Request: Codable, Sendable {
      package var project: String?
      package var includeSubprojects: Bool?
      package var modelMetrics: Bool?
      /// Limits the answer to these tasks or models.
      package var ids: [String]?
    }

    package struct Response: Codable, Sendable {
      /// `{"metric", "metric_hash", "variant", "variant_hash"}` each.
      package var metrics: [JSON]

      package init(metrics: [JSON]) { self.metrics = metrics }
    }
  }

  /// `projects.get_task_parents`
  package enum GetTaskParents: Endpoint {
    package static let name = "projects.get_task_parents"

    package struct Request: Codable, Sendable {
      package var projects: [String?]?
      /// `active` or `archived`: whose parents; of all tasks where it is missing.
      package var tasksState: TasksState?
      package var includeSubprojects: Bool?
      /// A regular expression for the parents' names.
      package var taskName: String?
    }

    package struct Response: Codable, Sendable {
      package var parents: [JSON]

      package init(parents: [JSON]) { self.parents = parents }
    }

    /// Which tasks.
    package enum TasksState: String, Codable, Sendable, CaseIterable {
      case active, archived
    }
  }

  /// `projects.get_user_names`
  package enum GetUserNames: Endpoint {
    package static let name = "projects.get_user_names"

    package struct Request: Codable, Sendable {
      package var projects: [String?]?
      package var includeSubprojects: Bool?
      package var entity: Entity?
    }

    package struct Response: Codable, Sendable {
      package var users: [JSON]

      package init(users: [JSON]) { self.users = users }
    }

    /// Whose users.
    package enum Entity: String, Codable, Sendable, CaseIterable {
      case task, model
    }
  }
}
