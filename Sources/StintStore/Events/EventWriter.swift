import GRDB
import StintWire

/// Writes one batch of events. It remembers what it has looked up, and writes counts and summaries once, at the end.
final class EventWriter {
  private struct Task {
    let id: Int64
    var newLines = 0
    var nextLine: Int
    var metrics = TaskMetrics()
  }
  private struct SeriesKey: Hashable {
    let task: String
    let kind: Int
    let metric: String
    let variant: String
  }
  private struct Series {
    let id: Int64
    var summary: MetricSummary
    var needsRecount = false
  }

  /// How many lines are written by one statement: most of a statement's cost is in its beginning and end.
  private static let linesPerStatement = 40
  private static let columnsPerLine = 6

  private let db: Database
  private let worker: String?
  private var pendingLines: [DatabaseValue] = []
  private var tasks: [String: Task] = [:]
  private var workers: [String: Int64] = [:]
  private var series: [SeriesKey: Series] = [:]

  init(db: Database, worker: String?) { (self.db, self.worker) = (db, worker) }

  func add(_ event: Event) throws {
    if tasks[event.task] == nil { tasks[event.task] = try findTask(event.task) }
    switch event.content {
    case .line(let message, let worker, let level):
      if let source = event.source, try !advance(to: source, task: event.task) { return }
      try addLine(message, event, worker: worker ?? self.worker, level: level)
    case .point(let value): try withSeries(of: event) { try addPoint(value, event, to: &$0) }
    case .document(let text): try withSeries(of: event) { try addDocument(text, event, to: $0) }
    }
  }

  /// Writes the counts and summaries, and returns what changed.
  func finish() throws -> [String: TaskMetrics] {
    try flushLines()
    let update = try db.cachedStatement(sql: "UPDATE tasks SET lines = lines + ?, next_line = ? WHERE id = ?")
    for task in tasks.values where task.newLines > 0 {
      try update.execute(arguments: [task.newLines, task.nextLine, task.id])
    }
    for (key, var series) in series where key.kind == EventKind.scalar.number {
      if series.needsRecount { try recount(&series) }
      try db.cachedStatement(
        sql: """
          UPDATE series SET count = ?, sum = ?, first = ?, first_iter = ?, last = ?, last_iter = ?, last_timestamp = ?,
            min = ?, min_iter = ?, max = ?, max_iter = ? WHERE id = ?
          """
      ).execute(arguments: series.summary.arguments + [series.id])
      tasks[key.task]?.metrics.metrics.append(series.summary)
    }
    return tasks.mapValues(\.metrics)
  }
}

extension EventWriter {
  private func findTask(_ name: String) throws -> Task {
    let insert = try db.cachedStatement(sql: "INSERT INTO tasks (task) VALUES (?) ON CONFLICT DO NOTHING")
    try insert.execute(arguments: [name])
    let select = try db.cachedStatement(sql: "SELECT id, next_line FROM tasks WHERE task = ?")
    guard let row = try Row.fetchOne(select, arguments: [name]) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    return Task(id: row[0], nextLine: row[1])
  }

  private func findWorker(_ name: String) throws -> Int64 {
    if let id = workers[name] { return id }
    let insert = try db.cachedStatement(sql: "INSERT INTO workers (worker) VALUES (?) ON CONFLICT DO NOTHING")
    try insert.execute(arguments: [name])
    let select = try db.cachedStatement(sql: "SELECT id FROM workers WHERE worker = ?")
    let id = try Int64.fetchOne(select, arguments: [name])
    workers[name] = id
    return id ?? 0
  }

  private func findSeries(_ key: SeriesKey, task: Int64) throws -> Series {
    let arguments: StatementArguments = [task, key.kind, key.metric, key.variant]
    let insert = try db.cachedStatement(
      sql: "INSERT INTO series (task, kind, metric, variant) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
    try insert.execute(arguments: arguments)
    let select = try db.cachedStatement(
      sql: """
        SELECT id, \(MetricSummary.columns) FROM series WHERE task = ? AND kind = ? AND metric = ? AND variant = ?
        """)
    guard let row = try Row.fetchOne(select, arguments: arguments) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    return Series(id: row[0], summary: MetricSummary(row: row, from: 1))
  }
}

extension EventWriter {
  private func addLine(_ message: String, _ event: Event, worker: String?, level: String?) throws {
    guard var task = tasks[event.task] else { return }
    pendingLines.append(task.id.databaseValue)
    pendingLines.append(event.timestamp.databaseValue)
    pendingLines.append(task.nextLine.databaseValue)
    pendingLines.append(try worker.map(findWorker)?.databaseValue ?? .null)
    pendingLines.append(level?.databaseValue ?? .null)
    pendingLines.append(message.databaseValue)
    task.nextLine += 1
    task.newLines += 1
    tasks[event.task] = task
    if pendingLines.count == Self.linesPerStatement * Self.columnsPerLine { try flushLines() }
  }

  /// Notes that the log has `source`; false when it had it before.
  private func advance(to source: Event.OutputRange, task: String) throws -> Bool {
    guard let id = tasks[task]?.id else { return false }
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO log_streams (task, stream, end) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET end = excluded.end WHERE excluded.end > end
        """)
    try statement.execute(arguments: [id, source.stream, source.end])
    return db.changesCount > 0
  }

  private func flushLines() throws {
    guard !pendingLines.isEmpty else { return }
    let count = pendingLines.count / Self.columnsPerLine
    let rows = Array(repeating: "(?, ?, ?, ?, ?, ?)", count: count).joined(separator: ", ")
    let sql = "INSERT INTO logs (task, timestamp, line, worker, level, msg) VALUES \(rows)"
    // Only the full size comes again and again.
    let statement =
      count == Self.linesPerStatement ? try db.cachedStatement(sql: sql) : try db.makeStatement(sql: sql)
    try statement.execute(arguments: StatementArguments(pendingLines))
    pendingLines.removeAll(keepingCapacity: true)
  }

  private func withSeries(of event: Event, _ body: (inout Series) throws -> Void) throws {
    guard let task = tasks[event.task] else { return }
    let key = SeriesKey(task: event.task, kind: event.kind.number, metric: event.metric, variant: event.variant)
    var series = try self.series[key] ?? findSeries(key, task: task.id)
    try body(&series)
    self.series[key] = series
    if event.iteration != Event.singleValueIteration {
      tasks[event.task]?.metrics.maxIteration = max(task.metrics.maxIteration ?? event.iteration, event.iteration)
    }
  }

  private func addPoint(_ point: Double, _ event: Event, to series: inout Series) throws {
    // Points mostly come in order, and then nothing can be in this one's place.
    let mayReplace = series.summary.count > 0 && event.iteration <= series.summary.iteration
    let replaced = mayReplace ? try value(of: series.id, at: event.iteration) : nil
    let statement = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO scalars (series, iter, timestamp, value) VALUES (?, ?, ?, ?)")
    try statement.execute(arguments: [series.id, event.iteration, event.timestamp, point.isFinite ? point : nil])
    guard !series.needsRecount else { return }
    if point.isFinite {
      series.needsRecount = !series.summary.add(
        point, at: event.iteration, timestamp: event.timestamp, replacing: replaced)
    } else {
      series.needsRecount = replaced != nil
    }
  }

  private func value(of series: Int64, at iteration: Int) throws -> Double? {
    let statement = try db.cachedStatement(sql: "SELECT value FROM scalars WHERE series = ? AND iter = ?")
    return try Double.fetchOne(statement, arguments: [series, iteration])
  }

  private func addDocument(_ text: String, _ event: Event, to series: Series) throws {
    let statement = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO documents (series, iter, timestamp, doc) VALUES (?, ?, ?, ?)")
    try statement.execute(arguments: [series.id, event.iteration, event.timestamp, text])
  }

  private func recount(_ series: inout Series) throws {
    var summary = MetricSummary(metric: series.summary.metric, variant: series.summary.variant)
    let statement = try db.cachedStatement(
      sql: "SELECT iter, timestamp, value FROM scalars WHERE series = ? AND value IS NOT NULL ORDER BY iter")
    let rows = try Row.fetchCursor(statement, arguments: [series.id])
    while let row = try rows.next() {
      _ = summary.add(row[2], at: row[0], timestamp: row[1], replacing: nil)
    }
    series.summary = summary
    series.needsRecount = false
  }
}
