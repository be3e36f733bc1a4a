/// Models and their versions.
package enum Models {
  /// `models.get_by_id`
  package enum GetByID: Endpoint {
    package static let name = "models.get_by_id"

    package struct Request: Codable, Sendable {
      package var model: String

      package init(model: String) {
        self.model = model
      }
    }

    package struct Response: Codable, Sendable {
      package var model: JSON?

      package init(model: JSON? = nil) {
        self.model = model
      }
    }
  }

  /// `models.create`
  package enum Create: Endpoint {
    package static let name = "models.create"

    package struct Request: Codable, Sendable {
      package var uri: String
      package var name: String
      package var comment: String?
      package var tags: [String]?
      package var systemTags: [String]?
      package var framework: String?
      package var design: [String: JSON]?
      package var labels: [String: Int]?
      package var ready: Bool?
      /// Whether it belongs to everybody, so that nobody may change it.
      package var `public`: Bool?
      package var project: String?
      package var parent: String?
      package var task: String?

      package init(
        uri: String, name: String, comment: String? = nil, tags: [String]? = nil, systemTags: [String]? = nil,
        framework: String? = nil, design: [String: JSON]? = nil, labels: [String: Int]? = nil, ready: Bool? = nil,
        project: String? = nil, parent: String? = nil, task: String? = nil
      ) {
        (self.uri, self.name, self.comment) = (uri, name, comment)
        (self.tags, self.systemTags, self.framework) = (tags, systemTags, framework)
        (self.design, self.labels, self.ready) = (design, labels, ready)
        (self.project, self.parent, self.task) = (project, parent, task)
      }
    }

    package struct Response: Codable, Sendable {
      package var id: String?
      package var created: Bool?

      package init(id: String? = nil, created: Bool? = nil) {
        (self.id, self.created) = (id, created)
      }
    }
  }

  /// `models.edit`
  package enum Edit: Endpoint {
    package static let name = "models.edit"

    package struct Request: Codable, Sendable {
      package var model: String
      package var uri: String?
      package var name: String?
      package var comment: String?
      package var tags: [String]?
      package var systemTags: [String]?
      package var framework: String?
      package var design: [String: JSON]?
      package var labels: [String: Int]?
      package var ready: Bool?
      package var project: String?
      package var parent: String?
      package var task: String?
      package var iteration: Int?
      /// When it was made.
      package var created: String?
      /// What a page keeps of how it shows the model.
      package var uiCache: [String: JSON]?

      package init(
        model: String, uri: String? = nil, name: String? = nil, comment: String? = nil, tags: [String]? = nil,
        systemTags: [String]? = nil, framework: String? = nil, design: [String: JSON]? = nil,
        labels: [String: Int]? = nil,
        ready: Bool? = nil, project: String? = nil, parent: String? = nil, task: String? = nil,
        iteration: Int? = nil
      ) {
        (self.model, self.uri, self.name) = (model, uri, name)
        (self.comment, self.tags, self.systemTags) = (comment, tags, systemTags)
        (self.framework, self.design, self.labels) = (framework, design, labels)
        (self.ready, self.project, self.parent) = (ready, project, parent)
        (self.task, self.iteration) = (task, iteration)
      }
    }
    package typealias Response = Updated
  }

  /// `models.update_for_task`
  package enum UpdateForTask: Endpoint {
    package static let name = "models.update_for_task"

    package struct Request: Codable, Sendable {
      package var task: String
      package var uri: String?
      package var name: String?
      package var comment: String?
      package var tags: [String]?
      package var systemTags: [String]?
      package var overrideModelId: String?
      package var iteration: Int?

      package init(
        task: String, uri: String? = nil, name: String? = nil, comment: String? = nil, tags: [String]? = nil,
        systemTags: [String]? = nil, overrideModelId: String? = nil, iteration: Int? = nil
      ) {
        (self.task, self.uri, self.name) = (task, uri, name)
        (self.comment, self.tags, self.systemTags) = (comment, tags, systemTags)
        (self.overrideModelId, self.iteration) = (overrideModelId, iteration)
      }
    }

    package struct Response: Codable, Sendable {
      package var id: String?
      package var created: Bool?
      package var updated: Int?
      package var fields: JSON?

      package init(id: String? = nil, created: Bool? = nil, updated: Int? = nil, fields: JSON? = nil) {
        (self.id, self.created, self.updated) = (id, created, updated)
        self.fields = fields
      }
    }
  }

  /// `models.delete`
  package enum Delete: Endpoint {
    package static let name = "models.delete"

    package struct Request: Codable, Sendable {
      package var model: String
      package var force: Bool?

      package init(model: String, force: Bool? = nil) {
        (self.model, self.force) = (model, force)
      }
    }

    package struct Response: Codable, Sendable {
      package var deleted: Bool?
      package var url: String?

      package init(deleted: Bool? = nil, url: String? = nil) {
        (self.deleted, self.url) = (deleted, url)
      }
    }
  }

  /// `models.set_ready`
  package enum SetReady: Endpoint {
    package static let name = "models.set_ready"

    package struct Request: Codable, Sendable {
      package var model: String
      package var forcePublishTask: Bool?
      package var publishTask: Bool?

      package init(model: String, forcePublishTask: Bool? = nil, publishTask: Bool? = nil) {
        (self.model, self.forcePublishTask, self.publishTask) = (model, forcePublishTask, publishTask)
      }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?
      package var fields: JSON?
      package var publishedTask: JSON?

      package init(updated: Int? = nil, fields: JSON? = nil, publishedTask: JSON? = nil) {
        (self.updated, self.fields, self.publishedTask) = (updated, fields, publishedTask)
      }
    }
  }

  /// `models.add_or_update_metadata`
  package enum AddOrUpdateMetadata: Endpoint {
    package static let name = "models.add_or_update_metadata"

    package struct Request: Codable, Sendable {
      package var model: String
      package var metadata: [MetadataItem]
      package var replaceMetadata: Bool?

      package init(model: String, metadata: [MetadataItem], replaceMetadata: Bool? = nil) {
        (self.model, self.metadata, self.replaceMetadata) = (model, metadata, replaceMetadata)
      }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?

      package init(updated: Int? = nil) {
        self.updated = updated
      }
    }
  }

  /// `models.delete_metadata`
  package enum DeleteMetadata: Endpoint {
    package static let name = "models.delete_metadata"

    package struct Request: Codable, Sendable {
      package var model: String
      package var keys: [String]

      package init(model: String, keys: [String]) { (self.model, self.keys) = (model, keys) }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?

      package init(updated: Int? = nil) { self.updated = updated }
    }
  }

  /// `models.update`: as `edit`.
  package enum Update: Endpoint {
    package static let name = "models.update"
    package typealias Request = Edit.Request
    package typealias Response = Updated
  }
}
