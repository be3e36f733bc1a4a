import GRDB
import StintModel
import StintWire

/// A task that waits in a queue.
package struct QueueEntry: Sendable, Hashable {
  package let task: String
  package let queue: String
  /// When it entered the queue.
  package let added: String

  package init(task: String, queue: String, added: String) {
    (self.task, self.queue, self.added) = (task, queue, added)
  }

  /// The protocol's `entry`.
  package var json: JSON { ["task": .string(task), "added": .string(added)] }
}

/// How much waits in a queue.
package struct QueueLoad: Sendable, Hashable {
  /// How many tasks.
  package let length: Int
  /// How long they have waited, in seconds.
  package let averageWait: Double

  package init(length: Int, averageWait: Double) { (self.length, self.averageWait) = (length, averageWait) }
}

// A queue's order is that of `rank`; ranks are dense or not, it does not matter, and a move permutes those it passes.
extension Records {
  /// Puts a task at the end of a queue, or at its head.
  /// - Throws: `WireError.taskAlreadyQueued` where it waits in any queue.
  @discardableResult
  package func enqueue(
    task: String, queue: String, added: String = Timestamp.now.description, atFront: Bool = false,
    notBefore: Timestamp? = nil
  ) throws -> QueueEntry {
    if let current = try self.queue(of: task) {
      throw WireError(.taskAlreadyQueued, "task=\(task), queue=\(current)")
    }
    let statement = try db.cachedStatement(
      sql: "INSERT INTO queue_entries (task, queue, rank, added, not_before) VALUES (?, ?, ?, ?, ?)")
    try statement.execute(
      arguments: [task, queue, freeRank(in: queue, atFront: atFront), added, notBefore?.milliseconds ?? 0])
    return QueueEntry(task: task, queue: queue, added: added)
  }

  /// Takes a task out of its queue, and returns which that was.
  @discardableResult
  package func dequeue(task: String) throws -> String? {
    let statement = try db.cachedStatement(sql: "DELETE FROM queue_entries WHERE task = ? RETURNING queue")
    return try String.fetchAll(statement, arguments: [task]).first
  }

  /// Takes the first task that may run now out of a queue.
  package func popNext(queue: String, now: Timestamp = .now) throws -> QueueEntry? {
    guard let entry = try nextEntry(queue: queue, now: now) else { return nil }
    try dequeue(task: entry.task)
    return entry
  }

  /// The first task of a queue that may run now: it is of one of `types`, its pause is over, and nobody holds it from an
  /// earlier time in a queue.
  package func nextEntry(queue: String, types: [String]? = nil, now: Timestamp = .now) throws -> QueueEntry? {
    let places = types.map { Array(repeating: "?", count: $0.count).joined(separator: ", ") }
    let isWanted = places.map { "AND task IN (SELECT id FROM tasks WHERE id = task AND type IN (\($0)))" } ?? ""
    let statement = try db.cachedStatement(
      sql: """
        SELECT task, added FROM queue_entries WHERE queue = ? AND not_before <= ? \(isWanted)
        AND NOT EXISTS (SELECT 1 FROM leases WHERE leases.task = queue_entries.task AND is_held)
        ORDER BY rank LIMIT 1
        """)
    let arguments: [any DatabaseValueConvertible] = [queue, now.milliseconds] + (types ?? [])
    return try Row.fetchOne(statement, arguments: StatementArguments(arguments))
      .map { QueueEntry(task: $0[0], queue: queue, added: $0[1]) }
  }

  /// Whether a task's pause ends by `now`.
  package func hasPausesToEnd(by now: Timestamp) throws -> Bool {
    let statement = try db.cachedStatement(
      sql: "SELECT 1 FROM queue_entries WHERE not_before > 0 AND not_before <= ? LIMIT 1")
    return try Int.fetchOne(statement, arguments: [now.milliseconds]) != nil
  }

  /// Ends the pauses that are over by `now`, and returns the queue of each task that may run again.
  package func endPauses(by now: Timestamp) throws -> [String] {
    let statement = try db.cachedStatement(
      sql: "UPDATE queue_entries SET not_before = 0 WHERE not_before > 0 AND not_before <= ? RETURNING queue")
    return try String.fetchAll(statement, arguments: [now.milliseconds])
  }

  /// What waits in a queue, the next one first.
  package func entries(queue: String, limit: Int? = nil) throws -> [QueueEntry] {
    let statement = try db.cachedStatement(
      sql: "SELECT task, added FROM queue_entries WHERE queue = ? ORDER BY rank LIMIT ?")
    return try Row.fetchAll(statement, arguments: [queue, limit ?? -1])
      .map { QueueEntry(task: $0[0], queue: queue, added: $0[1]) }
  }

  /// How much waits in a queue now, and how long already.
  package func load(ofQueue queue: String) throws -> QueueLoad {
    let statement = try db.cachedStatement(
      sql: """
        SELECT count(*), (julianday('now') - avg(julianday(added))) * 86400 FROM queue_entries WHERE queue = ?
        """)
    let row = try Row.fetchOne(statement, arguments: [queue])
    return QueueLoad(length: row?[0] ?? 0, averageWait: max(0, row?[1] ?? 0))
  }

  /// How many tasks wait in a queue.
  package func entryCount(queue: String) throws -> Int {
    let statement = try db.cachedStatement(sql: "SELECT count(*) FROM queue_entries WHERE queue = ?")
    return try Int.fetchOne(statement, arguments: [queue]) ?? 0
  }

  /// The queue in which a task waits.
  package func queue(of task: String) throws -> String? {
    let statement = try db.cachedStatement(sql: "SELECT queue FROM queue_entries WHERE task = ?")
    return try String.fetchOne(statement, arguments: [task])
  }

  /// How many tasks are before this one in its queue.
  package func position(of task: String) throws -> Int? {
    guard let place = try place(of: task) else { return nil }
    let statement = try db.cachedStatement(sql: "SELECT count(*) FROM queue_entries WHERE queue = ? AND rank < ?")
    return try Int.fetchOne(statement, arguments: [place.queue, place.rank])
  }

  /// Empties a queue, and returns the tasks that were in it, in order.
  package func clear(queue: String) throws -> [String] {
    let tasks = try entries(queue: queue).map(\.task)
    try db.cachedStatement(sql: "DELETE FROM queue_entries WHERE queue = ?").execute(arguments: [queue])
    return tasks
  }
}

extension Records {
  /// Makes a task the next of its queue, and returns its new position.
  @discardableResult
  package func moveToFront(task: String) throws -> Int { try moveToEnd(task: task, atFront: true) }

  /// Makes a task the last of its queue, and returns its new position.
  @discardableResult
  package func moveToBack(task: String) throws -> Int { try moveToEnd(task: task, atFront: false) }

  /// Moves a task `count` places towards the head of its queue, and returns its new position.
  @discardableResult
  package func moveForward(task: String, by count: Int = 1) throws -> Int {
    try move(task: task, by: count, sql: "rank <= ? ORDER BY rank DESC")
  }

  /// Moves a task `count` places towards the end of its queue, and returns its new position.
  @discardableResult
  package func moveBackward(task: String, by count: Int = 1) throws -> Int {
    try move(task: task, by: count, sql: "rank >= ? ORDER BY rank")
  }

  private func moveToEnd(task: String, atFront: Bool) throws -> Int {
    let place = try knownPlace(of: task)
    try setRank(freeRank(in: place.queue, atFront: atFront), of: task)
    return try position(of: task) ?? 0
  }

  /// Gives the task the rank of the last one it passes, and each of those the rank of the one before it.
  private func move(task: String, by count: Int, sql window: String) throws -> Int {
    let place = try knownPlace(of: task)
    let statement = try db.cachedStatement(
      sql: "SELECT task, rank FROM queue_entries WHERE queue = ? AND \(window) LIMIT ?")
    let rows = try Row.fetchAll(
      statement, arguments: [place.queue, place.rank, min(max(count, 0), Int(Int32.max)) + 1])
    let passed = rows.map { (task: $0[0] as String, rank: $0[1] as Int64) }
    for (before, entry) in zip(passed, passed.dropFirst()) { try setRank(before.rank, of: entry.task) }
    if let last = passed.last { try setRank(last.rank, of: task) }
    return try position(of: task) ?? 0
  }

  private func setRank(_ rank: Int64, of task: String) throws {
    try db.cachedStatement(sql: "UPDATE queue_entries SET rank = ? WHERE task = ?").execute(arguments: [rank, task])
  }

  private func freeRank(in queue: String, atFront: Bool) throws -> Int64 {
    let end = atFront ? "min(rank) - 1" : "max(rank) + 1"
    let statement = try db.cachedStatement(sql: "SELECT \(end) FROM queue_entries WHERE queue = ?")
    return try Int64.fetchOne(statement, arguments: [queue]) ?? 0
  }

  private func place(of task: String) throws -> (queue: String, rank: Int64)? {
    let statement = try db.cachedStatement(sql: "SELECT queue, rank FROM queue_entries WHERE task = ?")
    return try Row.fetchOne(statement, arguments: [task]).map { ($0[0], $0[1]) }
  }

  private func knownPlace(of task: String) throws -> (queue: String, rank: Int64) {
    guard let place = try place(of: task) else { throw WireError(.taskNotQueued, "task=\(task)") }
    return place
  }
}
