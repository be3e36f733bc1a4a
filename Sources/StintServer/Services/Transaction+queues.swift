import StintModel
import StintStore
import StintWire

/// Where a task is to be queued: a queue by identifier, by name, or else the default queue.
struct QueueChoice: Sendable {
  var id: String?
  var name: String?
}

extension Records {
  /// Whether a queue gives nothing out for now.
  func isPaused(queue: String) throws -> Bool {
    guard let tags = try columns(.queues, id: queue, ["system_tags"])?.text("system_tags"), tags != "[]" else {
      return false
    }
    return try JSON(parsing: tags).array?.contains(.string(SystemTag.paused)) ?? false
  }
}

extension Transaction {
  /// Puts a task at the end of a queue.
  /// - Throws: `WireError` 400/706 when it is in one, 400/110 when its status does not allow it.
  mutating func enqueue(
    _ id: String, to choice: QueueChoice, reason: String? = nil, message: String? = nil,
    updateExecutionQueue: Bool = true
  ) throws -> JSON {
    var task = try records.task(id)
    let queue = try find(choice)
    try records.enqueue(task: id, queue: queue, added: now.text)
    var fields: [String: JSON] = ["enqueue_status": .string(task.status.rawValue), "enqueued": timestamp]
    if updateExecutionQueue { fields["execution.queue"] = .string(queue) }
    let change = StatusChange(next: .queued, reason: reason, message: message, fields: fields)
    let changed = try setStatus(of: &task, change)
    try forgetAttempts(of: id)
    announce(queue: queue)
    return changed
  }

  /// Takes a task out of its queue and gives it `status`, or the one it had before it was queued.
  /// - Returns: the changed fields; none when the task was not queued.
  mutating func dequeue(
    _ id: String, status: TaskStatus? = nil, reason: String? = nil, message: String? = nil
  ) throws -> JSON {
    var task = try records.task(id)
    guard task.status == .queued else {
      try records.dequeue(task: id)
      return .object([:])
    }
    let next = status ?? task.text("enqueue_status").flatMap(TaskStatus.init) ?? .created
    // The queue stays named where the task goes on to run: it tells where the task came from.
    if next != .inProgress { task[path: ["execution", "queue"]] = nil }
    // What was stopped or failed before it was queued may go back to that.
    let change = StatusChange(
      next: next, reason: reason, message: message, force: status == nil, fields: ["enqueue_status": .null])
    return try setStatus(of: &task, change)
  }

  /// Takes a task out of its queue for a worker.
  mutating func take(_ entry: QueueEntry) throws {
    try records.dequeue(task: entry.task)
    noteChange(of: entry.queue)
  }

  /// The identifier of the chosen queue. A name that no queue has makes one.
  /// - Throws: `WireError` 400/701 or 400/707.
  mutating func find(_ choice: QueueChoice) throws -> String {
    if let id = choice.id, !id.isEmpty {
      guard try records.exists(.queues, id: id) else { throw WireError(.invalidQueueID, id: id) }
      return id
    }
    if let name = choice.name, !name.isEmpty {
      if let queue = try records.first(.queues, .equals("name", .string(name))), let id = queue.text("id") { return id }
      return try createQueue(.init(name: name))
    }
    guard let id = try records.defaultQueue()?.text("id") else { throw WireError(.noDefaultQueue) }
    return id
  }

  /// Makes a queue.
  /// - Throws: `WireError` 400/800 for a short name, 400/801 for a taken one.
  mutating func createQueue(_ request: Queues.Create.Request) throws -> String {
    let name = try checkedName(request.name)
    try checkFree(queueName: name)
    let id = randomIdentifier()
    var queue: JSON = [
      "id": .string(id), "name": .string(name), "user": .string(caller.user), "company": .string(Company.id),
      "created": timestamp, "last_update": timestamp, "tags": .tags(request.tags ?? []),
      "system_tags": .tags(request.systemTags ?? []), "metadata": try JSON(encoding: request.metadata ?? [:]),
    ]
    if let displayName = request.displayName { queue["display_name"] = .string(displayName) }
    if let policy = request.policy { queue["policy"] = try checked(policy) }
    try records.put(.queues, queue)
    return id
  }

  /// - Throws: `WireError` 400/801 when another queue has this name.
  func checkFree(queueName name: String, except id: String? = nil) throws {
    guard let other = try records.first(.queues, .equals("name", .string(name))), other.text("id") != id else { return }
    throw WireError(.notUnique, "a queue named \(name) exists")
  }
}

extension Records {
  /// The queue that takes tasks for which none was chosen.
  func defaultQueue() throws -> JSON? { try first(.queues, .contains("system_tags", .string(SystemTag.defaultQueue))) }

  /// A queue's document as clients see it, its entries included.
  func withEntries(_ queue: JSON, limit: Int? = nil) throws -> JSON {
    guard let id = queue.text("id") else { return queue }
    var queue = queue
    queue["entries"] = .array(try entries(queue: id, limit: limit).map(\.json))
    return queue
  }
}
