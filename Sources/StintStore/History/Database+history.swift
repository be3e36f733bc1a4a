import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Database {
  /// Adds what was gathered to what is stored.
  func merge(_ loads: GatheredLoads, _ level: HistoryLevel) throws {
    for (place, load) in loads.workers { try merge(load, of: workerNumber(place.name), in: place.start, level) }
    for (place, load) in loads.queues { try merge(load, of: place.name, in: place.start, level) }
    for (start, count) in loads.counts { try merge(count, in: start, level) }
  }

  private func merge(_ load: WorkerLoad, of worker: Int64, in start: Int, _ level: HistoryLevel) throws {
    let stored = try Row.fetchOne(
      cachedStatement(
        sql: "SELECT readings FROM worker_loads WHERE slot = ? AND start = ? AND worker = ?"),
      arguments: [level.slot, start, worker])
    var all = stored.map { WorkerLoad(bytes: $0[0]) } ?? WorkerLoad()
    all.merge(load)
    try cachedStatement(
      sql: "INSERT OR REPLACE INTO worker_loads (slot, start, worker, readings) VALUES (?, ?, ?, ?)"
    ).execute(arguments: [level.slot, start, worker, all.bytes])
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

  private func merge(_ count: WorkerCount, in start: Int, _ level: HistoryLevel) throws {
    try cachedStatement(
      sql: """
        INSERT INTO worker_counts (slot, start, total, active) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET total = max(total, excluded.total), active = max(active, excluded.active)
        """
    ).execute(arguments: [level.slot, start, count.total, count.active])
  }

  /// Calls `body` with the interval of each slot, a worker and its load.
  func workerLoads(
    _ slots: HistorySlots, keys: Set<UInt8>?, _ body: (Int, String, WorkerLoad) throws -> Void
  ) throws {
    let workers = try Row.fetchAll(self, sql: "SELECT id, worker FROM workers")
    let names = Dictionary(uniqueKeysWithValues: workers.map { ($0[0] as Int64, $0[1] as String) })
    let statement = try cachedStatement(
      sql: "SELECT start, readings, worker FROM worker_loads WHERE slot = ? AND start BETWEEN ? AND ?")
    let rows = try Row.fetchCursor(statement, arguments: [slots.level.slot, slots.first, slots.last])
    while let row = try rows.next() {
      guard let name = names[row[2]] else { continue }
      try body(slots.interval(of: row[0]), name, WorkerLoad(bytes: row[1], keys: keys))
    }
  }

  /// How many workers have ever reported.
  func workerCount() throws -> Int {
    try Int.fetchOne(cachedStatement(sql: "SELECT count(*) FROM workers")) ?? 0
  }

  /// Calls `body` with the workers of each slot, the newest slot first, until it returns false.
  func newestWorkers(_ slots: HistorySlots, _ body: (String) throws -> Bool) throws {
    let statement = try cachedStatement(
      sql: """
        SELECT name.worker FROM worker_loads CROSS JOIN workers AS name ON name.id = worker_loads.worker
        WHERE slot = ? AND start BETWEEN ? AND ? ORDER BY start DESC
        """)
    let names = try String.fetchCursor(statement, arguments: [slots.level.slot, slots.first, slots.last])
    while let name = try names.next(), try body(name) {}
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
        SELECT start, readings FROM slots CROSS JOIN worker_loads USING (slot, start)
        WHERE worker = (SELECT id FROM workers WHERE worker = ?)
        """)
    let rows = try Row.fetchCursor(statement, arguments: [slots.level.slot, slots.first, slots.last, worker])
    while let row = try rows.next() {
      try body(slots.interval(of: row[0]), WorkerLoad(bytes: row[1], keys: keys))
    }
  }

  /// Calls `body` with the interval of each slot and how many workers there were.
  func workerCounts(_ slots: HistorySlots, _ body: (Int, WorkerCount) throws -> Void) throws {
    let statement = try cachedStatement(
      sql: "SELECT start, total, active FROM worker_counts WHERE slot = ? AND start BETWEEN ? AND ?")
    let rows = try Row.fetchCursor(statement, arguments: [slots.level.slot, slots.first, slots.last])
    while let row = try rows.next() {
      try body(slots.interval(of: row[0]), WorkerCount(total: row[1], active: row[2]))
    }
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
    let tables = [
      ("worker_loads", "slot, start, worker"), ("queue_loads", "slot, start, queue"), ("worker_counts", "slot, start"),
    ]
    return try tables.reduce(0) { deleted, table in
      let (name, key) = table
      try cachedStatement(
        sql: """
          DELETE FROM \(name) WHERE (\(key)) IN (SELECT \(key) FROM \(name) WHERE slot = ? AND start < ? LIMIT ?)
          """
      ).execute(arguments: [level.slot, start, limit])
      return deleted + changesCount
    }
  }
}
