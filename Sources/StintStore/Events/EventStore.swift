import GRDB
import StintModel
import StintWire

/// What tasks report: log lines, scalars, plots, images.
package final class EventStore: Sendable {
  let database: GroupedDatabase

  init(database: GroupedDatabase) { self.database = database }

  func close() { database.close() }

  /// Keeps events, but for those of the tasks in `refusing`, which gives the reason. A log line is one more, by
  /// `worker` where it does not say, unless it comes from a part of its stream that is there; any other event takes the
  /// place of the one with its task, kind, metric, variant and iteration. Durable when it returns.
  package func add(
    _ batch: EventBatch, refusing refused: [String: String] = [:], worker: String? = nil
  ) async throws -> EventsAdded {
    var batch = batch
    batch.refuse(refused)
    let (events, errors) = (batch.events, batch.errors)
    guard !events.isEmpty else { return EventsAdded(added: 0, errors: errors, tasks: [:]) }
    let (tasks, unfit) = try await database.write { db in
      let writer = try EventWriter(db: db, worker: worker)
      for event in events { try writer.add(event) }
      return (try writer.finish(), writer.refused)
    }
    let added = events.count - unfit.values.reduce(0, +)
    return EventsAdded(added: added, errors: errors.merging(unfit, uniquingKeysWith: +), tasks: tasks)
  }

  /// Keeps events that are parsed.
  package func add(
    _ events: [JSON], refusing refused: [String: String] = [:], worker: String? = nil
  ) async throws -> EventsAdded {
    try await add(EventBatch(events), refusing: refused, worker: worker)
  }

  /// Deletes all events of a task. False where there were none.
  @discardableResult
  package func deleteTask(_ task: String) async throws -> Bool { try await deleteTasks([task]) > 0 }

  /// Deletes all events of tasks; of how many there were some.
  @discardableResult
  package func deleteTasks(_ tasks: [String]) async throws -> Int {
    guard !tasks.isEmpty else { return 0 }
    return try await database.write { db in
      try tasks.count { task in
        guard let id = try db.eventTask(task) else { return false }
        let series = "(SELECT id FROM series WHERE task = ?)"
        for condition in [
          "scalars WHERE series IN \(series)", "documents WHERE series IN \(series)", "series WHERE task = ?",
          "logs WHERE task = ?", "log_streams WHERE task = ?", "tasks WHERE id = ?",
        ] {
          try db.cachedStatement(sql: "DELETE FROM \(condition)").execute(arguments: [id])
        }
        return true
      }
    }
  }

  /// How many bytes of a stream of output the log of a task has.
  package func streamEnd(task: String, stream: String) async throws -> Int {
    try await database.read { db in
      guard let id = try db.eventTask(task) else { return 0 }
      let statement = try db.cachedStatement(sql: "SELECT end FROM log_streams WHERE task = ? AND stream = ?")
      return try Int.fetchOne(statement, arguments: [id, stream]) ?? 0
    }
  }

  /// Deletes the log of a task, or what is older than a time in milliseconds; how many lines that were.
  @discardableResult
  package func clearLog(task: String, olderThan timestamp: Int? = nil) async throws -> Int {
    try await database.write { db in
      guard let id = try db.eventTask(task) else { return 0 }
      try db.execute(
        sql: "DELETE FROM logs WHERE task = ? AND timestamp < ?", arguments: [id, timestamp.map(Int64.init) ?? .max])
      let deleted = db.changesCount
      try db.execute(sql: "UPDATE tasks SET lines = lines - ? WHERE id = ?", arguments: [deleted, id])
      return deleted
    }
  }
}

/// What became of a batch of events.
package struct EventsAdded: Sendable, Hashable {
  package let added: Int
  /// Why others were not, and how many.
  package let errors: [String: Int]
  /// What the batch changed, by task: for `last_iteration` and `last_metrics`.
  package let tasks: [String: TaskMetrics]
}

/// What a batch changed about a task.
package struct TaskMetrics: Sendable, Hashable {
  /// The highest iteration in the batch.
  package internal(set) var maxIteration: Int?
  /// The scalars it added to, each summed up with all that was there before.
  package internal(set) var metrics: [MetricSummary] = []
}

extension Database {
  /// The number of a task in the events.
  func eventTask(_ task: String) throws -> Int64? {
    try Int64.fetchOne(cachedStatement(sql: "SELECT id FROM tasks WHERE task = ?"), arguments: [task])
  }
  /// The number of a worker in the events; one that is unknown gets one.
  func workerNumber(_ worker: String) throws -> Int64 {
    try cachedStatement(sql: "INSERT INTO workers (worker) VALUES (?) ON CONFLICT DO NOTHING")
      .execute(arguments: [worker])
    return try Int64.fetchOne(cachedStatement(sql: "SELECT id FROM workers WHERE worker = ?"), arguments: [worker]) ?? 0
  }
}
