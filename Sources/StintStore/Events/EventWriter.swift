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

  private let db: Database
  private let worker: String?
  private var tasks: [String: Task] = [:]
  private var workers: [String: Int64] = [:]
  private var series: [SeriesKey: Series] = [:]

  init(db: Database, worker: String?) { (self.db, self.worker) = (db, worker) }

  func add(_ event: Event) throws {
    var task = try tasks[event.task] ?? findTask(event.task)
    if event.kind == .log {
      try addLine(event, to: &task)
    } else {
      let key = SeriesKey(task: event.task, kind: event.kind.number, metric: event.metric, variant: event.variant)
      var series = try self.series[key] ?? findSeries(key, task: task.id)
      if event.kind == .scalar { try addPoint(event, to: &series) } else { try addDocument(event, to: series) }
      self.series[key] = series
      if event.iteration != Event.singleValueIteration {
        task.metrics.maxIteration = max(task.metrics.maxIteration ?? event.iteration, event.iteration)
      }
    }
    tasks[event.task] = task
  }

  /// Writes the counts and summaries, and returns what changed.
  func finish() throws -> [String: TaskMetrics] {
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
  private func addLine(_ event: Event, to task: inout Task) throws {
    let worker = try (event.json["worker"]?.string ?? worker).map { try findWorker(Event.withoutNUL($0)) }
    let statement = try db.cachedStatement(
      sql: "INSERT INTO logs (task, timestamp, line, worker, level, msg) VALUES (?, ?, ?, ?, ?, ?)")
    try statement.execute(arguments: [
      task.id, event.timestamp, task.nextLine, worker, event.json["level"]?.string.map(Event.withoutNUL),
      Event.withoutNUL(event.json["msg"]?.string ?? ""),
    ])
    task.nextLine += 1
    task.newLines += 1
  }

  private func addPoint(_ event: Event, to series: inout Series) throws {
    let point = event.json["value"]?.double ?? .nan
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

  private func addDocument(_ event: Event, to series: Series) throws {
    var document = event.json.object ?? [:]
    for name in ["type", "task", "timestamp", "metric", "variant", "iter", "method"] { document[name] = nil }
    let statement = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO documents (series, iter, timestamp, doc) VALUES (?, ?, ?, ?)")
    try statement.execute(arguments: [series.id, event.iteration, event.timestamp, JSON.object(document).text])
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
