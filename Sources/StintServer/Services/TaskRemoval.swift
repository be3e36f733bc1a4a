import StintModel
import StintStore
import StintWire

extension Services {
  func addTaskRemoval(to api: inout API) {
    api.on(Tasks.Reset.self) { request, call in
      let reset = ResetRequest(
        task: request.task, force: request.force ?? false, clearAll: request.clearAll ?? false,
        reason: request.statusReason, message: request.statusMessage,
        deletesModels: request.deleteOutputModels ?? true)
      // Before they go: afterwards nobody knows them.
      let urls: JSON? = request.returnFileUrls == true ? try await fileURLs(of: request.task) : .none
      var answer = try await transact(call) { try $0.resetTask(reset) }
      _ = try await store.events.deleteTask(request.task)
      answer.urls = urls ?? answer.urls
      return answer
    }
    api.on(Tasks.ResetMany.self) { request, call in
      let urls = try await fileURLs(ofMany: request)
      var answer = try await each(of: request.ids, call) { transaction, id in
        let reset = ResetRequest(
          task: id, force: request.force ?? false, clearAll: request.clearAll ?? false, reason: request.statusReason,
          message: request.statusMessage, deletesModels: request.deleteOutputModels ?? true)
        var entry = try JSON(encoding: transaction.resetTask(reset))
        entry["dequeued"] = .bool(entry["dequeued"] != [:])
        entry["events"] = nil
        return entry
      }
      try await store.events.deleteTasks(answer.succeeded.compactMap { $0.text("id") })
      answer.add(urls)
      return answer
    }

    api.on(Tasks.Delete.self) { request, call in
      // Not `nil` in a ternary: JSON takes that for its null.
      let urls: JSON? = request.returnFileUrls == true ? try await fileURLs(of: request.task) : .none
      var answer = try await transact(call) {
        try $0.deleteTask(
          request.task, force: request.force ?? false, deletesModels: request.deleteOutputModels ?? true)
      }
      _ = try await store.events.deleteTask(request.task)
      answer.urls = urls
      return answer
    }
    api.on(Tasks.DeleteMany.self) { request, call in
      let urls = try await fileURLs(ofMany: request)
      let ids = try await withSteps(request.ids, request.includePipelineSteps)
      var answer = try await each(of: ids, call) { transaction, id in
        try JSON(
          encoding: transaction.deleteTask(
            id, force: request.force ?? false, deletesModels: request.deleteOutputModels ?? true))
      }
      try await store.events.deleteTasks(answer.succeeded.compactMap { $0.text("id") })
      answer.add(urls)
      return answer
    }
  }

  /// Where the files of those tasks are that exist, by the task; nothing unless it was asked for.
  private func fileURLs(ofMany request: ManyRequest) async throws -> [String: JSON] {
    guard request.returnFileUrls == true else { return [:] }
    let known = try await store.read { try $0.get(.tasks, ids: request.ids) }
    var urls: [String: JSON] = [:]
    for id in known.keys { urls[id] = try await fileURLs(of: id) }
    return urls
  }

  /// Where the files of a task are: who deletes the task may want to delete them, too.
  func fileURLs(of id: String) async throws -> JSON {
    let (task, models) = try await store.read { records in
      (try records.task(id), try records.find(.models, Query(.equals("task", .string(id)))))
    }
    let images = try await store.events.documents(task: id, kind: .debugImage, lastIterations: .max)
    let artifacts = task[path: ["execution", "artifacts"]]?.array ?? []
    return [
      "event_urls": .list(images.compactMap { $0.text("url") }),
      "model_urls": .list(models.compactMap { $0.text("uri") }),
      "artifact_urls": .list(artifacts.filter { $0.text("mode") != "input" }.compactMap { $0.text("uri") }),
    ]
  }
}

extension ManyResponse {
  /// Tells where the files of those are that succeeded.
  fileprivate mutating func add(_ urls: [String: JSON]) {
    for index in succeeded.indices {
      if let found = succeeded[index].text("id").flatMap({ urls[$0] }) { succeeded[index]["urls"] = found }
    }
  }
}

private struct ResetRequest {
  var task: String
  var force: Bool
  var clearAll: Bool
  var reason: String?
  var message: String?
  var deletesModels: Bool
}

extension Transaction {
  /// Makes a task as it was before it ran.
  fileprivate mutating func resetTask(_ request: ResetRequest) throws -> Tasks.Reset.Response {
    var task = try records.task(request.task)
    guard request.force || task.status != .published else {
      throw WireError(.invalidTaskStatus, task.status, of: request.task)
    }
    let queue = try records.dequeue(task: request.task)
    let models = try releaseModels(of: request.task, deletingDrafts: request.deletesModels)
    for field in Self.doneFields { task[field] = nil }
    task.set([
      "last_iteration": 0, "last_metrics": [:], "unique_metrics": [], "metric_stats": [:], "runtime": [:],
      "models.output": [],
      "output": task[path: ["output", "destination"]].map { ["destination": $0] } ?? [:],
    ])
    var execution = task["execution"] ?? [:]
    execution["queue"] = nil
    execution["artifacts"] = .array((execution["artifacts"]?.array ?? []).filter { $0.text("mode") == "input" })
    task["execution"] = execution
    if request.clearAll {
      task["execution"] = ["test_split": 0, "parameters": [:], "model_desc": [:], "model_labels": [:], "artifacts": []]
      task["script"] = ["binary": "python", "repository": "", "entry_point": "", "requirements": [:]]
    }
    let fields = try setStatus(
      of: &task,
      StatusChange(
        next: .created, reason: request.reason ?? "reset", message: request.message ?? "reset", force: request.force))
    return .init(
      updated: 1, fields: fields, dequeued: queue == nil ? [:] : ["removed": 1], events: [:],
      deletedModels: models.deleted, urls: [:])
  }

  /// Deletes a task. Its children become nobody's, its published models stay.
  mutating func deleteTask(_ id: String, force: Bool, deletesModels: Bool) throws -> Tasks.Delete.Response {
    let task = try records.task(id)
    try task.requireWritable()
    guard force || task.status == .created else {
      throw WireError(.taskNotDeletable, task.status, of: id)
    }
    try records.dequeue(task: id)
    let models = try releaseModels(of: id, deletingDrafts: deletesModels)
    let children = try records.find(.tasks, Query(.equals("parent", .string(id))))
    for child in children {
      var child = child
      child["parent"] = nil
      try records.put(.tasks, child)
    }
    try records.delete(.tasks, id: id)
    try records.deleteLease(task: id)
    noteEndOfLease(of: id)
    announce(task: id)
    return .init(
      deleted: true, updatedChildren: children.count, updatedModels: models.kept, deletedModels: models.deleted)
  }

  /// Deletes the drafts among the models of a task; the others forget the task.
  private func releaseModels(of task: String, deletingDrafts: Bool) throws -> (kept: Int, deleted: Int) {
    var (kept, deleted) = (0, 0)
    for model in try records.find(.models, Query(.equals("task", .string(task)))) {
      guard let id = model.text("id") else { continue }
      if deletingDrafts, model["ready"] != true {
        try records.delete(.models, id: id)
        deleted += 1
      } else {
        var model = model
        model["task"] = nil
        try records.put(.models, model)
        kept += 1
      }
    }
    return (kept, deleted)
  }
}
