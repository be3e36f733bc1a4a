import StintModel
import StintStore
import StintWire

extension Services {
  func addWorkers(to api: inout API) {
    api.on(Workers.Register.self) { request, call in
      try checkWorker(name: request.worker)
      let queues = request.queues ?? []
      try await store.read { records in
        for queue in queues { _ = try records.queue(queue) }
      }
      workers.register(
        request.worker, owner: try call.caller, address: call.address,
        timeout: request.timeout ?? WorkerRegistry.defaultTimeout, queues: queues, tags: request.tags ?? [],
        systemTags: request.systemTags ?? [])
      if let known = request.leases, let prefix = request.leasePrefix {
        try await giveUpUnknown(of: request.worker, prefix: prefix, known: known, call)
      }
      return .init()
    }
    api.on(Workers.Unregister.self) { request, call in
      workers.unregister(request.worker, owner: try call.caller)
      return .init()
    }
    api.on(Workers.StatusReport.self) { request, call in
      try checkWorker(name: request.worker)
      let running = try await transact(call) { try $0.noteReport(request) }
      try workers.report(request, owner: call.caller, address: call.address, task: running)
      let stats = try request.machineStats.map { try JSON(encoding: $0) }
      store.history.add(WorkerLoad(stats: stats), ofWorker: request.worker)
      return .init(clean: try await cleanup(for: request, call))
    }
    api.on(Workers.GetAll.self) { request, _ in
      let found = try select(request, lastSeen: request.lastSeen ?? 3600)
      let queues = try await summaries(of: Set(found.flatMap { $0.queues + ($0.queue.map { [$0] } ?? []) }))
      let orders = try await store.read { records in
        try Dictionary(found.map { ($0.id, try records.orders(ofWorker: $0.id)) }) { first, _ in first }
      }
      return .init(workers: try found.map { try $0.json(queues: queues, orders: orders[$0.id] ?? WorkerOrders()) })
    }
    api.on(Workers.GetCount.self) { request, _ in
      .init(count: try select(request, lastSeen: request.lastSeen ?? 0).count)
    }
    addWorkerProperties(to: &api)
    addWorkerOrders(to: &api)
    addWorkerStats(to: &api)
  }

  private func select(_ request: Workers.GetAll.Request, lastSeen: Int) throws(FieldError) -> [Worker] {
    let now = Timestamp.now
    guard request.workerPattern?.count ?? 0 <= longestName else {
      throw .outOfRange(path: ["worker_pattern"], range: "at most \(longestName) characters")
    }
    return workers.alive(orLost: request.includeLost ?? false).filter { worker in
      (lastSeen <= 0 || worker.lastActivity.seconds(to: now) <= lastSeen)
        && (request.workerPattern.map { matches(worker.id, wildcard: $0) } ?? true)
        && satisfies(worker.tags, request.tags) && satisfies(worker.systemTags, request.systemTags)
    }
  }

  /// What a worker's answer tells of the queues `ids`.
  private func summaries(of ids: Set<String>) async throws -> [String: JSON] {
    try await store.read { records in
      try records.get(.queues, ids: Array(ids)).mapValues { queue in
        let id = queue.text("id") ?? ""
        var summary: JSON = [
          "id": .string(id), "name": queue["name"] ?? .null, "num_tasks": .number(try records.entryCount(queue: id)),
        ]
        summary["display_name"] = queue["display_name"]
        if let next = try records.entries(queue: id, limit: 1).first?.task {
          summary["next_task"] = ["id": .string(next), "name": try records.get(.tasks, id: next)?["name"] ?? .null]
        }
        return summary
      }
    }
  }
}

/// The longest name of a worker, and the longest pattern for one.
private let longestName = 256

/// - Throws: `WireError` 400/1001 for a name that is none.
func checkWorker(name: String) throws(WireError) {
  guard 1...longestName ~= name.count, !name.utf8.contains(0) else {
    throw WireError(
      .invalidWorkerID, "1 to \(longestName) characters without NUL are expected: field=worker, id=\(name.prefix(80))")
  }
}

/// Whether tags have one of those that are asked for, and none of those with a `-`.
private func satisfies(_ tags: [String], _ asked: [String]?) -> Bool {
  let unwanted = (asked ?? []).filter { $0.hasPrefix("-") }.map { $0.dropFirst() }
  let wanted = (asked ?? []).filter { !$0.hasPrefix("-") }
  return !unwanted.contains { tags.contains(String($0)) } && (wanted.isEmpty || wanted.contains { tags.contains($0) })
}

/// Whether `text` is what `wildcard` says, where `*` is anything and `?` is one character. Takes no longer than the
/// product of both lengths.
func matches(_ text: String, wildcard: String) -> Bool {
  let text = Array(text)
  var reachable: Set = [0]
  for symbol in wildcard {
    switch symbol {
    case "*": reachable = reachable.min().map { Set($0...text.count) } ?? []
    case "?": reachable = Set(reachable.filter { $0 < text.count }.map { $0 + 1 })
    default: reachable = Set(reachable.filter { $0 < text.count && text[$0] == symbol }.map { $0 + 1 })
    }
  }
  return reachable.contains(text.count)
}

extension Transaction {
  /// Notes in a task's record which worker runs it, and that it lives.
  fileprivate func noteReport(_ request: Workers.StatusReport.Request) throws -> Worker.Running? {
    guard let id = request.task, !id.isEmpty else { return nil }
    let task = try records.update(.tasks, id: id) { task in
      task["last_worker"] = .string(request.worker)
      task["last_worker_report"] = timestamp
      task["last_update"] = timestamp
    }
    guard let task else { throw WireError(.invalidTaskID, id: id) }
    return Worker.Running(
      id: id, name: task.text("name") ?? "",
      project: try task.text("project").flatMap { try records.get(.projects, id: $0) }?.nameAndID,
      lastIteration: task["last_iteration"]?.int ?? 0,
      started: task.text("started").flatMap { Timestamp($0) })
  }
}

extension Worker {
  /// Seconds after which a worker that is not heard of may be gone.
  static let longestSilence = 120

  /// How it is with the worker, for people: one word, and why where that is not plain.
  private func state(_ orders: WorkerOrders) -> JSON {
    let silence = lastActivity.seconds(to: .now)
    let (name, reason): (String, String?) =
      switch orders.mode {
      case _ where silence > Self.longestSilence || !isAlive:
        ("network_issue", "nothing was heard of it for \(silence) s")
      case .draining?: ("draining", "it takes no more tasks, and its agent ends after the ones it runs")
      case .disabled? where task == nil: ("disabled", "it takes no tasks until somebody enables it")
      case _ where task != nil: ("running", nil)
      case _ where !orders.allowsTasks(): ("off_hours", "it is outside of its working hours")
      default:
        if let outOfHours, orders.mode != .forced {
          ("off_hours", "it is outside of the hours that its agent was started with: \(outOfHours)")
        } else {
          ("idle", queues.isEmpty ? "it serves no queue" : nil)
        }
      }
    var state: JSON = ["name": .string(name)]
    state["reason"] = reason.map(JSON.string)
    return state
  }

  fileprivate func json(queues known: [String: JSON], orders: WorkerOrders) throws -> JSON {
    var worker: JSON = [
      "id": .string(id), "key": .string(key), "ip": .string(address ?? ""), "register_timeout": .number(timeout),
      "company": ["id": .string(Company.id), "name": .string(Company.name)],
      "user": ["id": .string(owner.user), "name": .string(owner.userName)], "tags": .list(tags),
      "system_tags": .list(systemTags), "queues": .array(queues.map { known[$0] ?? ["id": .string($0)] }),
      "register_time": .string(registered.text), "last_activity_time": .string(lastActivity.text),
    ]
    worker["state"] = state(orders)
    if orders != WorkerOrders() { worker["orders"] = try JSON(encoding: orders) }
    worker["last_report_time"] = lastReport.map { .string($0.text) }
    worker["machine_stats"] = machineStats
    worker["storage"] = try storage.map { try JSON(encoding: $0) }
    if let queue { worker["queue"] = known[queue] ?? ["id": .string(queue)] }
    if let task {
      let milliseconds = task.started.map { max(0, Timestamp.now.milliseconds - $0.milliseconds) } ?? 0
      worker["task"] = [
        "id": .string(task.id), "name": .string(task.name), "last_iteration": .number(task.lastIteration),
        "running_time": .int(milliseconds),
      ]
      worker["project"] = task.project
    }
    return worker
  }
}
