import StintModel
import StintStore
import StintWire

extension Services {
  func addTaskParts(to api: inout API) {
    api.on(Tasks.SetRequirements.self) { request, call in
      try await transact(call) { transaction in
        try transaction.changeTask(request.task, while: .anyStatus) {
          $0[path: ["script", "requirements"]] = .object(request.requirements)
        }
        return Updated(updated: 1)
      }
    }
    addArtifacts(to: &api)
    addHyperParams(to: &api)
    addConfiguration(to: &api)
    addTaskModels(to: &api)
  }

  private func addArtifacts(to api: inout API) {
    api.on(Tasks.AddOrUpdateArtifacts.self) { request, call in
      let given = try request.artifacts.map { artifact in
        let defaults: JSON = ["mode": "output", "display_data": []]
        return defaults.merging(try JSON(encoding: artifact))
      }
      try await transact(call) { transaction in
        try transaction.changeTask(request.task, while: .anyStatus) { task in
          var artifacts = task[path: Self.artifactsPath]?.array ?? []
          for artifact in given {
            if let index = artifacts.firstIndex(where: { $0.isSameArtifact(as: artifact) }) {
              artifacts[index] = artifact
            } else {
              artifacts.append(artifact)
            }
          }
          task[path: Self.artifactsPath] = .array(artifacts)
        }
      }
      return .init(updated: 1)
    }
    api.on(Tasks.DeleteArtifacts.self) { request, call in
      let gone = try request.artifacts.map { try JSON(encoding: $0) }
      try await transact(call) { transaction in
        try transaction.changeTask(request.task, while: .anyStatus) { task in
          let artifacts = task[path: Self.artifactsPath]?.array ?? []
          task[path: Self.artifactsPath] = .array(
            artifacts.filter { artifact in !gone.contains { $0.isSameArtifact(as: artifact) } })
        }
      }
      return .init(deleted: 1)
    }
  }

  private static let artifactsPath = ["execution", "artifacts"]

  private func addHyperParams(to api: inout API) {
    api.on(Tasks.EditHyperParams.self) { request, call in
      let given = try request.hyperparams.map { item in
        try JSON(encoding: item).named("hyperparams", ["section", "name", "value"])
      }
      try await transact(call) { transaction in
        let sections = Set(request.hyperparams.map(\.section))
        try transaction.changeTask(request.task, while: Self.guarding(sections, force: request.force)) { task in
          var sections = request.replaceHyperparams == .all ? [:] : task["hyperparams"]?.object ?? [:]
          if request.replaceHyperparams == .section {
            for item in given { sections[item.text("section") ?? ""] = nil }
          }
          for item in given {
            var section = sections[item.text("section") ?? ""] ?? [:]
            section[item.text("name") ?? ""] = item
            sections[item.text("section") ?? ""] = section
          }
          task["hyperparams"] = .object(sections)
        }
      }
      return .init(updated: 1)
    }
    api.on(Tasks.DeleteHyperParams.self) { request, call in
      try await transact(call) { transaction in
        let sections = Set(request.hyperparams.map(\.section))
        try transaction.changeTask(request.task, while: Self.guarding(sections, force: request.force)) { task in
          for key in request.hyperparams {
            let path = ["hyperparams", key.section ?? ""] + (key.name.map { [$0] } ?? [])
            if task[path: path] != nil { task[path: path] = nil }
          }
        }
      }
      return .init(deleted: 1)
    }
    api.on(Tasks.GetHyperParams.self) { request, _ in
      let tasks = try await tasks(request.tasks)
      return .init(
        params: tasks.map { task in
          let sections = (task["hyperparams"]?.object ?? [:]).sorted { $0.key < $1.key }
          return ["task": task["id"] ?? .null, "hyperparams": .array(sections.flatMap { $0.value.membersByName })]
        })
    }
  }

  /// User properties are notes about a task, which may be made while it runs and afterwards; hyperparameters are not.
  private static func guarding(_ sections: Set<String?>, force: Bool?) -> TaskEditable {
    sections == ["properties"] ? .anyStatus : .unlessForced(force)
  }

  private func addConfiguration(to api: inout API) {
    api.on(Tasks.EditConfiguration.self) { request, call in
      let given = try request.configuration.map { try JSON(encoding: $0).named("configuration", ["name"]) }
      try await transact(call) { transaction in
        try transaction.changeTask(request.task, while: .unlessForced(request.force)) { task in
          var items = request.replaceConfiguration == true ? [:] : task["configuration"] ?? [:]
          for item in given { items[item.text("name") ?? ""] = item }
          task["configuration"] = items
        }
      }
      return .init(updated: 1)
    }
    api.on(Tasks.DeleteConfiguration.self) { request, call in
      try await transact(call) { transaction in
        try transaction.changeTask(request.task, while: .unlessForced(request.force)) { task in
          for name in request.configuration { task[path: ["configuration", name]] = nil }
        }
      }
      return .init(deleted: 1)
    }
    api.on(Tasks.GetConfigurations.self) { request, _ in
      let tasks = try await tasks(request.tasks)
      return .init(
        configurations: tasks.map { task in
          let items = (task["configuration"] ?? [:]).membersByName.filter { item in
            request.names?.contains(item.text("name") ?? "") ?? true
          }
          return ["task": task["id"] ?? .null, "configuration": .array(items)]
        })
    }
    api.on(Tasks.GetConfigurationNames.self) { request, _ in
      let tasks = try await tasks(request.tasks)
      return .init(
        configurations: tasks.compactMap { task in
          let names = (task["configuration"]?.object ?? [:]).keys.sorted()
          guard !names.isEmpty || request.skipEmpty == false else { return nil }
          return ["task": task["id"] ?? .null, "names": .list(names)]
        })
    }
  }

  private func addTaskModels(to api: inout API) {
    api.on(Tasks.AddOrUpdateModel.self) { request, call in
      try await transact(call) { transaction in
        _ = try transaction.records.model(request.model)
        try transaction.attach(model: request.model, named: request.name, as: request.type, to: request.task)
        if let iteration = request.iteration {
          try transaction.raiseIteration(of: request.task, to: iteration)
        }
      }
      return .init(updated: 1)
    }
    api.on(Tasks.DeleteModels.self) { request, call in
      try await transact(call) { transaction in
        try transaction.changeTask(request.task, while: .createdOrRunning) { task in
          for gone in request.models {
            let path = ["models", gone.type.rawValue]
            task[path: path] = .array((task[path: path]?.array ?? []).filter { $0["name"] != .string(gone.name) })
          }
        }
      }
      return .init(updated: 1)
    }
  }

  /// The tasks `ids`, in that order.
  /// - Throws: `WireError` 400/101 when one does not exist.
  private func tasks(_ ids: [String]) async throws -> [JSON] {
    try await store.read { records in try ids.map { try records.task($0) } }
  }
}

/// In which states a part of a task may be changed.
enum TaskEditable: Sendable {
  case anyStatus
  case createdOrRunning
  /// Created only; with `force`, everything that is not published.
  case unlessForced(Bool?)

  fileprivate func allows(_ status: TaskStatus) -> Bool {
    switch self {
    case .anyStatus: true
    case .createdOrRunning: status == .created || status == .inProgress
    case .unlessForced(let force): status == .created || force == true && status != .published
    }
  }
}

extension Transaction {
  /// Changes a part of a task, if its status allows it.
  /// - Throws: `WireError` 400/110 if not.
  func changeTask(_ id: String, while editable: TaskEditable, _ change: (inout JSON) throws -> Void) throws {
    var task = try records.task(id)
    try task.requireWritable()
    guard editable.allows(task.status) else { throw WireError(.invalidTaskStatus, task.status, of: id) }
    try change(&task)
    task.set(changeMark)
    task["last_update"] = timestamp
    try records.put(.tasks, task)
  }

  /// Names a model among those that a task takes or makes.
  func attach(model: String, named name: String, as kind: ModelKind, to task: String) throws {
    try changeTask(task, while: .createdOrRunning) { task in
      let path = ["models", kind.rawValue]
      let others = (task[path: path]?.array ?? []).filter { $0.text("name") != name }
      task[path: path] = .array(others + [["name": .string(name), "model": .string(model), "updated": timestamp]])
    }
  }

  /// A task has reached an iteration; one that it has passed already changes nothing.
  func raiseIteration(of task: String, to iteration: Int) throws {
    try records.update(.tasks, id: task) { task in
      task["last_iteration"] = .number(max(iteration, task["last_iteration"]?.int ?? 0))
    }
  }
}

extension JSON {
  /// An artifact is known by its key and whether it goes in or out.
  fileprivate func isSameArtifact(as other: JSON) -> Bool {
    text("key") == other.text("key") && (text("mode") ?? "output") == (other.text("mode") ?? "output")
  }

  /// The members of an object in the order of their names.
  fileprivate var membersByName: [JSON] { (object ?? [:]).sorted { $0.key < $1.key }.map(\.value) }

  /// This object, if it has the fields without which it can't be stored.
  fileprivate func named(_ list: String, _ fields: [String]) throws(FieldError) -> JSON {
    for field in fields where self[field] == nil { throw .missing(path: [list, field]) }
    return self
  }
}
