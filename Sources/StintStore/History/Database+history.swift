import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Database {
  /// Adds loads to those that are stored, and returns how many they were.
  func merge(_ loads: GatheredLoads, _ level: HistoryLevel) throws -> Int {
    for (place, load) in loads.workers { try merge(load, of: workerNumber(place.name), in: place.start, level) }
    for (place, load) in loads.queues { try merge(load, of: place.name, in: place.start, level) }
    return loads.workers.count + loads.queues.count
  }

  private func merge(_ load: WorkerLoad, of worker: Int64, in start: Int, _ level: HistoryLevel) throws {
    let stored = try Row.fetchOne(
      cachedStatement(
        sql: "SELECT is_active, readings FROM worker_loads WHERE slot = ? AND start = ? AND worker = ?"),
      arguments: [level.slot, start, worker])
    var all = stored.map { WorkerLoad(isActive: $0[0], bytes: $0[1]) } ?? WorkerLoad()
    all.merge(load)
    try cachedStatement(
      sql: "INSERT OR REPLACE INTO worker_loads (slot, start, worker, is_active, readings) VALUES (?, ?, ?, ?, ?)"
    ).execute(arguments: [level.slot, start, worker, all.isActive, all.bytes])
  }

  private func merge(_ load: QueueLoad, of queue: String, in start: Int, _ level: HistoryLevel) throws {
    try cachedStatement(
      sql: """
        INSERT INTO queue_loads (slot, start, queue, wait, length) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET wait = excluded.wait, length = excluded.length
        WHERE (excluded.wait, excluded.length) > (wait, length)
        """
    ).execute(arguments: [level.slot, start, queue, load.averageWait, load.length])
  }

  /// Calls `body` with the interval of each slot, a worker and its load.
  func workerLoads(
    _ slots: HistorySlots, keys: Set<UInt8>?, _ body: (Int, String, WorkerLoad) throws -> Void
  ) throws {
    let workers = try Row.fetchAll(self, sql: "SELECT id, worker FROM workers")
    let names = Dictionary(uniqueKeysWithValues: workers.map { ($0[0] as Int64, $0[1] as String) })
    let statement = try cachedStatement(
      sql: "SELECT start, is_active, readings, worker FROM worker_loads WHERE slot = ? AND start BETWEEN ? AND ?")
    let rows = try Row.fetchCursor(statement, arguments: [slots.level.slot, slots.first, slots.last])
    while let row = try rows.next() {
      guard let name = names[row[3]] else { continue }
      try body(slots.interval(of: row[0]), name, WorkerLoad(isActive: row[1], bytes: row[2], keys: keys))
    }
  }

  /// Calls `body` with the interval of each slot and the load of one worker.
  func workerLoads(
    _ slots: HistorySlots, of worker: String, keys: Set<UInt8>?, _ body: (Int, WorkerLoad) throws -> Void
  ) throws {
    // Each slot is looked up: the rows of all other workers lie between.
    let statement = try cachedStatement(
      sql: """
        WITH RECURSIVE slots (slot, start) AS (
          SELECT ?, ? UNION ALL SELECT slot, start + slot FROM slots WHERE start < ?)
        SELECT start, is_active, readings FROM slots CROSS JOIN worker_loads USING (slot, start)
        WHERE worker = (SELECT id FROM workers WHERE worker = ?)
        """)
    let rows = try Row.fetchCursor(statement, arguments: [slots.level.slot, slots.first, slots.last, worker])
    while let row = try rows.next() {
      try body(slots.interval(of: row[0]), WorkerLoad(isActive: row[1], bytes: row[2], keys: keys))
    }
  }

  /// Calls `body` with the interval of each slot, a worker that was there, and whether it had a task.
  func activity(_ slots: HistorySlots, _ body: (Int, Int64, Bool) throws -> Void) throws {
    let statement = try cachedStatement(
      sql: """
        SELECT start, worker, is_active FROM worker_loads INDEXED BY worker_loads_activity
        WHERE slot = ? AND start BETWEEN ? AND ?
        """)
    let rows = try Row.fetchCursor(statement, arguments: [slots.level.slot, slots.first, slots.last])
    while let row = try rows.next() { try body(slots.interval(of: row[0]), row[1], row[2]) }
  }

  /// Calls `body` with the interval of each slot, a queue and its load.
  func queueLoads(_ slots: HistorySlots, _ body: (Int, String, QueueLoad) throws -> Void) throws {
    let statement = try cachedStatement(
      sql: "SELECT start, queue, length, wait FROM queue_loads WHERE slot = ? AND start BETWEEN ? AND ?")
    let rows = try Row.fetchCursor(statement, arguments: [slots.level.slot, slots.first, slots.last])
    while let row = try rows.next() {
      try body(slots.interval(of: row[0]), row[1], QueueLoad(length: row[2], averageWait: row[3]))
    }
  }

  /// Deletes up to `limit` rows of each table that are older, and returns how many they were.
  func deleteHistory(_ level: HistoryLevel, before start: Int, limit: Int) throws -> Int {
    try [("worker_loads", "worker"), ("queue_loads", "queue")].reduce(0) { deleted, table in
      let key = "slot, start, \(table.1)"
      try cachedStatement(
        sql: """
          DELETE FROM \(table.0) WHERE (\(key)) IN (SELECT \(key) FROM \(table.0) WHERE slot = ? AND start < ? LIMIT ?)
          """
      ).execute(arguments: [level.slot, start, limit])
      return deleted + changesCount
    }
  }
}
