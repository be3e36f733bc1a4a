import StintModel
import StintStore
import StintWire

extension Services {
  func addTasks(to api: inout API) {
    api.on(Tasks.Create.self) { request, call in .init(id: try await transact(call) { try $0.createTask(request) }) }
    api.on(Tasks.GetByID.self) { request, _ in .init(task: try await store.read { try $0.task(request.task) }) }
    api.on(Tasks.GetAll.self) { request, _ in try await list(.tasks, request) }
    api.on(Tasks.GetAllEx.self) { request, _ in try await list(.tasks, request, expanding: true) }
    api.on(Tasks.GetByIDEx.self) { request, _ in try await list(.tasks, request, expanding: true) }
    api.on(Tasks.Clone.self) { request, call in try await transact(call) { try $0.cloneTask(request) } }

    api.on(Tasks.Edit.self) { request, call in
      try await transact(call) { transaction in
        let status = try transaction.records.task(request.task).status
        guard request.force == true || status == .created else {
          throw WireError(.invalidTaskStatus, status, of: request.task)
        }
        return try transaction.editTask(request)
      }
    }
    api.on(Tasks.Update.self) { request, call in try await transact(call) { try $0.editTask(request) } }
  }
}

extension WireError {
  /// A change that needs a task that was only created, or `force`.
  init(_ kind: Kind, _ status: TaskStatus, of task: String) {
    self.init(
      kind, "task=\(task), expected=\(TaskStatus.created.rawValue), status=\(status.rawValue): force is needed",
      data: ["task": .string(task), "status": .string(status.rawValue)])
  }
}

extension Transaction {
  /// Checks what `createTask` does, and makes nothing.
  func validateTask(_ request: Tasks.Create.Request) throws {
    _ = try changes(JSON(encoding: request), to: newTask(id: "", name: request.name, type: request.type))
  }

  /// Makes a task.
  func createTask(_ request: Tasks.Create.Request) throws -> String {
    let id = randomIdentifier()
    var task = newTask(id: id, name: request.name, type: request.type)
    task.set(try changes(JSON(encoding: request), to: task))
    try records.put(.tasks, task)
    return id
  }

  mutating func editTask(_ request: Tasks.Edit.Request) throws -> Updated {
    var task = try records.task(request.task)
    try task.requireWritable()
    var fields = try changes(JSON(encoding: request), to: task)
    guard !fields.isEmpty else { return Updated(updated: 0) }
    // What only people see is no sign of life of the task.
    let labels: Set = ["name", "comment", "tags", "system_tags", "project"]
    if !labels.isSuperset(of: fields.keys) { fields["last_update"] = timestamp }
    fields.merge(changeMark) { $1 }
    task.set(fields)
    try records.put(.tasks, task)
    return Updated(updated: 1, fields: .object(fields))
  }

  /// A new task's document.
  private func newTask(id: String, name: String, type: TaskType) -> JSON {
    [
      "id": .string(id), "company": .string(Company.id), "user": .string(caller.user), "name": .string(name),
      "type": .string(type.rawValue), "status": "created", "report_assets": [], "created": timestamp, "output": [:],
      "execution": ["test_split": 0, "parameters": [:], "model_desc": [:], "model_labels": [:], "artifacts": []],
      "tags": [], "system_tags": [],
      "script": ["binary": "python", "repository": "", "entry_point": "", "requirements": [:]],
      "last_update": timestamp, "last_change": timestamp, "last_changed_by": .string(caller.user), "last_iteration": 0,
      "last_metrics": [:], "unique_metrics": [], "metric_stats": [:], "hyperparams": [:], "configuration": [:],
      "runtime": [:], "models": ["input": [], "output": []], "container": [:],
    ]
  }

  /// What a request to create or edit changes in a task: whole top-level fields. The parts of `execution`, `script`,
  /// `models` and `output` that the request leaves out stay as they are.
  /// - Throws: `WireError` for a name that is too short, or a project or parent that does not exist.
  private func changes(_ request: JSON, to task: JSON) throws -> [String: JSON] {
    try records.check(.projects, id: request["project"]?.string, field: "project")
    try records.check(.tasks, id: request["parent"]?.string, field: "parent")
    var fields: [String: JSON] = [:]
    for (field, value) in request.object ?? [:] {
      switch field {
      case "name": fields[field] = .string(try checkedName(value.string ?? ""))
      case "tags", "system_tags": fields[field] = .tags(request.texts(field))
      case "type", "comment", "project", "parent", "hyperparams", "configuration", "container", "runtime":
        fields[field] = value
      case "execution", "script": fields[field] = (task[field] ?? [:]).merging(value)
      case "models": fields[field] = (task[field] ?? [:]).merging(stamped(models: value))
      case "output_dest": fields["output"] = (fields["output"] ?? task["output"] ?? [:]).merging(["destination": value])
      case "output__error": fields["output"] = (fields["output"] ?? task["output"] ?? [:]).merging(["error": value])
      case "created": fields[field] = try checkedTime(value, field: field)
      default: break
      }
    }
    return fields
  }

  private func stamped(models: JSON) -> JSON {
    .object(
      (models.object ?? [:]).mapValues { items in
        .array((items.array ?? []).map { $0.merging(["updated": $0["updated"] ?? timestamp]) })
      })
  }
}

extension JSON {
  /// This object with the members of another over its own.
  func merging(_ other: JSON) -> JSON { .object((object ?? [:]).merging(other.object ?? [:]) { $1 }) }
}
