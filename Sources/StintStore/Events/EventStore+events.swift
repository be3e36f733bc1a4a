import GRDB
import StintWire

extension EventStore {
  /// Plots, images or vectors of a task, the newest iteration first: of each variant those of its last iterations.
  package func documents(
    task: String, kind: EventKind, metrics: [MetricFilter] = [], lastIterations: Int = 1
  ) async throws -> [JSON] {
    try await database.read { db in
      guard let id = try db.eventTask(task) else { return [] }
      let rows = try db.series(task: id, kind: kind, metrics).flatMap { series in
        try db.rows(of: series, kind, after: nil, .descending, limit: max(lastIterations, 1))
      }
      return rows.sorted {
        ($1.iteration, $0.series.metric, $0.series.variant) < ($0.iteration, $1.series.metric, $1.series.variant)
      }
      .map { $0.json(task: task, kind: kind) }
    }
  }

  /// A task's events of a kind, or of all kinds one after the other: log lines by time, others by metric, variant and
  /// iteration.
  /// - Throws: `WireError.invalidScrollID`.
  package func events(
    task: String, kind: EventKind?, metrics: [MetricFilter] = [], order: SortOrder = .ascending, limit: Int = 500,
    scroll: String? = nil
  ) async throws -> EventPage {
    let start = try scroll.map(EventCursor.init) ?? EventCursor(kind: kind ?? .log)
    return try await database.read { db in
      guard let id = try db.eventTask(task) else { return EventPage(events: [], total: 0) }
      let kinds = kind.map { [$0] } ?? EventKind.allCases
      var cursor = start
      var events: [JSON] = []
      for kind in kinds.drop(while: { $0 != start.kind }) where events.count < limit {
        if kind != cursor.kind { cursor = EventCursor(kind: kind) }
        events +=
          kind == .log
          ? try db.lines(task: id, named: task, &cursor, order, limit: limit - events.count)
          : try db.rows(task: id, named: task, metrics, &cursor, order, limit: limit - events.count)
      }
      let total = try kinds.reduce(0) { total, kind in try total + db.total(task: id, kind, metrics) }
      return EventPage(events: events, total: total, scrollID: cursor.text)
    }
  }
}

/// The last event of a page: where the next one begins.
private struct EventCursor {
  let kind: EventKind
  /// For log lines, the time stamp and the line; otherwise the series and the iteration. Nil before the first event.
  var last: (Int, Int)?

  init(kind: EventKind) { self.kind = kind }

  init(_ text: String) throws(WireError) {
    let numbers = text.split(separator: ".").map { Int($0) }
    guard let number = numbers.first, let kind = EventKind.allCases.first(where: { $0.number == number }),
      numbers.count == 1 || numbers.count == 3
    else { throw WireError(.invalidScrollID, "scroll_id=\(text.prefix(64))") }
    self.kind = kind
    guard numbers.count == 3 else { return }
    guard let first = numbers[1], let second = numbers[2] else {
      throw WireError(.invalidScrollID, "scroll_id=\(text.prefix(64))")
    }
    last = (first, second)
  }

  var text: String { last.map { "\(kind.number).\($0.0).\($0.1)" } ?? "\(kind.number)" }
}

/// An event that is not a log line, as stored.
struct StoredEvent {
  let series: StoredSeries
  let iteration: Int
  let timestamp: Int
  let content: JSON

  func json(task: String, kind: EventKind) -> JSON {
    var event = kind == .scalar ? ["value": content] : content
    event["type"] = .string(kind.rawValue)
    event["task"] = .string(task)
    event["metric"] = .string(series.metric)
    event["variant"] = .string(series.variant)
    event["iter"] = .int(Int64(iteration))
    event["timestamp"] = .int(Int64(timestamp))
    return event
  }
}

extension Database {
  fileprivate func lines(
    task: Int64, named name: String, _ cursor: inout EventCursor, _ order: SortOrder, limit: Int
  ) throws -> [JSON] {
    let comparison = order == .ascending ? ">" : "<"
    let lines = try logLines(
      where: cursor.last == nil ? "TRUE" : "(timestamp, line) \(comparison) (?, ?)",
      cursor.last.map { [$0.0, $0.1] } ?? [], task: task, order, limit: limit)
    if let last = lines.last { cursor.last = (last.timestamp, last.line) }
    return lines.map { $0.json(task: name) }
  }

  fileprivate func rows(
    task: Int64, named name: String, _ metrics: [MetricFilter], _ cursor: inout EventCursor, _ order: SortOrder,
    limit: Int
  ) throws -> [JSON] {
    var series = try series(task: task, kind: cursor.kind, metrics)
    if order == .descending { series.reverse() }
    if let last = cursor.last { series = Array(series.drop { $0.id != last.0 }) }
    var events: [JSON] = []
    for series in series where events.count < limit {
      let after = cursor.last.flatMap { Int(series.id) == $0.0 ? $0.1 : nil }
      let rows = try rows(of: series, cursor.kind, after: after, order, limit: limit - events.count)
      if let last = rows.last { cursor.last = (Int(series.id), last.iteration) }
      events += rows.map { $0.json(task: name, kind: cursor.kind) }
    }
    return events
  }

  /// Events of one series, in the order of their iterations, after one of them.
  fileprivate func rows(
    of series: StoredSeries, _ kind: EventKind, after iteration: Int?, _ order: SortOrder, limit: Int
  ) throws -> [StoredEvent] {
    let source = kind == .scalar ? "value FROM scalars" : "doc FROM documents"
    let comparison = order == .ascending ? ">" : "<"
    let statement = try cachedStatement(
      sql: """
        SELECT iter, timestamp, \(source) WHERE series = ? \(iteration == nil ? "" : "AND iter \(comparison) ?")
        ORDER BY iter \(order.sql) LIMIT ?
        """)
    let bounds = StatementArguments(iteration.map { [$0] } ?? [])
    return try Row.fetchAll(statement, arguments: [series.id] + bounds + [limit]).map { row in
      let content: JSON =
        kind == .scalar ? (row[2] as Double?).map(JSON.double) ?? .null : try JSON(parsing: row[2] as String)
      return StoredEvent(series: series, iteration: row[0], timestamp: row[1], content: content)
    }
  }

  /// The event of a series at an iteration, if there is one.
  func documents(of series: StoredSeries, _ kind: EventKind, at iteration: Int) throws -> [StoredEvent] {
    let statement = try cachedStatement(
      sql: "SELECT iter, timestamp, doc FROM documents WHERE series = ? AND iter = ?")
    return try Row.fetchAll(statement, arguments: [series.id, iteration]).map { row in
      StoredEvent(series: series, iteration: row[0], timestamp: row[1], content: try JSON(parsing: row[2] as String))
    }
  }

  fileprivate func total(task: Int64, _ kind: EventKind, _ metrics: [MetricFilter]) throws -> Int {
    guard kind != .log else { return try logLength(task: task) }
    let series = try series(task: task, kind: kind, metrics)
    guard kind != .scalar else { return series.reduce(0) { $0 + $1.summary.count } }
    let statement = try cachedStatement(sql: "SELECT count(*) FROM documents WHERE series = ?")
    return try series.reduce(0) { try $0 + (Int.fetchOne(statement, arguments: [$1.id]) ?? 0) }
  }
}
