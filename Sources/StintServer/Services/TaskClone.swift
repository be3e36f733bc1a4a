import StintModel
import StintStore
import StintWire

extension Transaction {
  /// Makes a task that has what the source was told to do, and nothing of what it did.
  mutating func cloneTask(_ request: Tasks.Clone.Request) throws -> Tasks.Clone.Response {
    let source = try records.task(request.task)
    try records.check(.tasks, id: request.newTaskParent, field: "new_task_parent")
    try records.check(.projects, id: request.newTaskProject, field: "new_task_project")

    var newProject: JSON?
    var project = request.newTaskProject ?? source.text("project")
    if request.newTaskProject == nil, let name = request.newProjectName {
      let (id, isNew) = try findOrCreateProject(name)
      project = id
      if isNew { newProject = ["id": .string(id), "name": .string(name)] }
    }

    let id = randomIdentifier()
    var task = source
    for field in Self.doneFields { task[field] = nil }
    let cleanTags = source.texts("system_tags").filter { ![SystemTag.development, SystemTag.archived].contains($0) }
    let inputs =
      try request.newTaskInputModels.map { try JSON(encoding: $0) } ?? source[path: ["models", "input"]] ?? []
    let overrides: [String: JSON?] = [
      "id": .string(id), "user": .string(caller.user), "company": .string(Company.id), "created": timestamp,
      "last_update": timestamp,
      "status": "created", "last_iteration": 0, "last_metrics": [:], "unique_metrics": [], "metric_stats": [:],
      "runtime": [:],
      "name": try request.newTaskName.map { .string(try checkedName($0)) },
      "comment": request.newTaskComment.map(JSON.string),
      "parent": request.newTaskParent.map(JSON.string),
      "project": project.map(JSON.string),
      "tags": request.newTaskTags.map(JSON.tags),
      "system_tags": .tags(request.newTaskSystemTags ?? cleanTags),
      "hyperparams": try request.newTaskHyperparams.map { try JSON(encoding: $0) },
      "configuration": try request.newTaskConfiguration.map { try JSON(encoding: $0) },
      "container": try request.newTaskContainer.map { try JSON(encoding: $0) },
      "execution": try cleanExecution(source["execution"], request.executionOverrides),
      "models": ["input": inputs, "output": []],
      "output": source[path: ["output", "destination"]].map { ["destination": $0] } ?? [:],
    ]
    task.set(overrides.compactMapValues(\.self).merging(changeMark) { $1 })
    try records.put(.tasks, task)
    return .init(id: id, newProject: newProject)
  }

  /// The fields that tell of a task's run.
  static let doneFields = [
    "status_reason", "status_message", "status_changed", "started", "completed", "published", "active_duration",
    "last_worker", "last_worker_report", "enqueue_status", "enqueued", "attempts",
  ]

  /// How to execute, without the queue and what an earlier run made.
  private func cleanExecution(_ source: JSON?, _ overrides: Execution?) throws -> JSON {
    var execution = source ?? [:]
    if let overrides {
      var given = try JSON(encoding: overrides)
      // Parameters of this old kind are hyperparameters today: they would not be read.
      given["parameters"] = nil
      execution = execution.merging(given)
    }
    execution["queue"] = nil
    execution["artifacts"] = .array((execution["artifacts"]?.array ?? []).filter { $0.text("mode") == "input" })
    return execution
  }
}
