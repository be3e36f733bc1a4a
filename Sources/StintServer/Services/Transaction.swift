import StintModel
import StintStore
import StintWire

/// What one call does to the records: all of it or nothing. Who waits for what it changed is woken once it is durable.
struct Transaction {
  let records: Records
  let caller: Identity
  let now = Timestamp.now
  /// How long the holder of a lease may be silent, unless its queue says otherwise.
  let leaseDuration: Duration
  let leases: LeaseClock
  fileprivate var changedTasks: Set<String> = []
  fileprivate var filledQueues: [String] = []
  fileprivate var changedQueues: Set<String> = []
  fileprivate var endedLeases: [String: LeaseClock.Moment] = [:]

  fileprivate init(records: Records, caller: Identity, leaseDuration: Duration, leases: LeaseClock) {
    (self.records, self.caller, self.leaseDuration, self.leases) = (records, caller, leaseDuration, leases)
  }

  /// The moment of the change, as it is stored.
  var timestamp: JSON { .string(now.text) }

  /// The fields that every change of a task or model sets.
  var changeMark: [String: JSON] { ["last_change": timestamp, "last_changed_by": .string(caller.user)] }

  /// Wakes who watches the task.
  mutating func announce(task id: String) { changedTasks.insert(id) }

  /// Wakes one who waits for a task from the queue.
  mutating func announce(queue id: String) {
    filledQueues.append(id)
    changedQueues.insert(id)
  }

  /// Tells that nobody holds the task any more.
  mutating func noteEndOfLease(of task: String) { endedLeases[task] = leases.moment }

  /// Tells that tasks left the queue.
  mutating func noteChange(of queue: String) { changedQueues.insert(queue) }
}

/// What is to be told once a transaction is durable.
private struct Effects: Sendable {
  let tasks: Set<String>
  let filledQueues: [String]
  let changedQueues: Set<String>
  let endedLeases: [String: LeaseClock.Moment]

  init(of transaction: Transaction) {
    (tasks, filledQueues) = (transaction.changedTasks, transaction.filledQueues)
    (changedQueues, endedLeases) = (transaction.changedQueues, transaction.endedLeases)
  }
}

extension Services {
  /// Runs `body` as one transaction on behalf of the caller.
  func transact<Result: Sendable>(
    _ call: Call, _ body: @escaping @Sendable (inout Transaction) throws -> Result
  ) async throws -> Result {
    try await transact(as: call.caller, body)
  }

  /// Runs `body` as one transaction on behalf of somebody.
  func transact<Result: Sendable>(
    as caller: Identity, _ body: @escaping @Sendable (inout Transaction) throws -> Result
  ) async throws -> Result {
    let (leaseDuration, leases) = (leaseDuration, leases)
    let (result, done) = try await store.write { records in
      try records.confirmAttempt(of: caller)
      var transaction = Transaction(records: records, caller: caller, leaseDuration: leaseDuration, leases: leases)
      let result = try body(&transaction)
      return (result, Effects(of: transaction))
    }
    for (task, moment) in done.endedLeases { leases.rest(task, since: moment) }
    for task in done.tasks { taskSignal.ring(task, .all) }
    for queue in done.filledQueues { queueSignal.ring(queue, .one) }
    // Statistics: what was asked for is done without them.
    if !done.changedQueues.isEmpty { try? await noteChange(of: done.changedQueues) }
    return result
  }

  /// Runs `body` for each of `ids`, in one transaction, and tells which succeeded: what the others did is undone.
  func each(
    of ids: [String], _ call: Call, _ body: @escaping @Sendable (inout Transaction, String) throws -> JSON
  ) async throws -> ManyResponse {
    guard !ids.isEmpty else { throw WireError(.validation, "error for field 'ids': at least 1 is needed") }
    return try await transact(call) { transaction in
      var response = ManyResponse()
      for id in ids {
        var attempt = transaction
        do {
          var entry = try transaction.records.undoingFailure { try body(&attempt, id) }
          entry["id"] = .string(id)
          response.succeeded.append(entry)
          transaction = attempt
        } catch let error as WireError {
          response.failed.append([
            "id": .string(id),
            "error": [
              "codes": [.int(Int64(error.code)), .int(Int64(error.subcode))], "msg": .string(error.message),
              "data": error.data,
            ],
          ])
        }
      }
      return response
    }
  }
}

extension Records {
  /// The task `id`.
  /// - Throws: `WireError` 400/101 when there is none.
  func task(_ id: String) throws -> JSON {
    guard let task = try get(.tasks, id: id) else { throw WireError(.invalidTaskID, id: id) }
    return task
  }

  /// The model `id`.
  /// - Throws: `WireError` 400/201 when there is none.
  func model(_ id: String) throws -> JSON {
    guard let model = try get(.models, id: id) else { throw WireError(.invalidModelID, id: id) }
    return model
  }

  /// The project `id`.
  /// - Throws: `WireError` 400/401 when there is none.
  func project(_ id: String) throws -> JSON {
    guard let project = try get(.projects, id: id) else { throw WireError(.invalidProjectID, id: id) }
    return project
  }

  /// The queue `id`, without its entries.
  /// - Throws: `WireError` 400/701 when there is none.
  func queue(_ id: String) throws -> JSON {
    guard let queue = try get(.queues, id: id) else { throw WireError(.invalidQueueID, id: id) }
    return queue
  }

  /// Checks that a field of a request names a record that exists.
  /// - Throws: `WireError` 400/16.
  func check(_ collection: Collection, id: String?, field: String) throws {
    guard let id, !id.isEmpty, try !exists(collection, id: id) else { return }
    throw WireError(
      .fieldValue, "no such record: id=\(id), field=\(field)", data: ["id": .string(id), "field": .string(field)])
  }
}
