/// What concerns all services.
package enum Organization {
  /// `organization.get_tags`
  package enum GetTags: TagsEndpoint { package static let name = "organization.get_tags" }

  /// `organization.get_user_companies`
  package enum GetUserCompanies: Endpoint {
    package static let name = "organization.get_user_companies"
    package typealias Request = Nothing

    package struct Response: Codable, Sendable {
      package var companies: [JSON]

      package init(companies: [JSON]) { self.companies = companies }
    }
  }

  /// `organization.get_entities_count`: how many records of each kind a filter finds, given as `{kind: filter}`.
  package enum GetEntitiesCount: Endpoint {
    package static let name = "organization.get_entities_count"
    package typealias Request = JSON
    package typealias Response = JSON
  }
}

/// Tasks that start others in order.
package enum Pipelines {
  /// `pipelines.start_pipeline`: runs a copy of a pipeline's controller with other arguments.
  package enum StartPipeline: Endpoint {
    package static let name = "pipelines.start_pipeline"

    package struct Request: Codable, Sendable {
      package var task: String
      package var queue: String?
      package var args: [Argument]?
      package var verifyWatchedQueue: Bool?
    }

    package struct Response: Codable, Sendable {
      package var pipeline: String
      package var enqueued: Bool
      package var queueWatched: Bool?

      package init(pipeline: String, enqueued: Bool, queueWatched: Bool?) {
        (self.pipeline, self.enqueued, self.queueWatched) = (pipeline, enqueued, queueWatched)
      }
    }

    /// A pipeline's parameter.
    package struct Argument: Codable, Sendable {
      package var name: String
      package var value: String
    }
  }

  /// `pipelines.check_new_run`: whether a project has a pipeline of that name already.
  package enum CheckNewRun: Endpoint {
    package static let name = "pipelines.check_new_run"

    package struct Request: Codable, Sendable {
      /// A controller.
      package var task: String
      package var newProjectName: String
      /// The controller's name unless it is given.
      package var newPipelineName: String?
    }

    package struct Response: Codable, Sendable {
      package var existingProject: Project?

      package init(existingProject: Project?) { self.existingProject = existingProject }
    }

    /// The project of a pipeline's runs.
    package struct Project: Codable, Sendable {
      package var id: String
      package var name: String

      package init(id: String, name: String) { (self.id, self.name) = (id, name) }
    }
  }

  /// `pipelines.delete_runs`
  package enum DeleteRuns: Endpoint {
    package static let name = "pipelines.delete_runs"

    package struct Request: Codable, Sendable {
      package var ids: [String]
      package var project: String
    }
    package typealias Response = ManyResponse
  }
}
