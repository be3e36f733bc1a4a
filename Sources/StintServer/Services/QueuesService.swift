import StintModel
import StintStore
import StintWire

extension Services {
  func addQueues(to api: inout API) {
    api.on(Queues.Create.self) { request, call in .init(id: try await transact(call) { try $0.createQueue(request) }) }
    api.on(Queues.GetByID.self) { request, _ in
      .init(
        queue: try await store.read { try $0.withEntries($0.queue(request.queue), limit: request.maxTaskEntries) })
    }
    api.on(Queues.GetAll.self) { request, _ in try await queues(request, expanding: false) }
    api.on(Queues.GetAllEx.self) { request, _ in try await queues(request, expanding: true) }
    api.on(Queues.GetDefault.self) { _, _ in
      guard let queue = try await store.read({ try $0.defaultQueue() }) else { throw WireError(.noDefaultQueue) }
      return .init(id: queue.text("id"), name: queue.text("name"))
    }
    api.on(Queues.Update.self) { request, call in try await transact(call) { try $0.updateQueue(request) } }
    api.on(Queues.Delete.self) { request, call in
      try await transact(call) { try $0.deleteQueue(request.queue, force: request.force ?? false) }
      queueLooks.forget(request.queue)
      return .init(deleted: 1)
    }
    addQueueMetadata(to: &api)
    addQueueEntries(to: &api)
    addQueueMetrics(to: &api)
  }

  private func queues(_ request: JSON, expanding: Bool) async throws -> JSON {
    let limit = request["max_task_entries"]?.int
    let workers = workers
    return try await list(.queues, request, expanding: expanding) { records, queue, projection in
      var queue = projection.wants("entries") ? try records.withEntries(queue, limit: limit) : queue
      if expanding, let id = queue.text("id") {
        queue["workers"] = .array(workers.workers(of: id).map { ["name": .string($0)] })
      }
      return queue
    }
  }

  private func addQueueMetadata(to api: inout API) {
    api.on(Queues.AddOrUpdateMetadata.self) { request, call in
      let items = try metadata(request.metadata)
      try await transact(call) { transaction in
        try transaction.changeQueue(request.queue) { queue in
          let old = request.replaceMetadata == true ? [:] : queue["metadata"] ?? [:]
          queue["metadata"] = old.merging(items)
        }
      }
      return .init(updated: 1)
    }
    api.on(Queues.DeleteMetadata.self) { request, call in
      try await transact(call) { transaction in
        try transaction.changeQueue(request.queue) { queue in
          for key in request.keys { queue[path: ["metadata", key]] = nil }
        }
      }
      return .init(updated: 1)
    }
  }
}

/// Metadata as it is stored: by key.
/// - Throws: `WireError` 400/12 for an item without a key.
func metadata(_ items: [MetadataItem]) throws -> JSON {
  var members: JSON = [:]
  for item in items {
    guard let key = item.key, !key.isEmpty else { throw FieldError.missing(path: ["metadata", "key"]) }
    members[key] = try JSON(encoding: item)
  }
  return members
}

/// A policy as it is stored.
/// - Throws: `WireError` 400/12 for numbers that make no sense.
func checked(_ policy: QueuePolicy) throws -> JSON {
  let longest = 10 * 365 * 86_400
  let bounds: [(field: String, value: Int?, least: Int, most: Int)] = [
    ("max_attempts", policy.maxAttempts, 1, 1000), ("lease_seconds", policy.leaseSeconds, 3, longest),
    ("retries", policy.retries, 0, 1000), ("retry_delay_seconds", policy.retryDelaySeconds, 0, longest),
    ("queue_limit_seconds", policy.queueLimitSeconds, 1, longest),
    ("run_limit_seconds", policy.runLimitSeconds, 1, longest),
    ("silence_limit_seconds", policy.silenceLimitSeconds, 1, longest),
  ]
  for bound in bounds {
    guard let value = bound.value, !(bound.least...bound.most ~= value) else { continue }
    throw WireError(
      .validation, "error for field 'policy.\(bound.field)': \(value) is not between \(bound.least) and \(bound.most)")
  }
  return try JSON(encoding: policy)
}

extension Transaction {
  fileprivate func changeQueue(_ id: String, _ change: (inout JSON) throws -> Void) throws {
    var queue = try records.queue(id)
    try change(&queue)
    queue["last_update"] = timestamp
    try records.put(.queues, queue)
  }

  fileprivate mutating func updateQueue(_ request: Queues.Update.Request) throws -> Updated {
    var fields: [String: JSON] = [:]
    if let name = request.name {
      let name = try checkedName(name)
      try checkFree(queueName: name, except: request.queue)
      fields["name"] = .string(name)
    }
    if let displayName = request.displayName { fields["display_name"] = .string(displayName) }
    if let tags = request.tags { fields["tags"] = .tags(tags) }
    if let systemTags = request.systemTags { fields["system_tags"] = .tags(systemTags) }
    if let metadata = request.metadata { fields["metadata"] = try JSON(encoding: metadata) }
    if let policy = request.policy { fields["policy"] = try checked(policy) }
    let changed = fields
    try changeQueue(request.queue) { $0.set(changed) }
    // It may give out again what it held back.
    if request.systemTags != nil { announce(queue: request.queue) }
    return Updated(updated: fields.isEmpty ? 0 : 1, fields: .object(fields))
  }

  /// Deletes a queue; with `force` even one that holds tasks, which go back to what they were.
  fileprivate mutating func deleteQueue(_ id: String, force: Bool) throws {
    _ = try records.queue(id)
    let entries = try records.entries(queue: id)
    guard force || entries.isEmpty else {
      throw WireError(.queueNotEmpty, "use force=true to delete: id=\(id), tasks=\(entries.count)")
    }
    for entry in entries {
      _ = try dequeue(entry.task, message: "Queue was deleted")
    }
    _ = try records.clear(queue: id)
    try records.delete(.queues, id: id)
  }
}
