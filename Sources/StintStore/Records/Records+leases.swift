import GRDB
import StintModel

/// A worker's claim on a task, the current one or the last.
package struct Lease: Sendable, Hashable {
  package let task: String
  /// What the worker called it; empty for workers that know no leases.
  package var id: String
  /// Which try at the task it is, from 1.
  package var attempt: Int
  package var worker: String?
  /// Where the task came from.
  package var queue: String?
  /// When the task entered that queue.
  package var added: String?
  /// When the task was started.
  package var started: String?
  /// How many of the tries since the task was enqueued lost their worker.
  package var losses: Int
  /// How many of the tries since the task was enqueued failed.
  package var failures: Int
  /// Whether nobody else may run the task.
  package var isHeld: Bool

  package init(task: String, id: String, attempt: Int, losses: Int = 0, failures: Int = 0) {
    (self.task, self.id, self.attempt) = (task, id, attempt)
    (self.losses, self.failures, isHeld) = (losses, failures, true)
  }

  fileprivate init(_ row: Row) {
    (task, id, attempt, worker) = (row["task"], row["id"], row["attempt"], row["worker"])
    (queue, added, started) = (row["queue"], row["added"], row["started"])
    (losses, failures, isHeld) = (row["losses"], row["failures"], row["is_held"])
  }
}

extension Records {
  /// The current lease of a task, or its last one.
  package func lease(task: String) throws -> Lease? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM leases WHERE task = ?"), arguments: [task]).map(Lease.init)
  }

  /// The lease that a worker called `id`.
  package func lease(id: String) throws -> Lease? {
    guard !id.isEmpty else { return nil }
    return try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM leases WHERE id = ?"), arguments: [id])
      .map(Lease.init)
  }

  /// Stores a task's lease in place of the one it had.
  package func put(_ lease: Lease) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO leases (task, id, attempt, worker, queue, added, started, losses, failures, is_held)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    try statement.execute(arguments: [
      lease.task, lease.id, lease.attempt, lease.worker, lease.queue, lease.added, lease.started, lease.losses,
      lease.failures, lease.isHeld,
    ])
  }

  /// Stores when a task was started under the lease that it has.
  package func putStart(of lease: Lease) throws {
    let statement = try db.cachedStatement(sql: "UPDATE leases SET started = ? WHERE task = ?")
    try statement.execute(arguments: [lease.started, lease.task])
  }

  /// Stores whether the lease that a task has is held, and what was counted. To put it in its own place anew would cost
  /// several times as much.
  package func putEnd(of lease: Lease) throws {
    let statement = try db.cachedStatement(
      sql: "UPDATE leases SET losses = ?, failures = ?, is_held = ? WHERE task = ?")
    try statement.execute(arguments: [lease.losses, lease.failures, lease.isHeld, lease.task])
  }

  /// Forgets a task's lease, as the task goes.
  package func deleteLease(task: String) throws {
    try db.cachedStatement(sql: "DELETE FROM leases WHERE task = ?").execute(arguments: [task])
  }

  /// The leases that are held: all, or those of one worker.
  package func heldLeases(worker: String? = nil) throws -> [Lease] {
    let statement = try db.cachedStatement(
      sql: "SELECT * FROM leases WHERE is_held\(worker == nil ? "" : " AND worker = ?")")
    return try Row.fetchAll(statement, arguments: worker.map { [$0] } ?? []).map(Lease.init)
  }
}
