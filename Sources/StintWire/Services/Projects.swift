/// Projects: the tree that tasks live in.
package enum Projects {
  /// `projects.create`
  package enum Create: Endpoint {
    package static let name = "projects.create"

    package struct Request: Codable, Sendable {
      package var name: String
      package var description: String?
      package var tags: [String]?
      package var systemTags: [String]?
      package var defaultOutputDestination: String?

      package init(
        name: String, description: String? = nil, tags: [String]? = nil, systemTags: [String]? = nil,
        defaultOutputDestination: String? = nil
      ) {
        (self.name, self.description, self.tags) = (name, description, tags)
        (self.systemTags, self.defaultOutputDestination) = (systemTags, defaultOutputDestination)
      }
    }

    package struct Response: Codable, Sendable {
      package var id: String?

      package init(id: String? = nil) {
        self.id = id
      }
    }
  }

  /// `projects.get_by_id`
  package enum GetByID: Endpoint {
    package static let name = "projects.get_by_id"

    package struct Request: Codable, Sendable {
      package var project: String

      package init(project: String) {
        self.project = project
      }
    }

    package struct Response: Codable, Sendable {
      package var project: JSON?

      package init(project: JSON? = nil) {
        self.project = project
      }
    }
  }

  /// `projects.update`
  package enum Update: Endpoint {
    package static let name = "projects.update"

    package struct Request: Codable, Sendable {
      package var project: String
      package var name: String?
      package var description: String?
      package var tags: [String]?
      package var systemTags: [String]?
      package var defaultOutputDestination: String?

      package init(
        project: String, name: String? = nil, description: String? = nil, tags: [String]? = nil,
        systemTags: [String]? = nil, defaultOutputDestination: String? = nil
      ) {
        (self.project, self.name, self.description) = (project, name, description)
        (self.tags, self.systemTags, self.defaultOutputDestination) = (tags, systemTags, defaultOutputDestination)
      }
    }
    package typealias Response = Updated
  }
}
