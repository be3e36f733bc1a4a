import GRDB
import StintModel
import Synchronization

/// How loaded workers and queues were over time.
///
/// What is told is gathered in memory and written now and then, much of it at once: history is not worth a flush of the
/// disk for each report. Who asks is told of both, so that the answer needs no write, and comes where none succeeds. A
/// server that is killed loses minutes at most.
package final class History: Sendable {
  /// So many rows in one transaction, for which others wait.
  private static let rowsAtOnce = 250
  /// So many loads are gathered of each level while they cannot be written.
  private static let mostGathered = 20_000

  /// How long to wait between two rounds of `write`.
  package static let pause = Duration.seconds(HistoryLevel.finest.slot / 2)

  private struct Memory {
    var gathered = GatheredLoads()
    /// What is in the transaction that is under way.
    var leaving = GatheredLoads()

    var all: GatheredLoads {
      var all = gathered
      all.add(leaving)
      return all
    }

    /// The transaction failed. Of what is too much to gather, the oldest goes.
    mutating func takeBack(over limit: Int) {
      (gathered, leaving) = (all, GatheredLoads())
      gathered.forgetOldest(over: limit)
    }
  }

  private let database: GroupedDatabase
  private let memory = Mutex<[HistoryLevel: Memory]>([:])

  init(database: GroupedDatabase) { self.database = database }

  /// Notes what a worker reported.
  package func add(_ load: WorkerLoad, ofWorker worker: String, at moment: Timestamp = .now) {
    note { $0.add(load.folded(over: $1.mostParts), ofWorker: worker, in: $1.start(at: moment)) }
  }

  /// Notes how much waited in a queue.
  package func add(_ load: QueueLoad, ofQueue queue: String, at moment: Timestamp = .now) {
    note { $0.add(load, ofQueue: queue, in: $1.start(at: moment)) }
  }

  /// Notes how many workers there are.
  package func add(_ count: WorkerCount, at moment: Timestamp = .now) {
    note { $0.add(count, in: $1.start(at: moment)) }
  }

  private func note(_ add: (inout GatheredLoads, HistoryLevel) -> Void) {
    memory.withLock { memory in
      for level in HistoryLevel.all { add(&memory[level, default: Memory()].gathered, level) }
    }
  }

  /// Writes what was gathered: the finest level in every round, all of them in round 0 and every tenth. One at a time may.
  package func write(round: Int = 0) async throws {
    for level in HistoryLevel.all where level == .finest || round % 10 == 0 { try await write(level) }
  }

  private func write(_ level: HistoryLevel) async throws {
    while let leaving = takeSome(level) {
      do {
        try await database.write { try $0.merge(leaving, level) }
      } catch {
        memory.withLock { memory in
          for level in HistoryLevel.all { memory[level]?.takeBack(over: Self.mostGathered) }
        }
        throw error
      }
    }
  }

  private func takeSome(_ level: HistoryLevel) -> GatheredLoads? {
    memory.withLock { memory in
      let taken = memory[level]?.gathered.take(Self.rowsAtOnce) ?? GatheredLoads()
      memory[level]?.leaving = taken
      return taken.isEmpty ? nil : taken
    }
  }

  /// How loaded workers were, all or `names`, in each interval, by its start. Of what they reported, `keys`.
  package func workerLoads(
    _ intervals: Intervals, of names: [String]? = nil, keys: Set<UInt8>? = nil, now: Timestamp = .now
  ) async throws -> [String: [Int: WorkerLoad]] {
    let names = names.map(Set.init)
    return try await read(intervals, now: now, into: [:]) { db, slots, gathered, loads in
      func add(_ interval: Int, _ worker: String, _ load: WorkerLoad) {
        loads[worker, default: [:]][interval, default: WorkerLoad()].merge(load)
      }
      if let names {
        for name in names { try db.workerLoads(slots, of: name, keys: keys) { add($0, name, $1) } }
      } else {
        try db.workerLoads(slots, keys: keys, add)
      }
      for (place, load) in gathered.workers where slots.contains(place.start) && names?.contains(place.name) != false {
        add(slots.interval(of: place.start), place.name, load.only(keys))
      }
    }
  }

  /// The `most` workers that told something last in these intervals, the newest first; nil where there are no more.
  package func newestWorkers(
    _ intervals: Intervals, most: Int, now: Timestamp = .now
  ) async throws -> [String]? {
    try await read(intervals, now: now, into: nil) { db, slots, gathered, newest in
      var names: [String] = []
      var seen: Set<String> = []
      let told = gathered.workers.keys.filter { slots.contains($0.start) }.sorted { $0.start > $1.start }
      for name in told.lazy.map(\.name) where seen.insert(name).inserted { names.append(name) }
      // Whoever reported ever is counted fast, and is mostly no more.
      guard try names.count + db.workerCount() > most else { return }
      try db.newestWorkers(slots) { name in
        if seen.insert(name).inserted { names.append(name) }
        return names.count <= most
      }
      if names.count > most { newest = Array(names.prefix(most)) }
    }
  }

  /// The most workers that there were at a moment of each interval, by its start, and the most that had a task.
  package func workerCounts(_ intervals: Intervals, now: Timestamp = .now) async throws -> [Int: WorkerCount] {
    try await read(intervals, now: now, into: [:]) { db, slots, gathered, counts in
      func add(_ interval: Int, _ count: WorkerCount) { counts[interval] = count.orMore(counts[interval]) }
      try db.workerCounts(slots, add)
      for (start, count) in gathered.counts where slots.contains(start) { add(slots.interval(of: start), count) }
    }
  }

  /// Of each interval, by its start, the moment when tasks had waited longest in a queue; of queues that are not told,
  /// nothing is known.
  package func queueLoads(_ intervals: Intervals, now: Timestamp = .now) async throws -> [String: [Int: QueueLoad]] {
    try await read(intervals, now: now, into: [:]) { db, slots, gathered, loads in
      func add(_ interval: Int, _ queue: String, _ load: QueueLoad) {
        loads[queue, default: [:]][interval] = load.orWorse(loads[queue]?[interval])
      }
      try db.queueLoads(slots, add)
      for (place, load) in gathered.queues where slots.contains(place.start) {
        add(slots.interval(of: place.start), place.name, load)
      }
    }
  }

  /// Calls `body` with what is stored, the slots to read, and what is not stored yet.
  private func read<Result: Sendable>(
    _ intervals: Intervals, now: Timestamp, into nothing: Result,
    _ body: @escaping @Sendable (Database, HistorySlots, GatheredLoads, inout Result) throws -> Void
  ) async throws -> Result {
    guard let slots = HistorySlots(of: intervals, now: now) else { return nothing }
    // Memory first: what is stored between the two is told twice, which moves a mean by little, and not left out.
    let gathered = memory.withLock { $0[slots.level] }?.all ?? GatheredLoads()
    return try await database.read { db in
      var result = nothing
      try body(db, slots, gathered, &result)
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

  /// The more of each.
  func orMore(_ other: WorkerCount?) -> WorkerCount {
    guard let other else { return self }
    return WorkerCount(total: max(total, other.total), active: max(active, other.active))
  }
}

extension QueueLoad {
  /// The one of two moments at which tasks had waited longer.
  func orWorse(_ other: QueueLoad?) -> QueueLoad {
    guard let other else { return self }
    return (averageWait, length) < (other.averageWait, other.length) ? other : self
  }
}
