import GRDB
import StintWire

extension EventStore {
  /// A page of a task's log: the lines before a time in milliseconds, or after it; without one, the last or the first.
  /// Lines of one time stamp are never split between pages, and stay in the order in which they arrived.
  package func log(
    task: String, from timestamp: Int? = nil, limit: Int = 500, navigateEarlier: Bool = true, order: SortOrder? = nil
  ) async throws -> EventPage {
    try await database.read { db in
      guard let id = try db.eventTask(task) else { return EventPage(events: [], total: 0) }
      let reading: SortOrder = navigateEarlier ? .descending : .ascending
      let comparison = navigateEarlier ? "<" : ">"
      var lines = try db.logLines(
        where: timestamp == nil ? "TRUE" : "timestamp \(comparison) ?", timestamp.map { [$0] } ?? [],
        task: id, reading, limit: max(limit, 1))
      if let last = lines.last, lines.count >= limit {
        lines += try db.logLines(
          where: "timestamp = ? AND line \(comparison) ?", [last.timestamp, last.line], task: id, reading, limit: 10_000
        )
      }
      if order ?? reading != reading { lines.reverse() }
      return EventPage(events: lines.map { $0.json(task: task) }, total: try db.logLength(task: id))
    }
  }

  /// The most text of a page that begins at a place, in bytes.
  private static let pageBytes = 2 << 20

  /// The lines of a task's log from a place on, counted from 0 in the order of time: at most `limit`, and fewer where
  /// they are long. Each has its number in the order of arrival: who knows the line before sees when one came between.
  package func log(task: String, fromIndex index: Int, limit: Int) async throws -> EventPage {
    try await database.read { db in
      guard let id = try db.eventTask(task) else { return EventPage(events: [], total: 0) }
      let total = try db.logLength(task: id)
      let count = min(max(limit, 1), total - max(index, 0))
      guard count > 0 else { return EventPage(events: [], total: total) }
      // Lines are counted off from the nearer end.
      let behind = total - max(index, 0) - count
      let isNearEnd = behind < index
      var lines = try db.logLines(
        where: "TRUE", [], task: id, isNearEnd ? .descending : .ascending, limit: count,
        offset: isNearEnd ? behind : max(index, 0))
      if isNearEnd { lines.reverse() }
      var room = Self.pageBytes
      let page = lines.prefix { line in
        defer { room -= line.message.utf8.count }
        return room > 0
      }
      return EventPage(
        events: page.map { $0.json(task: task).merging(number: $0.line) }, total: total)
    }
  }
}

extension JSON {
  fileprivate func merging(number: Int) -> JSON {
    var event = self
    event["line"] = .int(Int64(number))
    return event
  }
}

/// A line of a log.
struct LogLine {
  let timestamp: Int
  let line: Int
  let worker: String?
  let level: String?
  let message: String

  func json(task: String) -> JSON {
    var event: JSON = [
      "type": "log", "task": .string(task), "timestamp": .int(Int64(timestamp)), "msg": .string(message),
    ]
    if let worker { event["worker"] = .string(worker) }
    if let level { event["level"] = .string(level) }
    return event
  }
}

extension Database {
  /// The lines of a task for which `condition` holds, whose parameters are `bounds`.
  func logLines(
    where condition: String, _ bounds: [Int], task: Int64, _ order: SortOrder, limit: Int, offset: Int = 0
  ) throws -> [LogLine] {
    let statement = try cachedStatement(
      sql: """
        SELECT timestamp, line, workers.worker, level, msg FROM logs LEFT JOIN workers ON workers.id = logs.worker
        WHERE task = ? AND \(condition) ORDER BY timestamp \(order.sql), line \(order.sql) LIMIT ? OFFSET ?
        """)
    return try Row.fetchAll(statement, arguments: [task] + StatementArguments(bounds) + [limit, offset])
      .map { LogLine(timestamp: $0[0], line: $0[1], worker: $0[2], level: $0[3], message: $0[4]) }
  }

  func logLength(task: Int64) throws -> Int {
    try Int.fetchOne(cachedStatement(sql: "SELECT lines FROM tasks WHERE id = ?"), arguments: [task]) ?? 0
  }
}
