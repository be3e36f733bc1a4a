import GRDB
import StintModel
import StintStore
import Testing

@Suite struct HistoryTests {
  /// The start of an hour.
  private let start = Timestamp(milliseconds: 1_800_000_000_000)
  private let second = 1_800_000_000

  private func load(_ values: Float...) -> WorkerLoad {
    WorkerLoad(
      readings: values.enumerated().map { .init(key: 1, resource: UInt16($0), value: $1) })
  }

  private func intervals(hours: Int, of length: Int) throws -> Intervals {
    try #require(Intervals(from: second - hours * 3600, to: second + 60, length: length))
  }

  @Test("what a worker reports in a slot becomes its lowest, mean and highest values, whenever it was written")
  func merging() async throws {
    try await withStore { store, _ in
      let history = store.history
      history.add(load(10, 1), ofWorker: "w", at: start)
      history.add(load(20, 1), ofWorker: "w", at: start.advanced(bySeconds: 20))
      try await history.write()
      history.add(load(60, 1, 7), ofWorker: "w", at: start.advanced(bySeconds: 40))

      let told = try await history.workerLoads(try intervals(hours: 1, of: 60), now: start)

      let kept = try #require(told["w"]?[second])
      let first = try #require(kept.readings.first)
      #expect([first.lowest, first.mean, first.highest] == [10, 30, 60])
      #expect(kept.readings.map(\.count) == [3, 3, 1])
      #expect(told["w"]?.count == 1)
    }
  }

  @Test("workers can be asked for one by one, and what they report by its key")
  func chosen() async throws {
    try await withStore { store, _ in
      let history = store.history
      for name in ["a", "b"] {
        for key: UInt8 in [1, 2] {
          let load = WorkerLoad(readings: [.init(key: key, resource: 0, value: Float(key))])
          history.add(load, ofWorker: name, at: start)
        }
      }
      let hour = try intervals(hours: 1, of: 60)

      let one = try await history.workerLoads(hour, of: ["a", "nobody"], keys: [2], now: start)

      #expect(one.keys.sorted() == ["a"])
      #expect(one["a"]?[second]?.readings.map(\.key) == [2])
      #expect(try await history.workerLoads(hour, keys: [2], now: start).keys.sorted() == ["a", "b"])
    }
  }

  @Test("of many workers the ones that reported last are found, written or not")
  func newest() async throws {
    try await withStore { store, _ in
      let history = store.history
      for number in 0..<5 {
        history.add(load(1), ofWorker: "w\(number)", at: start.advanced(bySeconds: 60 * (number - 4)))
        if number == 3 { try await history.write() }
      }
      let hour = try intervals(hours: 1, of: 60)

      #expect(try await history.newestWorkers(hour, most: 3, now: start) == ["w4", "w3", "w2"])
      #expect(try await history.newestWorkers(hour, most: 5, now: start) == nil)
      let two = try #require(Intervals(from: second - 60, to: second + 60, length: 60))
      #expect(try await history.newestWorkers(two, most: 1, now: start) == ["w4"])
      #expect(try await history.newestWorkers(two, most: 2, now: start) == nil)
    }
  }

  @Test("more loads than fit in a transaction are all written, and are there when the store is opened again")
  func many() async throws {
    try await withStore { store, directory in
      for number in 0..<600 { store.history.add(load(1), ofWorker: "w\(number)", at: start) }
      let hour = try intervals(hours: 1, of: 60)
      try await store.history.write()
      let told = try await store.history.workerLoads(hour, now: start)
      #expect(told.count == 600)
      store.close()

      let again = try Store(directory: directory.path + "/data")
      defer { again.close() }
      #expect(try await again.history.workerLoads(hour, now: start) == told)
    }
  }

  @Test("the most workers at a moment of an interval are told, and the most with a task, written or not")
  func counts() async throws {
    try await withStore { store, _ in
      let moments = [(0, 5, 1), (20, 4, 3), (40, 3, 0), (70, 9, 2)]
      for (seconds, total, active) in moments {
        store.history.add(WorkerCount(total: total, active: active), at: start.advanced(bySeconds: seconds))
        if seconds == 20 { try await store.history.write() }
      }
      let now = start.advanced(bySeconds: 100)
      let minutes = try #require(Intervals(from: second, to: second + 120, length: 60))
      let both = try #require(Intervals(from: second, to: second + 120, length: 120))

      let told = try await store.history.workerCounts(minutes, now: now)

      #expect(told == [second: WorkerCount(total: 5, active: 3), second + 60: WorkerCount(total: 9, active: 2)])
      #expect(try await store.history.workerCounts(both, now: now) == [second: WorkerCount(total: 9, active: 3)])
    }
  }

  @Test("many cores become one reading with the lowest, mean and highest of all; few are told apart")
  func folding() async throws {
    try await withStore { store, _ in
      let cores = (0..<128).map { WorkerLoad.Reading(key: 0, resource: $0, value: Float($0)) }
      let units = (0..<8).map { WorkerLoad.Reading(key: 4, resource: $0, value: 50 + Float($0)) }
      for _ in 0..<3 { store.history.add(WorkerLoad(readings: cores + units), ofWorker: "w", at: start) }

      func readings(_ length: Int) async throws -> [[Float]] {
        let span = try #require(Intervals(from: second, to: second + 3600, length: length))
        let told = try await store.history.workerLoads(span, now: start)["w"]?[second]
        return try #require(told).readings.map { reading -> [Float] in
          [Float(reading.key), Float(reading.count), reading.lowest, reading.mean, reading.highest]
        }
      }

      let apart = units.map { [4, 3, $0.mean, $0.mean, $0.mean] as [Float] }
      for length in [60, 600] {
        let told = try await readings(length)
        #expect(told.first == [0, 3, 0, 63.5, 127])
        #expect(Array(told.dropFirst()) == apart)
      }
      #expect(try await readings(3600) == [[0, 3, 0, 63.5, 127], [4, 3, 50, 53.5, 57]])
    }
  }

  @Test("what cannot be written is told all the same, and written when that works again")
  func unwritable() async throws {
    try await withStore { store, directory in
      let file = try DatabaseQueue(path: directory.path + "/data/events.sqlite")
      func execute(_ sql: String) async throws { try await file.write { try $0.execute(sql: sql) } }
      let full = "SELECT RAISE(ABORT, 'the disk is full'); END"
      try await execute("CREATE TRIGGER full BEFORE INSERT ON worker_loads BEGIN \(full)")
      let history = store.history
      let hour = try intervals(hours: 1, of: 60)
      history.add(load(1), ofWorker: "w", at: start)
      history.add(QueueLoad(length: 2, averageWait: 3), ofQueue: "q", at: start)
      history.add(WorkerCount(total: 4, active: 1), at: start)

      await #expect(throws: (any Error).self) { try await history.write() }

      func check() async throws {
        let loads = try await history.workerLoads(hour, of: ["w"], now: start)
        #expect(loads["w"]?[second]?.readings.map(\.count) == [1])
        #expect(try await history.queueLoads(hour, now: start)["q"]?[second]?.length == 2)
        #expect(try await history.workerCounts(hour, now: start)[second]?.total == 4)
      }
      try await check()
      try await execute("DROP TRIGGER full")
      try await history.write()
      try await check()
      #expect(try await file.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM worker_loads") } == 3)
    }
  }

  @Test("what a store of an earlier version knows of workers stays")
  func earlierVersion() async throws {
    try await withStore { store, directory in
      for name in ["a", "b"] { store.history.add(load(7), ofWorker: name, at: start) }
      try await store.history.write()
      store.close()
      let file = try DatabaseQueue(path: directory.path + "/data/events.sqlite")
      try await file.write { db in
        try db.execute(
          sql: """
            DROP TABLE worker_counts;
            ALTER TABLE worker_loads ADD COLUMN is_active INTEGER NOT NULL DEFAULT 0;
            UPDATE worker_loads SET is_active = 1 WHERE worker = (SELECT min(worker) FROM worker_loads);
            CREATE INDEX worker_loads_activity ON worker_loads (slot, start, worker, is_active);
            DELETE FROM grdb_migrations WHERE identifier = '5 counts of workers';
            """)
      }
      try file.close()

      let again = try Store(directory: directory.path + "/data")
      defer { again.close() }
      let hour = try intervals(hours: 1, of: 60)
      #expect(try await again.history.workerCounts(hour, now: start) == [second: WorkerCount(total: 2, active: 1)])
      #expect(try await again.history.workerLoads(hour, now: start)["b"]?[second]?.readings.first?.mean == 7)
    }
  }

  @Test("of a queue each interval tells the moment when tasks had waited longest")
  func queues() async throws {
    try await withStore { store, _ in
      for (wait, length) in [(5.0, 9), (70, 2), (30, 4)] {
        store.history.add(QueueLoad(length: length, averageWait: wait), ofQueue: "q", at: start)
        try await store.history.write()
      }

      let told = try await store.history.queueLoads(try intervals(hours: 1, of: 60), now: start)

      #expect(told == ["q": [second: QueueLoad(length: 2, averageWait: 70)]])
    }
  }

  @Test("what is older is kept more coarsely, then not at all")
  func aging() async throws {
    try await withStore { store, _ in
      let history = store.history
      for minute in 0..<120 {
        history.add(load(Float(minute)), ofWorker: "w", at: start.advanced(bySeconds: minute * 60))
      }
      func slots(daysLater days: Int, interval: Int) async throws -> Int {
        let now = start.advanced(bySeconds: days * 86_400 + 7200)
        while try await history.deleteSome(limit: 50, now: now) > 0 {}
        let span = try #require(Intervals(from: second, to: second + 7200, length: interval))
        return try await history.workerLoads(span, now: now)["w"]?.count ?? 0
      }

      var counts: [Int] = []
      for (days, interval) in [(0, 60), (0, 600), (1, 60), (30, 60), (100, 60)] {
        counts.append(try await slots(daysLater: days, interval: interval))
      }

      #expect(counts == [120, 12, 12, 2, 0])
    }
  }
}
