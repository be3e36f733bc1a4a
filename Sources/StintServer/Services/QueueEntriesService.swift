import StintModel
import StintStore
import StintWire

/// A task that a worker was given.
private struct Taken: Sendable {
  let entry: QueueEntry
  let grant: LeaseGrant
  /// What was ordered for the worker then.
  let orders: WorkerOrders
}

extension Services {
  func addQueueEntries(to api: inout API) {
    api.onHeld(Queues.GetNextTask.self) { request, call in try await nextTask(request, call) }
    api.on(Queues.GetNumEntries.self) { request, _ in
      .init(
        num: try await store.read { records in
          _ = try records.queue(request.queue)
          return try records.entryCount(queue: request.queue)
        })
    }
    api.on(Queues.PeekTask.self) { request, _ in
      .init(
        task: try await store.read { records in
          _ = try records.queue(request.queue)
          return try records.entries(queue: request.queue, limit: 1).first?.task
        })
    }
    api.on(Queues.AddTask.self) { request, call in
      try await transact(call) { transaction in
        try transaction.addEntry(
          request.task, to: request.queue, updateExecutionQueue: request.updateExecutionQueue ?? true)
      }
      return .init(added: 1)
    }
    api.on(Queues.RemoveTask.self) { request, call in
      try await transact(call) { transaction in
        try transaction.checkEntry(request.task, in: request.queue)
        if request.updateTaskStatus == true {
          _ = try transaction.dequeue(request.task)
        } else {
          try transaction.records.dequeue(task: request.task)
        }
      }
      return .init(removed: 1)
    }
    api.on(Queues.ClearQueue.self) { request, call in
      let removed = try await transact(call) { transaction in
        _ = try transaction.records.queue(request.queue)
        let tasks = try transaction.records.entries(queue: request.queue).map(\.task)
        for task in tasks { _ = try transaction.dequeue(task) }
        _ = try transaction.records.clear(queue: request.queue)
        return tasks
      }
      return .init(removedTasks: removed)
    }
    addQueueOrder(to: &api)
    addQueueChange(to: &api)
  }

  private func addQueueOrder(to api: inout API) {
    api.on(Queues.MoveTaskToFront.self) { request, call in
      .init(
        position: try await transact(call) { transaction in
          try transaction.checkEntry(request.task, in: request.queue)
          return try transaction.records.moveToFront(task: request.task)
        })
    }
    api.on(Queues.MoveTaskToBack.self) { request, call in
      .init(
        position: try await transact(call) { transaction in
          try transaction.checkEntry(request.task, in: request.queue)
          return try transaction.records.moveToBack(task: request.task)
        })
    }
    api.on(Queues.MoveTaskForward.self) { request, call in
      .init(
        position: try await transact(call) { transaction in
          try transaction.checkEntry(request.task, in: request.queue)
          return try transaction.records.moveForward(task: request.task, by: max(1, request.count ?? 1))
        })
    }
    api.on(Queues.MoveTaskBackward.self) { request, call in
      .init(
        position: try await transact(call) { transaction in
          try transaction.checkEntry(request.task, in: request.queue)
          return try transaction.records.moveBackward(task: request.task, by: max(1, request.count ?? 1))
        })
    }
  }

  private func addQueueChange(to api: inout API) {
    api.on(Queues.MoveTaskToQueue.self) { request, call in
      try await transact(call) { transaction in
        try transaction.checkEntry(request.task, in: request.queue)
        try transaction.addEntry(
          request.task, to: request.targetQueue, updateExecutionQueue: request.updateExecutionQueue ?? true)
      }
      return .init(moved: 1)
    }
    api.on(Queues.GetByTaskID.self) { request, _ in
      .init(
        queue: try await store.read { records in
          _ = try records.task(request.task)
          guard let queue = try records.queue(of: request.task) else {
            throw WireError(.taskNotQueued, "task=\(request.task)")
          }
          return try records.withEntries(records.queue(queue), limit: nil)
        })
    }
  }

  /// Takes the next task of a queue, waiting for one as long as the client says it can.
  private func nextTask(
    _ request: Queues.GetNextTask.Request, _ call: Call
  ) async throws -> @Sendable () async throws -> Queues.GetNextTask.Response {
    let wish = Wish(queues: request.queues.flatMap { $0.isEmpty ? nil : $0 } ?? [request.queue], claim: request.lease)
    guard let wait = request.waitMs, wait > 0 else {
      let answer = try await answer(request, take(wish, call, checksQueues: true), call)
      return { answer }
    }
    try await store.read { try $0.checkQueues(of: wish) }
    let waiting = try await waiting(for: wish, upTo: min(.milliseconds(wait), Self.longestWait), call)
    return {
      let taken = try await waiting()
      return try await answer(request, taken, call)
    }
  }

  private func answer(
    _ request: Queues.GetNextTask.Request, _ taken: Taken?, _ call: Call
  ) async throws -> Queues.GetNextTask.Response {
    guard let taken else {
      let orders = try await orders(for: request.lease)
      return .init(mode: orders.mode, clean: orders.clean)
    }
    let (entry, orders) = (taken.entry, taken.orders)
    if Task.isCancelled {
      // The caller has gone: nobody would run what it took. The task that gives it back is not cancelled with this one.
      try await Task { try await giveBack(entry, call) }.value
      throw CancellationError()
    }
    let info = request.getTaskInfo == true ? try await store.read { try $0.get(.tasks, id: entry.task) } : nil
    return .init(
      entry: QueueEntryItem(task: entry.task, added: entry.added),
      taskInfo: info.map { ["company": .string(Company.id), "user": $0["user"] ?? .null] },
      queue: request.queues == nil ? nil : entry.queue, lease: request.lease == nil ? nil : taken.grant,
      mode: orders.mode,
      clean: orders.clean)
  }

  private func giveBack(_ entry: QueueEntry, _ call: Call) async throws {
    try await transact(call) { transaction in
      guard let lease = try transaction.records.lease(task: entry.task), lease.isHeld, lease.started == nil else {
        return
      }
      try transaction.giveUp(lease)
    }
  }

  /// What waits for a task. What is ordered for the worker meanwhile counts at once.
  private func waiting(
    for wish: Wish, upTo limit: Duration, _ call: Call
  ) async throws -> @Sendable () async throws -> Taken? {
    let known = try await orders(for: wish.claim)
    // Its agent only wants to hear that it may end.
    if known.mode == .draining { return { try await take(wish, call) } }
    let keys = (known.queues ?? wish.queues) + (wish.claim.map { [Self.signalKey(ofWorker: $0.worker)] } ?? [])
    return {
      let news = try await queueSignal.poll(keys, upTo: limit) { () -> News? in
        if let taken = try await take(wish, call) { return .taken(taken) }
        return try await orders(for: wish.claim) == known ? nil : .orders
      }
      if case .taken(let taken)? = news { return taken }
      return nil
    }
  }

  private func orders(for claim: LeaseClaim?) async throws -> WorkerOrders {
    guard claim != nil else { return WorkerOrders() }
    return try await store.read { try $0.orders(for: claim) }
  }

  private func take(_ wish: Wish, _ call: Call, checksQueues: Bool = false) async throws -> Taken? {
    let claim = wish.claim
    // Most calls find nothing: they should not wait for the writer.
    let isWorthwhile = try await store.read { records in
      if checksQueues { try records.checkQueues(of: wish) }
      return try records.nextEntry(for: wish, under: records.orders(for: claim)) != nil
        || claim.flatMap { try records.lease(id: $0.id) } != nil
    }
    guard isWorthwhile else { return nil }
    return try await transact(call) { transaction in
      let orders = try transaction.records.orders(for: claim)
      if let claim, let (entry, grant) = try transaction.claimed(as: claim) {
        return Taken(entry: entry, grant: grant, orders: orders)
      }
      guard let entry = try transaction.records.nextEntry(for: wish, under: orders) else { return nil }
      try transaction.take(entry)
      return Taken(entry: entry, grant: try transaction.claim(entry, as: claim), orders: orders)
    }
  }
}

/// What a worker asks for.
private struct Wish: Sendable {
  let queues: [String]
  let claim: LeaseClaim?
}

/// What ends a worker's wait.
private enum News: Sendable {
  case taken(Taken)
  case orders
}

extension Records {
  /// - Throws: `WireError` 400/701 when there is no such queue.
  fileprivate func checkQueues(of wish: Wish) throws {
    for id in wish.queues where try !exists(.queues, id: id) { throw WireError(.invalidQueueID, id: id) }
  }

  fileprivate func orders(for claim: LeaseClaim?) throws -> WorkerOrders {
    try claim.map { try orders(ofWorker: $0.worker) } ?? WorkerOrders()
  }

  /// The task that a worker may be given now, under the orders that it has.
  fileprivate func nextEntry(for wish: Wish, under orders: WorkerOrders) throws -> QueueEntry? {
    guard orders.allowsTasks() else { return nil }
    for queue in orders.queues ?? wish.queues where try !isPaused(queue: queue) {
      if let entry = try nextEntry(queue: queue, types: orders.types) { return entry }
    }
    return nil
  }
}

extension Transaction {
  /// Puts a task into a queue and leaves its status alone; if it waits in another queue, it moves.
  fileprivate mutating func addEntry(_ task: String, to queue: String, updateExecutionQueue: Bool) throws {
    var document = try records.task(task)
    _ = try records.queue(queue)
    if let old = try records.queue(of: task), old != queue { try records.dequeue(task: task) }
    try records.enqueue(task: task, queue: queue, added: now.text)
    if updateExecutionQueue {
      document[path: ["execution", "queue"]] = .string(queue)
      document.set(changeMark)
      try records.put(.tasks, document)
    }
    announce(queue: queue)
  }

  /// - Throws: `WireError` 400/701 when there is no such queue, 400/703 when the task is not in it.
  fileprivate func checkEntry(_ task: String, in queue: String) throws {
    _ = try records.queue(queue)
    guard try records.queue(of: task) == queue else {
      throw WireError(.taskNotQueued, "task=\(task), queue=\(queue)")
    }
  }
}
