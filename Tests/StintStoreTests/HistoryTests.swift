import StintModel
import StintStore
import Testing

@Suite struct HistoryTests {
  /// The start of an hour.
  private let start = Timestamp(milliseconds: 1_800_000_000_000)
  private let second = 1_800_000_000

  private func load(_ values: Float..., isActive: Bool = false) -> WorkerLoad {
    WorkerLoad(
      isActive: isActive,
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
      history.add(load(60, 1, 7, isActive: true), ofWorker: "w", at: start.advanced(bySeconds: 40))

      let told = try await history.workerLoads(try intervals(hours: 1, of: 60), now: start)

      let kept = try #require(told["w"]?[second])
      #expect(kept.isActive)
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
          let load = WorkerLoad(isActive: false, readings: [.init(key: key, resource: 0, value: Float(key))])
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

  @Test("more loads than fit in a transaction are all written, and are there when the store is opened again")
  func many() async throws {
    try await withStore { store, directory in
      for number in 0..<600 {
        store.history.add(load(1, isActive: number < 100), ofWorker: "w\(number)", at: start)
      }
      let hour = try intervals(hours: 1, of: 60)
      let told = try await store.history.activity(hour, now: start)
      #expect(told == [second: WorkerCount(total: 600, active: 100)])
      store.close()

      let again = try Store(directory: directory.path + "/data")
      defer { again.close() }
      #expect(try await again.history.activity(hour, now: start) == told)
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
