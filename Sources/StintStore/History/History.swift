import GRDB
import StintModel
import Synchronization

/// How loaded workers and queues were over time.
///
/// What is told is gathered in memory and written now and then, much of it at once: history is not worth a flush of the
/// disk for each report. A server that is killed loses minutes at most, and nothing that somebody was told of.
package final class History: Sendable {
  /// So many rows in one transaction, for which others wait.
  private static let rowsAtOnce = 250

  /// How long to wait between two rounds of `write`.
  package static let pause = Duration.seconds(HistoryLevel.finest.slot / 2)

  private let database: GroupedDatabase
  private let gathered = Mutex<[HistoryLevel: GatheredLoads]>([:])

  init(database: GroupedDatabase) { self.database = database }

  /// Notes what a worker reported.
  package func add(_ load: WorkerLoad, ofWorker worker: String, at moment: Timestamp = .now) {
    note { $0.add(load, ofWorker: worker, in: $1.start(at: moment)) }
  }

  /// Notes how much waited in a queue.
  package func add(_ load: QueueLoad, ofQueue queue: String, at moment: Timestamp = .now) {
    note { $0.add(load, ofQueue: queue, in: $1.start(at: moment)) }
  }

  private func note(_ add: (inout GatheredLoads, HistoryLevel) -> Void) {
    gathered.withLock { gathered in
      for level in HistoryLevel.all { add(&gathered[level, default: GatheredLoads()], level) }
    }
  }

  /// Writes what was gathered: the finest level in every round, all of them in round 0 and every tenth.
  package func write(round: Int = 0) async throws {
    for level in HistoryLevel.all where level == .finest || round % 10 == 0 { try await write(level) }
  }

  private func write(_ level: HistoryLevel) async throws {
    var count = Self.rowsAtOnce
    while count == Self.rowsAtOnce {
      count = try await database.write { [self] db in
        // It is taken within the write, so that whoever writes next knows it to be there. Where it cannot be written it
        // is lost: a full disk is no reason to gather ever more.
        let taken = gathered.withLock { $0[level]?.take(Self.rowsAtOnce) } ?? GatheredLoads()
        return try db.merge(taken, level)
      }
    }
  }

  /// How loaded workers were, all or `names`, in each interval, by its start. Of what they reported, `keys`.
  package func workerLoads(
    _ intervals: Intervals, of names: [String]? = nil, keys: Set<UInt8>? = nil, now: Timestamp = .now
  ) async throws -> [String: [Int: WorkerLoad]] {
    try await read(intervals, now: now, into: [:]) { db, slots, loads in
      func add(_ interval: Int, _ worker: String, _ load: WorkerLoad) {
        loads[worker, default: [:]][interval, default: WorkerLoad()].merge(load)
      }
      guard let names else { return try db.workerLoads(slots, keys: keys, add) }
      for name in Set(names) { try db.workerLoads(slots, of: name, keys: keys) { add($0, name, $1) } }
    }
  }

  /// How many workers there were in each interval, by its start, and how many of them had a task.
  package func activity(_ intervals: Intervals, now: Timestamp = .now) async throws -> [Int: WorkerCount] {
    let workers = try await read(intervals, now: now, into: [Int: [Int64: Bool]]()) { db, slots, workers in
      try db.activity(slots) { interval, worker, isActive in
        workers[interval, default: [:]][worker] = isActive || workers[interval]?[worker] == true
      }
    }
    return workers.mapValues { WorkerCount(total: $0.count, active: $0.values.count { $0 }) }
  }

  /// Of each interval, by its start, the moment when tasks had waited longest in a queue; of queues that are not told,
  /// nothing is known.
  package func queueLoads(_ intervals: Intervals, now: Timestamp = .now) async throws -> [String: [Int: QueueLoad]] {
    try await read(intervals, now: now, into: [:]) { db, slots, loads in
      try db.queueLoads(slots) { interval, queue, load in
        loads[queue, default: [:]][interval] = load.orWorse(loads[queue]?[interval])
      }
    }
  }

  private func read<Result: Sendable>(
    _ intervals: Intervals, now: Timestamp, into nothing: Result,
    _ body: @escaping @Sendable (Database, HistorySlots, inout Result) throws -> Void
  ) async throws -> Result {
    guard let slots = HistorySlots(of: intervals, now: now) else { return nothing }
    try await write(slots.level)
    return try await database.read { db in
      var result = nothing
      try body(db, slots, &result)
      return result
    }
  }

  /// Deletes up to `limit` rows of each kind that are too old; how many that were.
  package func deleteSome(limit: Int, now: Timestamp = .now) async throws -> Int {
    try await database.write { db in
      try HistoryLevel.all.reduce(0) { try $0 + db.deleteHistory($1, before: $1.end(at: now), limit: limit) }
    }
  }
}

/// How many workers there were.
package struct WorkerCount: Sendable, Hashable {
  package let total: Int
  /// How many of them had a task.
  package let active: Int

  package init(total: Int, active: Int) { (self.total, self.active) = (total, active) }
}

extension QueueLoad {
  /// The one of two moments at which tasks had waited longer.
  func orWorse(_ other: QueueLoad?) -> QueueLoad {
    guard let other else { return self }
    return (averageWait, length) < (other.averageWait, other.length) ? other : self
  }
}
