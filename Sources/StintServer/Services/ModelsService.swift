import StintModel
import StintStore
import StintWire

extension Services {
  func addModels(to api: inout API) {
    api.on(Models.Create.self) { request, call in
      .init(id: try await transact(call) { try $0.createModel(request) }, created: true)
    }
    api.on(Models.GetByID.self) { request, _ in .init(model: try await store.read { try $0.model(request.model) }) }
    api.on(Models.GetAll.self) { request, _ in try await list(.models, request) }
    api.on(Models.GetAllEx.self) { request, _ in
      let includesStats = request["include_stats"] == true
      return try await list(.models, request, expanding: true) { _, model, _ in
        guard includesStats else { return model }
        return model.merging(["stats": ["labels_count": .number(model["labels"]?.object?.count ?? 0)]])
      }
    }
    api.on(Models.GetByIDEx.self) { request, _ in try await list(.models, request, expanding: true) }
    api.on(Models.Edit.self) { request, call in try await transact(call) { try $0.editModel(request) } }
    api.on(Models.Update.self) { request, call in try await transact(call) { try $0.editModel(request) } }
    api.on(Models.UpdateForTask.self) { request, call in try await transact(call) { try $0.updateModel(request) } }
    api.on(Models.SetReady.self) { request, call in try await transact(call) { try $0.publishModel(request) } }
    api.on(Models.Delete.self) { request, call in
      let url = try await transact(call) { try $0.deleteModel(request.model, force: request.force ?? false) }
      return .init(deleted: true, url: url)
    }
    addModelMetadata(to: &api)
    addManyModels(to: &api)
  }

  private func addModelMetadata(to api: inout API) {
    api.on(Models.AddOrUpdateMetadata.self) { request, call in
      let items = try metadata(request.metadata)
      try await transact(call) { transaction in
        try transaction.changeModel(request.model) { model in
          let old = request.replaceMetadata == true ? [:] : model["metadata"] ?? [:]
          model["metadata"] = old.merging(items)
        }
      }
      return .init(updated: 1)
    }
    api.on(Models.DeleteMetadata.self) { request, call in
      try await transact(call) { transaction in
        try transaction.changeModel(request.model) { model in
          for key in request.keys { model[path: ["metadata", key]] = nil }
        }
      }
      return .init(updated: 1)
    }
  }

  private func addManyModels(to api: inout API) {
    api.on(Models.ArchiveMany.self) { request, call in
      try await each(of: request.ids, call) {
        try $0.setArchived(.models, $1, true)
        return ["archived": true]
      }
    }
    api.on(Models.UnarchiveMany.self) { request, call in
      try await each(of: request.ids, call) {
        try $0.setArchived(.models, $1, false)
        return ["unarchived": true]
      }
    }
    api.on(Models.PublishMany.self) { request, call in
      try await each(of: request.ids, call) { transaction, id in
        let answer = try transaction.publishModel(
          .init(model: id, forcePublishTask: request.forcePublishTask, publishTask: request.publishTasks ?? false))
        var entry: JSON = ["updated": 1]
        entry["published_task"] = answer.publishedTask
        return entry
      }
    }
    api.on(Models.DeleteMany.self) { request, call in
      try await each(of: request.ids, call) { transaction, id in
        let url = try transaction.deleteModel(id, force: request.force ?? false)
        return ["deleted": true, "url": url.map(JSON.string) ?? .null]
      }
    }
  }
}

extension Transaction {
  fileprivate func createModel(_ request: Models.Create.Request) throws -> String {
    try records.check(.projects, id: request.project, field: "project")
    try records.check(.tasks, id: request.task, field: "task")
    try records.check(.models, id: request.parent, field: "parent")
    let id = randomIdentifier()
    var model = newModel(id)
    model.set(try modelFields(JSON(encoding: request)))
    if request.public == true { model["company"] = "" }
    try records.put(.models, model)
    return id
  }

  private func newModel(_ id: String) -> JSON {
    [
      "id": .string(id), "company": .string(Company.id), "user": .string(caller.user), "name": "",
      "created": timestamp, "tags": [], "system_tags": [], "uri": "", "design": [:], "labels": [:], "ready": true,
      "last_update": timestamp,
      "last_change": timestamp, "last_changed_by": .string(caller.user), "metadata": [:], "last_iteration": 0,
      "last_metrics": [:],
    ]
  }

  /// The fields of a model that a request sets.
  private func modelFields(_ request: JSON) throws -> [String: JSON] {
    var fields: [String: JSON] = [:]
    for (field, value) in request.object ?? [:] {
      switch field {
      case "name": fields[field] = .string(try checkedName(value.string ?? ""))
      case "tags", "system_tags": fields[field] = .tags(request.texts(field))
      case "uri", "comment", "framework", "design", "labels", "ready", "project", "parent", "task", "ui_cache":
        fields[field] = value
      case "created": fields[field] = try checkedTime(value, field: field)
      default: break
      }
    }
    return fields
  }

  fileprivate func editModel(_ request: Models.Edit.Request) throws -> Updated {
    var model = try records.model(request.model)
    try model.requireWritable()
    try records.check(.projects, id: request.project, field: "project")
    try records.check(.tasks, id: request.task, field: "task")
    var fields = try modelFields(JSON(encoding: request))
    if let task = request.task ?? model.text("task"), let iteration = request.iteration {
      try raiseIteration(of: task, to: iteration)
    }
    guard !fields.isEmpty else { return Updated(updated: 0) }
    let labels: Set = ["name", "comment", "tags", "system_tags", "project"]
    if !labels.isSuperset(of: fields.keys) { fields["last_update"] = timestamp }
    fields.merge(changeMark) { $1 }
    model.set(fields)
    try records.put(.models, model)
    return Updated(updated: 1, fields: .object(fields))
  }

  /// Sets the model that a task has made: an existing one, the one it made before with a new address, or a new one.
  fileprivate func updateModel(_ request: Models.UpdateForTask.Request) throws -> Models.UpdateForTask.Response {
    let task = try records.task(request.task)
    if let iteration = request.iteration { try raiseIteration(of: request.task, to: iteration) }
    if let id = request.overrideModelId, !id.isEmpty {
      let model = try records.model(id)
      try attach(model: id, named: model.text("name") ?? id, as: .output, to: request.task)
      return .init(id: id, created: false, updated: 1, fields: [:])
    }
    guard let uri = request.uri else { throw FieldError.missing(path: ["uri"]) }
    let made = task[path: ["models", "output"]]?.array?.last?.text("model")
    if let made, try records.exists(.models, id: made) {
      let answer = try editModel(
        .init(
          model: made, uri: uri, name: request.name, comment: request.comment, tags: request.tags,
          systemTags: request.systemTags))
      return .init(id: made, created: false, updated: answer.updated, fields: answer.fields)
    }
    let name = request.name ?? task.text("name") ?? request.task
    let id = try createModel(
      .init(
        uri: uri, name: name, comment: request.comment, tags: request.tags, systemTags: request.systemTags,
        ready: false, project: task.text("project"), task: request.task))
    try attach(model: id, named: name, as: .output, to: request.task)
    return .init(id: id, created: true)
  }

  fileprivate mutating func publishModel(_ request: Models.SetReady.Request) throws -> Models.SetReady.Response {
    let model = try records.model(request.model)
    guard model["ready"] != true else { throw WireError(.modelIsReady, id: request.model) }
    var published: JSON?
    if request.publishTask == true, let task = model.text("task"), try records.task(task).status != .published {
      let fields = try publishTask(task, publishesModels: false, force: request.forcePublishTask)
      published = ["id": .string(task), "data": ["updated": 1, "fields": fields]]
    }
    try changeModel(request.model) { $0["ready"] = true }
    return .init(updated: 1, fields: [:], publishedTask: published)
  }

  /// Deletes a model; one that tasks use only with `force`.
  /// - Returns: where its file is.
  fileprivate func deleteModel(_ id: String, force: Bool) throws -> String? {
    let model = try records.model(id)
    try model.requireWritable()
    let users = try records.count(.tasks, .contains("models.input", .string(id), member: "model"))
    guard force || users == 0 else {
      throw WireError(.modelInUse, "use force=true to delete: id=\(id), tasks=\(users)")
    }
    try records.delete(.models, id: id)
    return model.text("uri")
  }

  fileprivate func changeModel(_ id: String, _ change: (inout JSON) throws -> Void) throws {
    var model = try records.model(id)
    try model.requireWritable()
    try change(&model)
    model.set(changeMark)
    model["last_update"] = timestamp
    try records.put(.models, model)
  }
}
