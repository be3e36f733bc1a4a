import StintModel

/// Tasks: one execution record each.
package enum Tasks {
  /// `tasks.get_by_id`
  package enum GetByID: Endpoint {
    package static let name = "tasks.get_by_id"

    package struct Request: Codable, Sendable {
      package var task: String

      package init(task: String) {
        self.task = task
      }
    }

    package struct Response: Codable, Sendable {
      package var task: JSON?

      package init(task: JSON? = nil) {
        self.task = task
      }
    }
  }

  /// `tasks.create`
  package enum Create: Endpoint {
    package static let name = "tasks.create"

    package struct Request: Codable, Sendable {
      package var name: String
      package var tags: [String]?
      package var systemTags: [String]?
      package var type: TaskType
      package var comment: String?
      package var parent: String?
      package var project: String?
      package var outputDest: String?
      package var execution: Execution?
      package var script: Script?
      package var hyperparams: [String: [String: ParamsItem]]?
      package var configuration: [String: ConfigurationItem]?
      package var models: TaskModels?
      package var container: [String: String]?

      package init(
        name: String, type: TaskType, tags: [String]? = nil, systemTags: [String]? = nil, comment: String? = nil,
        parent: String? = nil, project: String? = nil, outputDest: String? = nil, execution: Execution? = nil,
        script: Script? = nil, hyperparams: [String: [String: ParamsItem]]? = nil,
        configuration: [String: ConfigurationItem]? = nil, models: TaskModels? = nil,
        container: [String: String]? = nil
      ) {
        (self.name, self.tags, self.systemTags) = (name, tags, systemTags)
        (self.type, self.comment, self.parent) = (type, comment, parent)
        (self.project, self.outputDest, self.execution) = (project, outputDest, execution)
        (self.script, self.hyperparams, self.configuration) = (script, hyperparams, configuration)
        (self.models, self.container) = (models, container)
      }
    }

    package struct Response: Codable, Sendable {
      package var id: String?

      package init(id: String? = nil) {
        self.id = id
      }
    }
  }

  /// `tasks.clone`
  package enum Clone: Endpoint {
    package static let name = "tasks.clone"

    package struct Request: Codable, Sendable {
      package var task: String
      package var newTaskName: String?
      package var newTaskComment: String?
      package var newTaskTags: [String]?
      package var newTaskSystemTags: [String]?
      package var newTaskParent: String?
      package var newTaskProject: String?
      package var newTaskHyperparams: [String: [String: ParamsItem]]?
      package var newTaskConfiguration: [String: ConfigurationItem]?
      package var executionOverrides: Execution?
      package var validateReferences: Bool?
      package var newProjectName: String?
      package var newTaskInputModels: [TaskModelItem]?
      package var newTaskContainer: [String: String]?

      package init(
        task: String, newTaskName: String? = nil, newTaskComment: String? = nil, newTaskTags: [String]? = nil,
        newTaskSystemTags: [String]? = nil, newTaskParent: String? = nil, newTaskProject: String? = nil,
        newTaskHyperparams: [String: [String: ParamsItem]]? = nil,
        newTaskConfiguration: [String: ConfigurationItem]? = nil, executionOverrides: Execution? = nil,
        validateReferences: Bool? = nil, newProjectName: String? = nil, newTaskInputModels: [TaskModelItem]? = nil,
        newTaskContainer: [String: String]? = nil
      ) {
        (self.task, self.newTaskName, self.newTaskComment) = (task, newTaskName, newTaskComment)
        (self.newTaskTags, self.newTaskSystemTags, self.newTaskParent) = (newTaskTags, newTaskSystemTags, newTaskParent)
        (self.newTaskProject, self.newTaskHyperparams, self.newTaskConfiguration) = (
          newTaskProject, newTaskHyperparams, newTaskConfiguration
        )
        (self.executionOverrides, self.validateReferences, self.newProjectName) = (
          executionOverrides, validateReferences, newProjectName
        )
        (self.newTaskInputModels, self.newTaskContainer) = (newTaskInputModels, newTaskContainer)
      }
    }

    package struct Response: Codable, Sendable {
      package var id: String?
      package var newProject: JSON?

      package init(id: String? = nil, newProject: JSON? = nil) {
        (self.id, self.newProject) = (id, newProject)
      }
    }
  }

  /// `tasks.edit`
  package enum Edit: Endpoint {
    package static let name = "tasks.edit"

    package struct Request: Codable, Sendable {
      package var task: String
      package var force: Bool?
      package var name: String?
      package var tags: [String]?
      package var systemTags: [String]?
      package var type: TaskType?
      package var comment: String?
      package var parent: String?
      package var project: String?
      package var outputDest: String?
      package var execution: Execution?
      package var script: Script?
      package var hyperparams: [String: [String: ParamsItem]]?
      package var configuration: [String: ConfigurationItem]?
      package var models: TaskModels?
      package var container: [String: String]?
      package var runtime: [String: JSON]?
      /// When it was made.
      package var created: String?
      /// Why its output could not be stored: `output.error`.
      package var output__error: String?

      package init(
        task: String, force: Bool? = nil, name: String? = nil, tags: [String]? = nil, systemTags: [String]? = nil,
        type: TaskType? = nil, comment: String? = nil, parent: String? = nil, project: String? = nil,
        outputDest: String? = nil, execution: Execution? = nil, script: Script? = nil,
        hyperparams: [String: [String: ParamsItem]]? = nil, configuration: [String: ConfigurationItem]? = nil,
        models: TaskModels? = nil, container: [String: String]? = nil, runtime: [String: JSON]? = nil
      ) {
        (self.task, self.force, self.name) = (task, force, name)
        (self.tags, self.systemTags, self.type) = (tags, systemTags, type)
        (self.comment, self.parent, self.project) = (comment, parent, project)
        (self.outputDest, self.execution, self.script) = (outputDest, execution, script)
        (self.hyperparams, self.configuration, self.models) = (hyperparams, configuration, models)
        (self.container, self.runtime) = (container, runtime)
      }
    }
    package typealias Response = Updated
  }

  /// `tasks.update`: as `edit`, whatever the task's status.
  package enum Update: Endpoint {
    package static let name = "tasks.update"
    package typealias Request = Edit.Request
    package typealias Response = Updated
  }

  /// `tasks.archive`
  package enum Archive: Endpoint {
    package static let name = "tasks.archive"

    package struct Request: Codable, Sendable {
      package var tasks: [String]
      package var statusReason: String?
      package var statusMessage: String?
      /// Whether the steps of pipelines are meant, too.
      package var includePipelineSteps: Bool?

      package init(tasks: [String], statusReason: String? = nil, statusMessage: String? = nil) {
        (self.tasks, self.statusReason, self.statusMessage) = (tasks, statusReason, statusMessage)
      }
    }

    package struct Response: Codable, Sendable {
      package var archived: Int?

      package init(archived: Int? = nil) { self.archived = archived }
    }
  }
}
