import StintModel
import StintStore
import StintWire

extension Transaction {
  /// How long a worker may take from claiming a task to starting it.
  private static let claimTime = Duration.seconds(60)
  /// The same for workers that know no leases: nothing is heard from them between the two.
  private static let foreignClaimTime = Duration.seconds(300)

  /// Gives a task to a worker: a new attempt begins.
  mutating func claim(_ entry: QueueEntry, as claim: LeaseClaim?) throws -> LeaseGrant {
    var lease = newLease(of: entry.task, after: try records.lease(task: entry.task), as: claim)
    (lease.queue, lease.added) = (entry.queue, entry.added)
    try records.put(lease)
    return try grant(lease)
  }

  /// What a worker that asks once more was given already.
  mutating func claimed(as claim: LeaseClaim) throws -> (entry: QueueEntry, grant: LeaseGrant)? {
    guard let lease = try records.lease(id: claim.id), lease.isHeld, let queue = lease.queue else { return nil }
    let entry = QueueEntry(task: lease.task, queue: queue, added: lease.added ?? now.text)
    return (entry, try grant(lease))
  }

  /// A worker starts a task that it holds, or one that nobody does.
  /// - Returns: also who owns the task.
  mutating func start(
    _ id: String, as claim: LeaseClaim, _ change: StatusChange
  ) throws -> (answer: Tasks.Started.Response, owner: Identity?) {
    var task = try records.task(id)
    let last = try records.lease(task: id)
    var lease: Lease
    if let last, last.isHeld || last.id == claim.id {
      lease = try held(last, of: id, by: claim)
      if lease.started == nil {
        lease.started = now.text
        try records.putStart(of: lease)
      }
    } else {
      lease = newLease(of: id, after: last, as: claim)
      if let queue = try records.queue(of: id) { (lease.queue, lease.added) = (queue, now.text) }
      lease.started = now.text
      try records.put(lease)
    }
    var change = change
    change.fields["last_worker"] = .string(claim.worker)
    change.fields["last_worker_report"] = timestamp
    let fields = try setStatus(of: &task, change)
    let owner = try task.text("user").flatMap { try records.identity(ofUser: $0) }
    return (.init(updated: 1, fields: fields, started: 1, lease: try grant(lease)), owner)
  }

  /// A worker tells that it still runs a task.
  mutating func renew(_ id: String, as claim: LeaseClaim) throws -> LeaseGrant {
    let task = try records.task(id)
    var last = try records.lease(task: id)
    if var lease = last, lease.id == claim.id, !lease.isHeld, task.isHeldOver {
      // Nobody else was given the task meanwhile: it is this worker's again.
      lease.isHeld = true
      try records.putEnd(of: lease)
      try records.update(.tasks, id: id) { $0["status_reason"] = "" }
      last = lease
    }
    return try grant(held(last, of: id, by: claim))
  }

  /// A worker gives up a task that is somebody else's business by now, or that it cannot even start.
  mutating func release(_ id: String, as claim: LeaseClaim) throws {
    guard let lease = try records.lease(task: id), lease.id == claim.id, lease.isHeld else { return }
    if try lease.started == nil || records.task(id).status == .inProgress { return try giveUp(lease) }
    _ = try release(lease, counting: nil)
  }

  /// A worker tells how its attempt ended. What follows is for its queue's policy to say.
  mutating func finish(
    _ id: String, _ change: StatusChange, as claim: LeaseClaim, _ end: AttemptEnd
  ) throws -> JSON {
    let task = try records.task(id)
    let status = task.status
    let last = try records.lease(task: id)
    if let last, last.id == claim.id, !last.isHeld, status == change.next {
      return [:]  // It was told before, and the answer was lost.
    }
    let lease = try release(held(last, of: id, by: claim), counting: end)
    let isOnlyClaimed = try status == .queued && lease.started == nil && records.queue(of: id) == nil
    // A task that was made ready for another run meanwhile has nothing of this one.
    guard isOnlyClaimed || (status != .created && status != .queued) else { return [:] }
    return try conclude(lease, of: task, end, change)
  }

  /// A worker was silent for too long, or came back without the task.
  mutating func giveUp(_ expired: Lease) throws {
    let end = AttemptEnd(.lostWorker)
    let wasStarted = expired.started != nil
    let lease = try release(expired, counting: wasStarted ? end : nil)
    guard let task = try records.get(.tasks, id: lease.task) else { return }
    let worker = lease.worker.map { "worker \($0)" } ?? "a worker"
    switch task.status {
    case .queued where try records.queue(of: lease.task) == nil:
      try putBack(task, lease, reason: "\(worker) took the task and did not start it", afterSeconds: 0)
    case .inProgress where wasStarted:
      let reason = "\(worker) was lost"
      if task.text("status_message") == StatusChange.stopping {
        let stop = StatusChange(next: .stopped, reason: "\(reason) while stopping")
        try conclude(lease, of: task, AttemptEnd(.aborted), stop)
      } else if try policy(of: lease.queue).onLoss == .hold {
        try records.update(.tasks, id: lease.task) { task in
          task["status_reason"] = .string("\(JSON.heldOver): \(reason), and its queue's policy is to hold its tasks")
        }
      } else {
        let failure = StatusChange(next: .failed, reason: reason, message: reason, force: true)
        try conclude(lease, of: task, end, failure)
      }
    default: break
    }
  }

  /// The server was away: a holder has its whole time again.
  mutating func resume(_ lease: Lease) throws { _ = try grant(lease) }

  /// Fails a task that nobody runs.
  mutating func fail(_ id: String, _ end: AttemptEnd, reason: String) throws {
    let last = try records.lease(task: id)
    var task = try records.task(id)
    var attempts = task["attempts"]?.array ?? []
    attempts.append([
      "number": .number((last?.attempt ?? 0) + 1), "reason": .string(end.reason.rawValue), "message": .string(reason),
      "ended": timestamp,
    ])
    try setStatus(
      of: &task,
      StatusChange(
        next: .failed, reason: reason, message: reason, force: true,
        fields: ["attempts": .array(attempts.suffix(20)), "completed": timestamp]))
  }

  /// Ends a claim on a task that leaves its queue: that of a worker that knows no leases, as what it does with the task
  /// says that it has it, and one that somebody forestalled who stopped the task or took it out of its queue.
  mutating func settleClaim(on id: String, next: TaskStatus) throws {
    guard let lease = try records.lease(task: id), lease.isHeld,
      lease.id.isEmpty || (lease.started == nil && next != .queued)
    else { return }
    _ = try release(lease, counting: nil)
  }

  /// The count of lost and failed attempts begins anew: somebody wants the task to run.
  func forgetAttempts(of id: String) throws {
    guard var lease = try records.lease(task: id), lease.losses + lease.failures > 0 else { return }
    (lease.losses, lease.failures) = (0, 0)
    try records.putEnd(of: lease)
  }
}

extension Transaction {
  private func newLease(of id: String, after last: Lease?, as claim: LeaseClaim?) -> Lease {
    var lease = Lease(
      task: id, id: claim?.id ?? "", attempt: (last?.attempt ?? 0) + 1, losses: last?.losses ?? 0,
      failures: last?.failures ?? 0)
    lease.worker = claim?.worker
    return lease
  }

  /// The lease of the task `id`, where the claim holds it.
  /// - Throws: `WireError` 400/190.
  private func held(_ lease: Lease?, of id: String, by claim: LeaseClaim) throws(WireError) -> Lease {
    guard let lease, lease.id == claim.id, lease.isHeld else {
      let holder = lease.flatMap { $0.isHeld ? $0.worker : nil }
      throw WireError(.leaseLost, "task=\(id)" + (holder.map { ", worker=\($0)" } ?? ""))
    }
    return lease
  }

  private mutating func grant(_ lease: Lease) throws -> LeaseGrant {
    let policy = try policy(of: lease.queue)
    let duration = policy.leaseSeconds.map { Duration.seconds($0) } ?? leaseDuration
    let limit =
      lease.id.isEmpty ? Self.foreignClaimTime : lease.started == nil ? min(Self.claimTime, duration) : duration
    leases.hold(lease.id, of: lease.task, for: limit)
    return LeaseGrant(
      id: lease.id, attempt: lease.attempt,
      durationMs: policy.onLoss == .hold ? nil : Int(duration / .milliseconds(1)),
      runLimitMs: policy.runLimitSeconds.map { $0 * 1000 }, silenceLimitMs: policy.silenceLimitSeconds.map { $0 * 1000 }
    )
  }

  private mutating func release(_ held: Lease, counting end: AttemptEnd?) throws -> Lease {
    var lease = held
    lease.isHeld = false
    if let end, end.reason.isLoss {
      lease.losses += 1
    } else if let end, end.reason.isWorthRetrying {
      lease.failures += 1
    }
    try records.putEnd(of: lease)
    noteEndOfLease(of: lease.task)
    // Where it was queued again meanwhile, nobody could take it as long as it was held.
    if let queue = try records.queue(of: lease.task) { announce(queue: queue) }
    return lease
  }

  @discardableResult
  private mutating func conclude(
    _ lease: Lease, of task: JSON, _ end: AttemptEnd, _ change: StatusChange
  ) throws -> JSON {
    var attempt: JSON = [
      "number": .number(lease.attempt), "reason": .string(end.reason.rawValue), "message": .string(change.reason ?? ""),
      "ended": timestamp,
    ]
    attempt["worker"] = lease.worker.map(JSON.string)
    attempt["queue"] = lease.queue.map(JSON.string)
    attempt["started"] = lease.started.map(JSON.string)
    attempt["exit_code"] = end.exitCode.map(JSON.number)
    attempt["signal"] = end.signal.map(JSON.number)
    attempt["peak_memory_kb"] = end.peakMemoryKb.map(JSON.number)
    let attempts: JSON = .array(Array(((task["attempts"]?.array ?? []) + [attempt]).suffix(20)))

    let isStopping = task.text("status_message") == StatusChange.stopping
    let policy = try policy(of: lease.queue)
    if change.next != .completed, !isStopping, let queue = lease.queue, try records.exists(.queues, id: queue),
      case .requeue(let pause) = policy.verdict(after: end, losses: lease.losses, failures: lease.failures)
    {
      let reason = change.reason.map { "\($0); attempt \(lease.attempt + 1) follows" }
      return try putBack(task, lease, reason: reason, afterSeconds: pause, fields: ["attempts": attempts])
    }
    var (task, change) = (task, change)
    change.fields["attempts"] = attempts
    change.fields["completed"] = timestamp
    return try setStatus(of: &task, change)
  }

  /// Makes a task the next of the queue that it came from.
  @discardableResult
  private mutating func putBack(
    _ task: JSON, _ lease: Lease, reason: String?, afterSeconds pause: Int, fields: [String: JSON] = [:]
  ) throws -> JSON {
    var task = task
    guard let queue = lease.queue, try records.exists(.queues, id: queue) else {
      return try setStatus(
        of: &task, StatusChange(next: .created, reason: "its queue is gone", force: true, fields: fields))
    }
    try records.enqueue(
      task: lease.task, queue: queue, added: lease.added ?? now.text, atFront: true,
      notBefore: pause > 0 ? now.advanced(bySeconds: pause) : nil)
    announce(queue: queue)
    return try setStatus(
      of: &task, StatusChange(next: .queued, reason: reason, force: true, fields: fields))
  }

  private func policy(of queue: String?) throws -> QueuePolicy {
    guard let queue, let policy = try records.columns(.queues, id: queue, ["policy"])?.text("policy") else {
      return QueuePolicy()
    }
    return try JSON(parsing: policy).decode()
  }
}

extension JSON {
  /// How the reason begins of a task that waits for its lost worker.
  fileprivate static let heldOver = "held"

  /// Whether this task waits for its lost worker.
  var isHeldOver: Bool { status == .inProgress && text("status_reason")?.hasPrefix(Self.heldOver) == true }
}
