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

extension Organization {
  /// `organization.get_project_usages`: how long tasks of some projects ran.
  package enum GetProjectUsages: Endpoint {
    package static let name = "organization.get_project_usages"

    package struct Request: Codable, Sendable {
      package var projects: [String]
      package var fromDate: String
      package var toDate: String
      /// Whether tasks count that no agent ran.
      package var includeDevelopment: Bool?
      package var breakdownKeys: [Key]?
    }

    /// What the times are added up by.
    package enum Key: String, Codable, Sendable, CaseIterable {
      case project, user, queue
    }

    package struct Response: Codable, Sendable {
      package var projects: Usages?
      package var users: Usages?
      package var queues: Usages?

      package init() {}
    }

    /// Times by record.
    package struct Usages: Codable, Sendable {
      package var total: [Total]
      package var series: [Series]

      package init(total: [Total], series: [Series]) { (self.total, self.series) = (total, series) }
    }

    /// A record's time in all, in seconds.
    package struct Total: Codable, Sendable {
      package var id: String
      package var name: String
      package var duration: Int

      package init(id: String, name: String, duration: Int) { (self.id, self.name, self.duration) = (id, name, duration) }
    }

    /// A record's times by day, by the day's begin in seconds since 1970.
    package struct Series: Codable, Sendable {
      package var id: String
      package var name: String
      package var dates: [Int]
      package var duration: [Int]

      package init(id: String, name: String, dates: [Int], duration: [Int]) {
        (self.id, self.name, self.dates, self.duration) = (id, name, dates, duration)
      }
    }
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
