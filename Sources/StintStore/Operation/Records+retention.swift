import GRDB
import StintModel

/// A task that does nothing any more, and its place in the order of their last changes.
package struct EndedTask: Sendable, Hashable {
  package let id: String
  package let lastUpdate: String

  package init(id: String, lastUpdate: String) { (self.id, self.lastUpdate) = (id, lastUpdate) }
}

extension Records {
  /// Tasks that ended, were not published and have not changed since `moment`: those behind `previous`, the one that
  /// changed longest ago first.
  package func endedTasks(behind previous: EndedTask?, before moment: Timestamp, limit: Int) throws -> [EndedTask] {
    let ended: [TaskStatus] = [.stopped, .closed, .failed, .completed]
    // The plus keeps the status from being looked up by its index: the order by the last change is what is needed.
    let statement = try db.cachedStatement(
      sql: """
        SELECT id, last_update FROM tasks WHERE +status IN (\(ended.map { "'\($0.rawValue)'" }.joined(separator: ", ")))
        AND (last_update, id) > (?, ?) AND last_update < ? ORDER BY last_update, id LIMIT ?
        """)
    return try Row.fetchAll(
      statement, arguments: [previous?.lastUpdate ?? "", previous?.id ?? "", moment.text, limit]
    ).map { EndedTask(id: $0[0], lastUpdate: $0[1]) }
  }

  /// The first paths of uploaded files that begin with `folder`, which ends with a slash.
  package func filePaths(under folder: String, limit: Int) throws -> [String] {
    // The digit 0 comes right behind the slash.
    let end = folder.dropLast() + "0"
    let statement = try db.cachedStatement(sql: "SELECT path FROM files WHERE path > ? AND path < ? LIMIT ?")
    return try String.fetchAll(statement, arguments: [folder, String(end), limit])
  }
}

extension EventStore {
  /// Deletes up to `limit` events of each kind of a task, and at last what is known of it; returns how many events that
  /// were, 0 when nothing is left. Deleting them all at once would hold up those who report.
  package func deleteSome(of task: String, limit: Int) async throws -> Int {
    let deleted = try await database.write { db in
      guard let id = try db.eventTask(task) else { return 0 }
      let series = "SELECT id FROM series WHERE task = ?"
      func delete(from table: String, key: String, where condition: String) throws -> Int {
        try db.cachedStatement(
          sql: "DELETE FROM \(table) WHERE (\(key)) IN (SELECT \(key) FROM \(table) WHERE \(condition) LIMIT ?)"
        ).execute(arguments: [id, limit])
        return db.changesCount
      }
      let lines = try delete(from: "logs", key: "task, timestamp, line", where: "task = ?")
      try db.execute(sql: "UPDATE tasks SET lines = max(0, lines - ?) WHERE id = ?", arguments: [lines, id])
      return try lines
        + delete(from: "scalars", key: "series, iter", where: "series IN (\(series))")
        + delete(from: "documents", key: "series, iter", where: "series IN (\(series))")
    }
    if deleted == 0 { try await deleteTask(task) }
    return deleted
  }
}
