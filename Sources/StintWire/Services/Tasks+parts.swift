// Calls that change a part of a task.

extension Tasks {
  /// `tasks.set_requirements`
  package enum SetRequirements: Endpoint {
    package static let name = "tasks.set_requirements"

    package struct Request: Codable, Sendable {
      package var task: String
      package var requirements: [String: JSON]

      package init(task: String, requirements: [String: JSON]) {
        (self.task, self.requirements) = (task, requirements)
      }
    }
    package typealias Response = Updated
  }

  /// `tasks.add_or_update_artifacts`
  package enum AddOrUpdateArtifacts: Endpoint {
    package static let name = "tasks.add_or_update_artifacts"

    package struct Request: Codable, Sendable {
      package var task: String
      package var artifacts: [Artifact]
      package var force: Bool?

      package init(task: String, artifacts: [Artifact], force: Bool? = nil) {
        (self.task, self.artifacts, self.force) = (task, artifacts, force)
      }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?

      package init(updated: Int? = nil) {
        self.updated = updated
      }
    }
  }

  /// `tasks.delete_artifacts`
  package enum DeleteArtifacts: Endpoint {
    package static let name = "tasks.delete_artifacts"

    package struct Request: Codable, Sendable {
      package var task: String
      package var artifacts: [ArtifactID]
      package var force: Bool?

      package init(task: String, artifacts: [ArtifactID], force: Bool? = nil) {
        (self.task, self.artifacts, self.force) = (task, artifacts, force)
      }
    }

    package struct Response: Codable, Sendable {
      package var deleted: Int?

      package init(deleted: Int? = nil) {
        self.deleted = deleted
      }
    }
  }

  /// `tasks.edit_hyper_params`
  package enum EditHyperParams: Endpoint {
    package static let name = "tasks.edit_hyper_params"

    package struct Request: Codable, Sendable {
      package var task: String
      package var hyperparams: [ParamsItem]
      package var replaceHyperparams: Replaced?
      package var force: Bool?

      package init(task: String, hyperparams: [ParamsItem], replaceHyperparams: Replaced? = nil, force: Bool? = nil) {
        (self.task, self.hyperparams, self.replaceHyperparams) = (task, hyperparams, replaceHyperparams)
        self.force = force
      }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?

      package init(updated: Int? = nil) {
        self.updated = updated
      }
    }
  }

  /// What goes when hyperparameters are set: nothing, the others of their sections, or all others.
  package enum Replaced: String, Codable, Sendable, CaseIterable {
    case none, section, all
  }

  /// `tasks.delete_hyper_params`
  package enum DeleteHyperParams: Endpoint {
    package static let name = "tasks.delete_hyper_params"

    package struct Request: Codable, Sendable {
      package var task: String
      package var hyperparams: [ParamKey]
      package var force: Bool?

      package init(task: String, hyperparams: [ParamKey], force: Bool? = nil) {
        (self.task, self.hyperparams, self.force) = (task, hyperparams, force)
      }
    }

    package struct Response: Codable, Sendable {
      package var deleted: Int?

      package init(deleted: Int? = nil) {
        self.deleted = deleted
      }
    }
  }

  /// `tasks.get_hyper_params`
  package enum GetHyperParams: Endpoint {
    package static let name = "tasks.get_hyper_params"

    package struct Request: Codable, Sendable {
      package var tasks: [String]

      package init(tasks: [String]) {
        self.tasks = tasks
      }
    }

    package struct Response: Codable, Sendable {
      package var params: [JSON]?

      package init(params: [JSON]? = nil) {
        self.params = params
      }
    }
  }

  /// `tasks.edit_configuration`
  package enum EditConfiguration: Endpoint {
    package static let name = "tasks.edit_configuration"

    package struct Request: Codable, Sendable {
      package var task: String
      package var configuration: [ConfigurationItem]
      package var replaceConfiguration: Bool?
      package var force: Bool?

      package init(
        task: String, configuration: [ConfigurationItem], replaceConfiguration: Bool? = nil, force: Bool? = nil
      ) {
        (self.task, self.configuration, self.replaceConfiguration) = (task, configuration, replaceConfiguration)
        self.force = force
      }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?

      package init(updated: Int? = nil) {
        self.updated = updated
      }
    }
  }

  /// `tasks.delete_configuration`
  package enum DeleteConfiguration: Endpoint {
    package static let name = "tasks.delete_configuration"

    package struct Request: Codable, Sendable {
      package var task: String
      package var configuration: [String]
      package var force: Bool?

      package init(task: String, configuration: [String], force: Bool? = nil) {
        (self.task, self.configuration, self.force) = (task, configuration, force)
      }
    }

    package struct Response: Codable, Sendable {
      package var deleted: Int?

      package init(deleted: Int? = nil) {
        self.deleted = deleted
      }
    }
  }

  /// `tasks.get_configurations`
  package enum GetConfigurations: Endpoint {
    package static let name = "tasks.get_configurations"

    package struct Request: Codable, Sendable {
      package var tasks: [String]
      package var names: [String]?

      package init(tasks: [String], names: [String]? = nil) {
        (self.tasks, self.names) = (tasks, names)
      }
    }

    package struct Response: Codable, Sendable {
      package var configurations: [JSON]?

      package init(configurations: [JSON]? = nil) {
        self.configurations = configurations
      }
    }
  }

  /// `tasks.get_configuration_names`
  package enum GetConfigurationNames: Endpoint {
    package static let name = "tasks.get_configuration_names"

    package struct Request: Codable, Sendable {
      package var tasks: [String]
      /// Whether tasks without configuration are left out, as they are without it.
      package var skipEmpty: Bool?

      package init(tasks: [String]) { self.tasks = tasks }
    }
    package typealias Response = GetConfigurations.Response
  }

  /// `tasks.add_or_update_model`
  package enum AddOrUpdateModel: Endpoint {
    package static let name = "tasks.add_or_update_model"

    package struct Request: Codable, Sendable {
      package var task: String
      package var name: String
      package var model: String
      package var type: ModelKind
      package var iteration: Int?

      package init(task: String, name: String, model: String, type: ModelKind, iteration: Int? = nil) {
        (self.task, self.name, self.model) = (task, name, model)
        (self.type, self.iteration) = (type, iteration)
      }
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?

      package init(updated: Int? = nil) {
        self.updated = updated
      }
    }
  }

  /// `tasks.delete_models`
  package enum DeleteModels: Endpoint {
    package static let name = "tasks.delete_models"

    package struct Request: Codable, Sendable {
      package var task: String
      package var models: [ModelName]
    }

    /// Names one of a task's models.
    package struct ModelName: Codable, Sendable {
      package var name: String
      package var type: ModelKind
    }

    package struct Response: Codable, Sendable {
      package var updated: Int?

      package init(updated: Int? = nil) {
        self.updated = updated
      }
    }
  }
}
