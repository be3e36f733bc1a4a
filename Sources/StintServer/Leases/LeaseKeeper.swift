import Logging
import StintModel
import StintStore
import StintWire

extension Services {
  /// The server itself, where it changes records of its own accord.
  static let serverIdentity = Identity(user: "stint", userName: "Stint", company: Company.id, role: .admin)

  /// Gives every holder its whole time again. Call it before the first request.
  package func resumeLeases() async throws {
    try await transact(as: Self.serverIdentity) { transaction in
      for lease in try transaction.records.heldLeases() { try transaction.resume(lease) }
    }
  }

  /// Takes tasks from workers that are silent for too long, ends pauses, and stops what nobody looks after, until
  /// cancelled.
  package func keepLeases() async throws {
    var round = 0
    var clock = ClockWatch()
    while true {
      try await Task.sleep(for: .milliseconds(500))
      do {
        if clock.look() {
          logger.warning("the machine's clock was set: waits and silences are counted anew from here on")
          try await endPauses(all: true)
        }
        let watched = clock.steadySince.duration(to: .now)
        try await giveUpExpired()
        if round % 2 == 0 { try await endPauses() }
        if round % 20 == 0 { try await enforceQueueLimits(sinceClockWasSet: clock.wasEverSet ? watched : nil) }
        if round % 120 == 0, watched >= silentTaskLimit { try await stopUnattended() }
      } catch is CancellationError {
        throw CancellationError()
      } catch {
        logger.error("leases could not be looked after: \(error)")
      }
      round += 1
    }
  }

  /// Takes the tasks from those whose time is over.
  func giveUpExpired() async throws {
    for expired in leases.expired() { try await giveUp(expired) }
  }

  /// Takes the task from a holder whose time was over, unless it was heard of before this had its turn to write.
  func giveUp(_ expired: LeaseClock.Expired) async throws {
    let leases = leases
    let isLost = try await transact(as: Self.serverIdentity) { transaction in
      guard let lease = try transaction.records.lease(task: expired.task), lease.isHeld else {
        transaction.noteEndOfLease(of: expired.task)
        return false
      }
      guard lease.id == expired.lease else {
        // What was to take its place has not become durable.
        try transaction.resume(lease)
        return false
      }
      guard leases.isStillOver(expired) else { return false }
      try transaction.giveUp(lease)
      return true
    }
    if isLost {
      logger.warning("the worker of task \(expired.task) was silent for too long, so its lease is over")
    }
  }

  /// A worker that starts anew tells what it still holds of its own, by names or their beginnings: the rest is lost.
  func giveUpUnknown(of worker: String, prefix: String, known: [String], _ call: Call) async throws {
    let held = try await store.read { try $0.heldLeases(worker: worker) }
    for lease in held where lease.id.hasPrefix(prefix) && !known.contains(where: lease.id.hasPrefix) {
      try await transact(call) { transaction in
        guard let lease = try transaction.records.lease(id: lease.id), lease.isHeld else { return }
        try transaction.giveUp(lease)
      }
    }
  }

  /// Ends the pauses that are over, or all of them: by a clock that was set they could last for ever.
  func endPauses(all: Bool = false) async throws {
    let moment = all ? Timestamp(microseconds: .max) : .now
    guard try await store.read({ try $0.hasPausesToEnd(by: moment) }) else { return }
    try await transact(as: Self.serverIdentity) { transaction in
      for queue in try transaction.records.endPauses(by: moment) { transaction.announce(queue: queue) }
    }
  }

  /// Fails what has waited for longer than its queue allows. Where the clock was set, only the wait since then is known.
  func enforceQueueLimits(sinceClockWasSet known: Duration? = nil) async throws {
    let queues = try await store.read { try $0.find(.queues) }
    for queue in queues {
      guard let id = queue.text("id"), let limit = queue[path: ["policy", "queue_limit_seconds"]]?.int,
        known.map({ $0 > .seconds(limit) }) ?? true
      else { continue }
      try await transact(as: Self.serverIdentity) { transaction in
        for entry in try transaction.records.entries(queue: id) {
          guard let added = Timestamp(entry.added), added.seconds(to: transaction.now) > limit else { continue }
          let reason = "waited in queue \(queue.text("name") ?? id) for longer than its limit of \(limit) s"
          try transaction.fail(entry.task, AttemptEnd(.queueLimit), reason: reason)
        }
      }
    }
  }

  /// Stops running tasks that no worker has told of for long; those of workers with leases are looked after elsewhere.
  func stopUnattended() async throws {
    let limit = Timestamp.now.advanced(bySeconds: -Int(silentTaskLimit / .seconds(1)))
    let condition = Condition.and([
      .equals("status", .string(TaskStatus.inProgress.rawValue)), .compare("last_update", .less, .string(limit.text)),
    ])
    let silent = try await store.read { records in
      try records.find(.tasks, Query(condition, limit: 1000)).compactMap { $0.text("id") }
        .filter { try records.lease(task: $0)?.isHeld != true }
    }
    for id in silent {
      try await transact(as: Self.serverIdentity) { transaction in
        let task = try transaction.records.task(id)
        guard task.status == .inProgress, !task.isHeldOver,
          let update = task.text("last_update").flatMap({ Timestamp($0) }), update < limit
        else { return }
        let reason = "Forced stop (non-responsive)"
        let completed = ["completed": transaction.timestamp]
        try transaction.setStatus(
          of: id,
          StatusChange(next: .stopped, reason: reason, message: reason, force: true, fields: completed))
      }
    }
  }
}
