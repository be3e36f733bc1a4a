/// Where a task's code comes from (`script`).
package struct Script: Codable, Sendable {
  package var binary: String?
  package var repository: String?
  package var tag: String?
  package var branch: String?
  package var versionNum: String?
  package var entryPoint: String?
  package var workingDir: String?
  package var requirements: [String: JSON]?
  package var diff: String?

  package init(
    binary: String? = nil, repository: String? = nil, tag: String? = nil, branch: String? = nil,
    versionNum: String? = nil, entryPoint: String? = nil, workingDir: String? = nil,
    requirements: [String: JSON]? = nil,
    diff: String? = nil
  ) {
    (self.binary, self.repository, self.tag) = (binary, repository, tag)
    (self.branch, self.versionNum, self.entryPoint) = (branch, versionNum, entryPoint)
    (self.workingDir, self.requirements, self.diff) = (workingDir, requirements, diff)
  }
}

/// How a task was and is to be executed (`execution`).
package struct Execution: Codable, Sendable {
  package var queue: String?
  package var parameters: [String: JSON]?
  package var model: String?
  package var modelDesc: [String: JSON]?
  package var modelLabels: [String: Int]?
  package var framework: String?
  package var dockerCmd: String?
  package var artifacts: [Artifact]?

  package init(
    queue: String? = nil, parameters: [String: JSON]? = nil, model: String? = nil, modelDesc: [String: JSON]? = nil,
    modelLabels: [String: Int]? = nil, framework: String? = nil, dockerCmd: String? = nil,
    artifacts: [Artifact]? = nil
  ) {
    (self.queue, self.parameters, self.model) = (queue, parameters, model)
    (self.modelDesc, self.modelLabels, self.framework) = (modelDesc, modelLabels, framework)
    (self.dockerCmd, self.artifacts) = (dockerCmd, artifacts)
  }
}

/// One hyperparameter.
package struct ParamsItem: Codable, Sendable {
  package var section: String?
  package var name: String?
  package var value: String?
  package var type: String?
  package var description: String?

  package init(
    section: String? = nil, name: String? = nil, value: String? = nil, type: String? = nil,
    description: String? = nil
  ) {
    (self.section, self.name, self.value) = (section, name, value)
    (self.type, self.description) = (type, description)
  }
}

/// One configuration object: a whole text.
package struct ConfigurationItem: Codable, Sendable {
  package var name: String?
  package var value: String?
  package var type: String?
  package var description: String?

  package init(name: String? = nil, value: String? = nil, type: String? = nil, description: String? = nil) {
    (self.name, self.value, self.type) = (name, value, type)
    self.description = description
  }
}

/// The models a task takes and makes.
package struct TaskModels: Codable, Sendable {
  package var input: [TaskModelItem]?
  package var output: [TaskModelItem]?

  package init(input: [TaskModelItem]? = nil, output: [TaskModelItem]? = nil) {
    (self.input, self.output) = (input, output)
  }
}

/// One model of a task, under the name the task gives it.
package struct TaskModelItem: Codable, Sendable {
  package var name: String
  package var model: String

  package init(name: String, model: String) {
    (self.name, self.model) = (name, model)
  }
}

/// Whether a task takes a model or an artifact, or makes it.
package enum ModelKind: String, Codable, Sendable, CaseIterable {
  case input, output
}

/// One artifact of a task.
package struct Artifact: Codable, Sendable {
  package var key: String
  package var type: String
  package var mode: ModelKind?
  package var uri: String?
  package var contentSize: Int?
  package var hash: String?
  package var timestamp: Int?
  package var typeData: ArtifactTypeData?
  package var displayData: [[String]]?

  package init(
    key: String, type: String, mode: ModelKind? = nil, uri: String? = nil, contentSize: Int? = nil,
    hash: String? = nil, timestamp: Int? = nil, typeData: ArtifactTypeData? = nil, displayData: [[String]]? = nil
  ) {
    (self.key, self.type, self.mode) = (key, type, mode)
    (self.uri, self.contentSize, self.hash) = (uri, contentSize, hash)
    (self.timestamp, self.typeData, self.displayData) = (timestamp, typeData, displayData)
  }
}

/// Names an artifact of a task.
package struct ArtifactID: Codable, Sendable {
  package var key: String
  package var mode: ModelKind?

  package init(key: String, mode: ModelKind? = nil) {
    (self.key, self.mode) = (key, mode)
  }
}

/// A look into an artifact.
package struct ArtifactTypeData: Codable, Sendable {
  package var preview: String?
  package var contentType: String?
  package var dataHash: String?

  package init(preview: String? = nil, contentType: String? = nil, dataHash: String? = nil) {
    (self.preview, self.contentType, self.dataHash) = (preview, contentType, dataHash)
  }
}

/// Names a hyperparameter, or a whole section.
package struct ParamKey: Codable, Sendable {
  package var section: String?
  package var name: String?

  package init(section: String? = nil, name: String? = nil) {
    (self.section, self.name) = (section, name)
  }
}
