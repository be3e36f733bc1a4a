// What several services do alike: share, move and tag records, and tell which tags there are.

/// Names records.
package struct IDsRequest: Codable, Sendable {
  package var ids: [String]
}

/// How many records changed.
package struct UpdatedCount: Codable, Sendable {
  package var updated: Int

  package init(updated: Int) { self.updated = updated }
}

/// An endpoint that changes some records and tells how many.
package protocol SharingEndpoint: Endpoint where Request == IDsRequest, Response == UpdatedCount {}

/// Moves records into a project, which is made where it is named and missing.
package struct MoveRequest: Codable, Sendable {
  package var ids: [String]
  package var project: String?
  package var projectName: String?
}

/// Where records were moved.
package struct MoveResponse: Codable, Sendable {
  package var projectId: String

  package init(projectId: String) { self.projectId = projectId }
}

/// Adds tags to records, and takes others away.
package struct UpdateTagsRequest: Codable, Sendable {
  package var ids: [String]
  package var addTags: [String]?
  package var removeTags: [String]?
}

/// Asks which tags the records of some projects have.
package struct GetTagsRequest: Codable, Sendable {
  package var includeSystem: Bool?
  package var projects: [String?]?
  package var filter: TagFilter?

  /// Limits the records to those with one of these tags.
  package struct TagFilter: Codable, Sendable {
    package var tags: [String]?
    package var systemTags: [String]?
  }
}

/// Which tags there are.
package struct GetTagsResponse: Codable, Sendable {
  package var tags: [String]
  /// Only where they were asked for.
  package var systemTags: [String]?

  package init(tags: [String], systemTags: [String]? = nil) { (self.tags, self.systemTags) = (tags, systemTags) }
}

/// An endpoint that tells which tags there are.
package protocol TagsEndpoint: Endpoint where Request == GetTagsRequest, Response == GetTagsResponse {}

extension Tasks {
  /// `tasks.make_public`: nobody can change the tasks any more.
  package enum MakePublic: SharingEndpoint { package static let name = "tasks.make_public" }
  /// `tasks.make_private`
  package enum MakePrivate: SharingEndpoint { package static let name = "tasks.make_private" }

  /// `tasks.move`
  package enum Move: Endpoint {
    package static let name = "tasks.move"
    package typealias Request = MoveRequest
    package typealias Response = MoveResponse
  }

  /// `tasks.update_tags`
  package enum UpdateTags: Endpoint {
    package static let name = "tasks.update_tags"
    package typealias Request = UpdateTagsRequest
    package typealias Response = UpdatedCount
  }
}

extension Models {
  /// `models.make_public`: nobody can change the models any more.
  package enum MakePublic: SharingEndpoint { package static let name = "models.make_public" }
  /// `models.make_private`
  package enum MakePrivate: SharingEndpoint { package static let name = "models.make_private" }

  /// `models.move`
  package enum Move: Endpoint {
    package static let name = "models.move"
    package typealias Request = MoveRequest
    package typealias Response = MoveResponse
  }

  /// `models.update_tags`
  package enum UpdateTags: Endpoint {
    package static let name = "models.update_tags"
    package typealias Request = UpdateTagsRequest
    package typealias Response = UpdatedCount
  }
}

extension Projects {
  /// `projects.make_public`: nobody can change the projects any more.
  package enum MakePublic: SharingEndpoint { package static let name = "projects.make_public" }
  /// `projects.make_private`
  package enum MakePrivate: SharingEndpoint { package static let name = "projects.make_private" }
  /// `projects.get_project_tags`
  package enum GetProjectTags: TagsEndpoint { package static let name = "projects.get_project_tags" }
  /// `projects.get_task_tags`
  package enum GetTaskTags: TagsEndpoint { package static let name = "projects.get_task_tags" }
  /// `projects.get_model_tags`
  package enum GetModelTags: TagsEndpoint { package static let name = "projects.get_model_tags" }
}
