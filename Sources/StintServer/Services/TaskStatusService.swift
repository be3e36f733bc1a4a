import StintModel
import StintStore
import StintWire

extension Services {
  func addTaskStatus(to api: inout API) {
    api.on(Tasks.Started.self) { request, call in
      let change = StatusChange(
        next: .inProgress, reason: request.statusReason, message: request.statusMessage, force: request.force)
      if let claim = request.lease { return try await start(request.task, as: claim, change, call) }
      return try await transact(call) { transaction in
        return .init(updated: 1, fields: try transaction.setStatus(of: request.task, change), started: 1)
      }
    }
    api.on(Tasks.Stopped.self) { request, call in
      let end = StatusChange(
        next: .stopped, reason: request.statusReason, message: request.statusMessage, force: request.force)
      return try await finish(request, end, .aborted, call)
    }
    api.on(Tasks.Failed.self) { request, call in
      let end = StatusChange(
        next: .failed, reason: request.statusReason, message: request.statusMessage, force: request.force)
      return try await finish(request, end, .exitCode, call)
    }
    api.on(Tasks.Completed.self) { request, call in
      let end = StatusChange(
        next: .completed, reason: request.statusReason, message: request.statusMessage, force: request.force)
      return try await transact(call) { transaction in
        let fields =
          if let claim = request.lease {
            try transaction.finish(request.task, end, as: claim, request.end ?? AttemptEnd(.completed))
          } else {
            try transaction.finishTask(request.task, end)
          }
        guard request.publish == true else {
          return .init(updated: fields == [:] ? 0 : 1, fields: fields, published: 0)
        }
        return .init(updated: 1, fields: fields.merging(try transaction.publishTask(request.task)), published: 1)
      }
    }
    api.on(Tasks.Close.self) { request, call in
      let change = StatusChange(
        next: .closed, reason: request.statusReason, message: request.statusMessage, force: request.force)
      return .init(updated: 1, fields: try await transact(call) { try $0.setStatus(of: request.task, change) })
    }
    api.on(Tasks.Stop.self) { request, call in
      let fields = try await transact(call) {
        try $0.stopTask(
          request.task, reason: request.statusReason, message: request.statusMessage, force: request.force)
      }
      return .init(updated: 1, fields: fields)
    }
    api.on(Tasks.Publish.self) { request, call in
      let fields = try await transact(call) {
        try $0.publishTask(
          request.task, publishesModels: request.publishModel ?? true, reason: request.statusReason,
          message: request.statusMessage, force: request.force)
      }
      return .init(updated: 1, fields: fields)
    }
    addTaskQueueing(to: &api)
    addTaskRemoval(to: &api)
    addTaskArchive(to: &api)
    addTaskPing(to: &api)
    addManyTasks(to: &api)
  }

  private func finish(
    _ request: StatusRequest, _ change: StatusChange, _ usual: AttemptEnd.Reason, _ call: Call
  ) async throws -> Updated {
    try await transact(call) { transaction in
      guard let claim = request.lease else {
        return Updated(updated: 1, fields: try transaction.finishTask(request.task, change))
      }
      let fields = try transaction.finish(request.task, change, as: claim, request.end ?? AttemptEnd(usual))
      return Updated(updated: fields == [:] ? 0 : 1, fields: fields)
    }
  }

  private func addTaskQueueing(to api: inout API) {
    api.on(Tasks.Enqueue.self) { request, call in
      let fields = try await transact(call) {
        try $0.enqueue(
          request.task, to: QueueChoice(id: request.queue, name: request.queueName), reason: request.statusReason,
          message: request.statusMessage, updateExecutionQueue: request.updateExecutionQueue ?? true)
      }
      let queue = fields["execution.queue"]?.string ?? request.queue
      let isWatched = request.verifyWatchedQueue == true ? queue.map { workers.watches($0) } : nil
      return .init(updated: 1, fields: fields, queued: 1, queueWatched: isWatched)
    }
    api.on(Tasks.Dequeue.self) { request, call in
      let fields = try await transact(call) {
        try $0.dequeue(
          request.task, status: try taskStatus(request.newStatus), reason: request.statusReason,
          message: request.statusMessage)
      }
      return .init(updated: fields == [:] ? 0 : 1, fields: fields, dequeued: 1)
    }
  }

  private func addTaskArchive(to api: inout API) {
    api.on(Tasks.Archive.self) { request, call in
      let ids = try await withSteps(request.tasks, request.includePipelineSteps)
      let answer = try await each(of: ids, call) { try $0.setArchived(.tasks, $1, true) }
      return .init(archived: answer.succeeded.count)
    }
    api.on(Tasks.ArchiveMany.self) { request, call in
      try await each(of: withSteps(request.ids, request.includePipelineSteps), call) {
        try $0.setArchived(.tasks, $1, true)
        return ["archived": true]
      }
    }
    api.on(Tasks.UnarchiveMany.self) { request, call in
      try await each(of: withSteps(request.ids, request.includePipelineSteps), call) {
        try $0.setArchived(.tasks, $1, false)
        return ["unarchived": true]
      }
    }
  }

  private func addManyTasks(to api: inout API) {
    api.on(Tasks.EnqueueMany.self) { request, call in
      var answer = try await each(of: request.ids, call) { transaction, id in
        let fields = try transaction.enqueue(
          id, to: QueueChoice(id: request.queue, name: request.queueName), reason: request.statusReason,
          message: request.statusMessage)
        return ["fields": fields, "updated": 1, "queued": true]
      }
      let queue = answer.succeeded.first?["fields"]?["execution.queue"]?.string
      if request.verifyWatchedQueue == true { answer.queueWatched = queue.map { workers.watches($0) } }
      return answer
    }
    api.on(Tasks.DequeueMany.self) { request, call in
      try await each(of: request.ids, call) { transaction, id in
        let status = try taskStatus(request.newStatus)
        let fields = try transaction.dequeue(id, status: status, reason: request.statusReason)
        return ["fields": fields, "updated": fields == [:] ? 0 : 1, "dequeued": true]
      }
    }
    api.on(Tasks.StopMany.self) { request, call in
      try await each(of: withSteps(request.ids, request.includePipelineSteps), call) { transaction, id in
        let fields = try transaction.stopTask(id, reason: request.statusReason, message: nil, force: request.force)
        return ["fields": fields, "updated": 1]
      }
    }
    api.on(Tasks.PublishMany.self) { request, call in
      try await each(of: request.ids, call) { transaction, id in
        let fields = try transaction.publishTask(
          id, publishesModels: request.publishModel ?? true, reason: request.statusReason, force: request.force)
        return ["fields": fields, "updated": 1]
      }
    }
  }
}

extension Services {
  /// Tasks, and where asked the steps of those that are pipelines.
  func withSteps(_ ids: [String], _ isAsked: Bool?) async throws -> [String] {
    guard isAsked == true else { return ids }
    let wanted = ids.map(JSON.string)
    let steps = try await store.read { records in
      let pipelines = try records.distinct(
        .tasks, "id", .and([.isOneOf("id", wanted), .contains("system_tags", SystemTag.pipeline)]))
      return try records.distinct(.tasks, "id", .isOneOf("parent", pipelines.map(JSON.string)))
    }
    return ids + steps.filter { !ids.contains($0) }
  }
}

/// The status that a request names.
/// - Throws: `WireError` 400/12 when there is no such status.
private func taskStatus(_ name: String?) throws(WireError) -> TaskStatus? {
  guard let name else { return nil }
  guard let status = TaskStatus(rawValue: name) else {
    throw WireError(FieldError.notAChoice(path: ["new_status"], value: name))
  }
  return status
}

extension Transaction {
  /// Ends a task and dates its end.
  fileprivate mutating func finishTask(_ id: String, _ end: StatusChange) throws -> JSON {
    var end = end
    end.fields["completed"] = timestamp
    return try setStatus(of: id, end)
  }

  /// Stops a task: at once where no worker runs it, otherwise by asking the worker.
  fileprivate mutating func stopTask(_ id: String, reason: String?, message: String?, force: Bool?) throws -> JSON {
    var task = try records.task(id)
    let isLocal = task.texts("system_tags").contains(SystemTag.development)
    let isHeld = try records.lease(task: id)?.isHeld ?? false
    let byWhom = "Stopped by \(caller.userName)"
    if task.status == .inProgress, !isLocal, isHeld || task.hasLiveWorker(at: now) {
      let told = reason.flatMap { $0.isEmpty ? nil : $0 } ?? byWhom
      return try setStatus(
        of: &task, StatusChange(next: .inProgress, reason: told, message: StatusChange.stopping, force: force))
    }
    return try setStatus(
      of: &task,
      StatusChange(
        next: .stopped, reason: reason, message: message ?? byWhom, force: force))
  }

  /// Publishes a task and, where asked, the models that it made: they can't be changed any more.
  @discardableResult
  mutating func publishTask(
    _ id: String, publishesModels: Bool = true, reason: String? = nil, message: String? = nil, force: Bool? = nil
  ) throws -> JSON {
    var task = try records.task(id)
    let fields = try setStatus(
      of: &task,
      StatusChange(
        next: .published, reason: reason, message: message, force: force, fields: ["output": task["output"] ?? [:]]))
    if publishesModels {
      for item in task[path: ["models", "output"]]?.array ?? [] {
        guard let model = item.text("model") else { continue }
        try records.update(.models, id: model) { $0.set(["ready": true, "last_update": timestamp]) }
      }
    }
    return fields
  }

  /// Puts a record away, or takes it out again.
  @discardableResult
  mutating func setArchived(_ collection: Collection, _ id: String, _ isArchived: Bool) throws -> JSON {
    let mark = changeMark
    let document = try records.update(collection, id: id) { document in
      try document.requireWritable()
      let others = document.texts("system_tags").filter { $0 != SystemTag.archived }
      document.set(mark)
      document["system_tags"] = .tags(isArchived ? others + [SystemTag.archived] : others)
    }
    guard document != nil else { throw WireError(collection == .models ? .invalidModelID : .invalidTaskID, id: id) }
    return [:]
  }
}
