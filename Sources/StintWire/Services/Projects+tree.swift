// Calls that change the tree of projects.

extension Projects {
  /// `projects.move`: puts a project, and what is below it, under another one.
  package enum Move: Endpoint {
    package static let name = "projects.move"

    package struct Request: Codable, Sendable {
      package var project: String
      /// The name of the project to move it under, which is made where it is missing. The top without one.
      package var newLocation: String?
    }

    package struct Response: Codable, Sendable {
      package var moved: Int

      package init(moved: Int) { self.moved = moved }
    }
  }

  /// `projects.merge`: moves what is in a project into another one, and deletes it.
  package enum Merge: Endpoint {
    package static let name = "projects.merge"

    package struct Request: Codable, Sendable {
      package var project: String
      package var destinationProject: String
    }

    package struct Response: Codable, Sendable {
      package var movedEntities: Int
      package var movedProjects: Int

      package init(movedEntities: Int, movedProjects: Int) {
        (self.movedEntities, self.movedProjects) = (movedEntities, movedProjects)
      }
    }
  }

  /// `projects.validate_delete`: what would go with a project.
  package enum ValidateDelete: Endpoint {
    package static let name = "projects.validate_delete"
    package typealias Request = GetByID.Request

    package struct Response: Codable, Sendable {
      package var tasks = 0
      package var nonArchivedTasks = 0
      package var models = 0
      package var nonArchivedModels = 0
      package var reports = 0
      package var nonArchivedReports = 0
      package var pipelines = 0
      package var datasets = 0

      package init() {}
    }
  }

  /// `projects.delete`
  package enum Delete: Endpoint {
    package static let name = "projects.delete"

    package struct Request: Codable, Sendable {
      package var project: String
      /// Deletes a project that is in use, too.
      package var force: Bool?
      /// Deletes what is in it, too. It belongs to no project without this.
      package var deleteContents: Bool?
      /// Ignored: files are deleted by those who get their addresses.
      package var deleteExternalArtifacts: Bool?
    }

    package struct Response: Codable, Sendable {
      package var deleted: Int
      package var disassociatedTasks: Int
      package var urls: JSON?
      package var deletedModels: Int
      package var deletedTasks: Int

      package init(deleted: Int, disassociatedTasks: Int, urls: JSON?, deletedModels: Int, deletedTasks: Int) {
        (self.deleted, self.disassociatedTasks, self.urls) = (deleted, disassociatedTasks, urls)
        (self.deletedModels, self.deletedTasks) = (deletedModels, deletedTasks)
      }
    }
  }
}
