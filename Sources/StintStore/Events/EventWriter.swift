import GRDB
import StintWire

/// Writes one batch of events. It remembers what it has looked up, and writes counts and summaries once, at the end.
final class EventWriter {
  private final class Task {
    let name: String
    let id: Int64
    var newLines = 0
    var nextLine: Int
    /// When the last line of its output was written.
    var lastOutput: Int
    var streams: [String: Stream] = [:]
    // Mostly the next line is of the same stream.
    var latestStream: Stream?
    var metrics = TaskMetrics()

    init(name: String, id: Int64, nextLine: Int, lastOutput: Int) {
      (self.name, self.id, self.nextLine, self.lastOutput) = (name, id, nextLine, lastOutput)
    }
  }
  private final class Stream {
    let name: String
    /// How many bytes of it the log has; less than none where it does not know it.
    var end: Int
    /// Whether something of it did not fit: then nothing behind that does.
    var isBroken = false

    init(name: String, end: Int) { (self.name, self.end) = (name, end) }
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
  private let insertLine: LineInsert
  /// Why events were not kept, and how many.
  private(set) var refused: [String: Int] = [:]
  private var tasks: [String: Task] = [:]
  private var workers: [String: Int64] = [:]
  private var series: [SeriesKey: Series] = [:]
  // Mostly the next event is of the same task and worker.
  private var latestTask: Task?
  private var latestWorker: (name: String, id: Int64)?

  init(db: Database, worker: String?) throws {
    (self.db, self.worker) = (db, worker)
    insertLine = try LineInsert(db: db)
  }

  func add(_ event: Event) throws {
    let task = try findTask(event.task)
    switch event.content {
    case .line(let message, let worker, let level):
      var timestamp = event.timestamp
      if let source = event.source {
        guard try advance(to: source, task: task) else { return }
        timestamp = max(timestamp, task.lastOutput + 1)
        task.lastOutput = timestamp
      }
      try insertLine(
        task: task.id, timestamp: timestamp, line: task.nextLine,
        worker: (worker ?? self.worker).map(findWorker), level: level, message: message)
      task.nextLine += 1
      task.newLines += 1
    case .point(let value): try withSeries(of: event, task) { try addPoint(value, event, to: &$0) }
    case .document(let text): try withSeries(of: event, task) { try addDocument(text, event, to: $0) }
    }
  }

  /// Writes the counts and summaries, and returns what changed.
  func finish() throws -> [String: TaskMetrics] {
    let update = try db.cachedStatement(
      sql: "UPDATE tasks SET lines = lines + ?, next_line = ?, last_output = ? WHERE id = ?")
    let setEnd = try db.cachedStatement(
      sql: "INSERT INTO log_streams (task, stream, end) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET end = excluded.end")
    for task in tasks.values where task.newLines > 0 {
      try update.execute(arguments: [task.newLines, task.nextLine, task.lastOutput, task.id])
      for stream in task.streams.values { try setEnd.execute(arguments: [task.id, stream.name, stream.end]) }
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
    if let latestTask, latestTask.name == name { return latestTask }
    let task = try tasks[name] ?? addTask(name)
    (tasks[name], latestTask) = (task, task)
    return task
  }

  private func addTask(_ name: String) throws -> Task {
    let insert = try db.cachedStatement(sql: "INSERT INTO tasks (task) VALUES (?) ON CONFLICT DO NOTHING")
    try insert.execute(arguments: [name])
    let select = try db.cachedStatement(sql: "SELECT id, next_line, last_output FROM tasks WHERE task = ?")
    guard let row = try Row.fetchOne(select, arguments: [name]) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    return Task(name: name, id: row[0], nextLine: row[1], lastOutput: row[2])
  }

  private func findWorker(_ name: String) throws -> Int64 {
    if let latestWorker, latestWorker.name == name { return latestWorker.id }
    let id = try workers[name] ?? db.workerNumber(name)
    (workers[name], latestWorker) = (id, (name, id))
    return id
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
  /// Notes that the log has `source`; false when it had it before, or when it had a part of it: that comes from a sender
  /// that another one has followed, and the two have cut the output at different places.
  private func advance(to source: Event.OutputRange, task: Task) throws -> Bool {
    let stream = try findStream(source.stream, of: task)
    if source.end <= stream.end { return false }
    if stream.isBroken || source.offset < stream.end {
      stream.isBroken = true
      refused["Output overlaps what the log has of its stream", default: 0] += 1
      return false
    }
    stream.end = source.end
    return true
  }

  private func findStream(_ name: String, of task: Task) throws -> Stream {
    if let latest = task.latestStream, latest.name == name { return latest }
    let stream = try task.streams[name] ?? readStream(name, task: task.id)
    (task.streams[name], task.latestStream) = (stream, stream)
    return stream
  }

  private func readStream(_ name: String, task: Int64) throws -> Stream {
    let select = try db.cachedStatement(sql: "SELECT end FROM log_streams WHERE task = ? AND stream = ?")
    return Stream(name: name, end: try Int.fetchOne(select, arguments: [task, name]) ?? -1)
  }

  private func withSeries(of event: Event, _ task: Task, _ body: (inout Series) throws -> Void) throws {
    let key = SeriesKey(task: event.task, kind: event.kind.number, metric: event.metric, variant: event.variant)
    var series = try self.series[key] ?? findSeries(key, task: task.id)
    try body(&series)
    self.series[key] = series
    if event.isOfIteration {
      task.metrics.maxIteration = max(task.metrics.maxIteration ?? event.iteration, event.iteration)
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
