/// Reports: pages that people write, kept as tasks.
package enum Reports {
  /// `reports.create`
  package enum Create: Endpoint {
    package static let name = "reports.create"

    package struct Request: Codable, Sendable {
      package var name: String
      package var tags: [String]?
      package var comment: String?
      package var report: String?
      package var project: String?
      package var reportAssets: [String]?
    }

    package struct Response: Codable, Sendable {
      package var id: String
      package var projectId: String

      package init(id: String, projectId: String) { (self.id, self.projectId) = (id, projectId) }
    }
  }

  /// `reports.update`
  package enum Update: Endpoint {
    package static let name = "reports.update"

    package struct Request: Codable, Sendable {
      package var task: String
      package var name: String?
      package var tags: [String]?
      package var comment: String?
      package var report: String?
      package var reportAssets: [String]?
    }
    package typealias Response = Updated
  }

  /// `reports.move`
  package enum Move: Endpoint {
    package static let name = "reports.move"

    package struct Request: Codable, Sendable {
      package var task: String
      package var project: String?
      package var projectName: String?
    }
    package typealias Response = MoveResponse
  }

  /// Names a report, and says why it changes.
  package struct CommentedRequest: Codable, Sendable {
    package var task: String
    package var comment: String?
  }

  /// `reports.publish`
  package enum Publish: Endpoint {
    package static let name = "reports.publish"
    package typealias Request = CommentedRequest
    package typealias Response = Updated
  }

  /// `reports.archive`
  package enum Archive: Endpoint {
    package static let name = "reports.archive"
    package typealias Request = CommentedRequest

    package struct Response: Codable, Sendable {
      package var archived: Int

      package init(archived: Int) { self.archived = archived }
    }
  }

  /// `reports.unarchive`
  package enum Unarchive: Endpoint {
    package static let name = "reports.unarchive"
    package typealias Request = CommentedRequest

    package struct Response: Codable, Sendable {
      package var unarchived: Int

      package init(unarchived: Int) { self.unarchived = unarchived }
    }
  }

  /// `reports.delete`
  package enum Delete: Endpoint {
    package static let name = "reports.delete"

    package struct Request: Codable, Sendable {
      package var task: String
      package var force: Bool?
    }

    package struct Response: Codable, Sendable {
      package var deleted: Int

      package init(deleted: Int) { self.deleted = deleted }
    }
  }

  /// `reports.get_all_ex`
  package enum GetAllEx: ListEndpoint { package static let name = "reports.get_all_ex" }

  /// `reports.get_tags`
  package enum GetTags: TagsEndpoint { package static let name = "reports.get_tags" }

  /// `reports.get_task_data`: tasks, found as by `tasks.get_all_ex`, and what they have reported.
  package enum GetTaskData: Endpoint {
    package static let name = "reports.get_task_data"
    package typealias Request = JSON
    package typealias Response = JSON

    /// What of the tasks' events is wanted.
    package struct Wanted: Codable, Sendable {
      package var plots: Documents?
      package var debugImages: Documents?
      package var scalarMetricsIterHistogram: Curves?
      package var singleValueMetrics: JSON?
      package var modelEvents: Bool?

      /// Which plots or images.
      package struct Documents: Codable, Sendable {
        package var iters: Int?
        package var metrics: [MetricVariants]?
        /// Of plots: whether the iterations are the last of each metric, as without it, or the last of the task.
        package var lastItersPerTaskMetric: Bool?
      }

      /// Which curves.
      package struct Curves: Codable, Sendable {
        package var samples: Int?
        package var key: String?
        package var metrics: [MetricVariants]?
      }
    }
  }
}
