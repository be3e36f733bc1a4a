import StintModel
import StintStore
import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesStatisticsTests {
  /// A span that has the present in its middle, as one interval.
  private func aroundNow(_ fields: JSON = [:]) -> JSON {
    let now = Int(Timestamp.now.milliseconds / 1000)
    return fields.merging(["from_date": .number(now - 500), "to_date": .number(now + 500), "interval": 1000])
  }

  @Test("a worker's load is told by its lowest, highest and mean value, whole or for each core")
  func workerStats() async throws {
    let server = try await ServicesFixture()
    for cores: JSON in [[10, 30], [20, 60]] {
      try await server.call(
        "workers.status_report", ["worker": "w", "timestamp": 1, "machine_stats": ["cpu_usage": cores]])
    }
    let items: JSON = [
      ["key": "cpu_usage", "category": "min"], ["key": "cpu_usage", "category": "max"],
      ["key": "cpu_usage", "category": "avg"], ["key": "gpu_usage", "category": "avg"],
    ]

    let whole = try await server.call("workers.get_stats", aroundNow(["items": items, "split_by_resource": true]))
    let split = try await server.call(
      "workers.get_stats",
      aroundNow(["items": [["key": "cpu_usage"]], "split_by_variant": true, "worker_ids": ["w"]]))

    let metrics = try #require(whole["workers"]?.array?.first?["metrics"]?.array)
    let series = metrics.compactMap { $0["stats"]?.array?.first }
    #expect(series.compactMap { $0["values"]?.array?.first?.double } == [10, 60, 30])
    #expect(series.last?["resource_series"]?.array?.compactMap { $0["values"]?.array?.first?.double } == [15, 45])
    let variants = try #require(split["workers"]?.array?.first?["metrics"]?.array)
    #expect(variants.compactMap { $0.text("variant") } == ["0", "1"])
    let keys = try await server.call("workers.get_metric_keys", ["worker_ids": ["w"]])
    #expect(keys["categories"] == [["name": "cpu", "metric_keys": ["cpu_usage"]]])
  }

  @Test("every statistic is kept, under the number that it has in histories that are stored")
  func keptNumbers() {
    #expect(
      keptStatistics.map(\.rawValue) == [
        "cpu_usage", "cpu_temperature", "memory_used", "memory_free", "gpu_usage", "gpu_temperature", "gpu_fraction",
        "gpu_memory_free", "gpu_memory_used", "network_tx", "network_rx", "disk_free_home", "disk_free_temp",
        "disk_read", "disk_write",
      ])
    #expect(Set(keptStatistics) == Set(Workers.GetStats.Statistic.allCases))
  }

  @Test("the activity report counts each worker once, and tells those that had a task")
  func activity() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await server.call("workers.status_report", ["worker": "busy", "timestamp": 1, "task": .string(id)])
    try await server.call("workers.status_report", ["worker": "busy", "timestamp": 2, "task": .string(id)])
    try await server.call("workers.status_report", ["worker": "idle", "timestamp": 1])

    let report = try await server.call("workers.get_activity_report", aroundNow())

    #expect(report[path: ["total", "counts"]] == [2])
    #expect(report[path: ["active", "counts"]] == [1])
    let before = try await server.call(
      "workers.get_activity_report", ["from_date": 0, "to_date": 1000, "interval": 100])
    #expect(before[path: ["total", "dates"]] == [])
  }

  @Test("spans that are none, and statistics that nobody knows, are refused")
  func refused() async throws {
    let server = try await ServicesFixture()
    for request: JSON in [
      ["from_date": 10, "to_date": 5, "interval": 1], ["from_date": 0, "to_date": 5, "interval": 0],
      ["from_date": 1e300, "to_date": 2e300, "interval": 1],
    ] {
      #expect(await fails(with: .validation) { try await server.call("workers.get_activity_report", request) })
      #expect(await fails(with: .validation) { try await server.call("queues.get_queue_metrics", request) })
    }
    let unknown = aroundNow(["items": [["key": "nosuch"]]])
    #expect(await fails(with: .validation) { try await server.call("workers.get_stats", unknown) })
  }

  @Test("a queue's metrics tell how many tasks wait and for how long, by queue or for all on average")
  func queueMetrics() async throws {
    let server = try await ServicesFixture()
    let (queue, empty) = (try await server.newQueue("gpu"), try await server.newQueue("empty"))
    let (first, second) = (try await server.newTask(), try await server.newTask())
    let (old, older) = (Timestamp.now.advanced(bySeconds: -100), Timestamp.now.advanced(bySeconds: -300))
    try await server.services.store.write { records in
      try records.enqueue(task: first, queue: queue, added: older.text)
      try records.enqueue(task: second, queue: queue, added: old.text)
    }

    let one = try await server.call("queues.get_queue_metrics", aroundNow(["queue_ids": [.string(queue)]]))
    let all = try await server.call("queues.get_queue_metrics", aroundNow())

    let metrics = try #require(one["queues"]?.array?.first)
    #expect(metrics.text("queue") == queue)
    #expect(metrics["queue_lengths"] == [2])
    let wait = try #require(metrics["avg_waiting_times"]?.array?.first?.double)
    #expect(wait > 199 && wait < 260)
    let average = try #require(all["queues"]?.array?.first)
    // Two of the three queues are empty.
    #expect(try #require(average["avg_waiting_times"]?.array?.first?.double) < wait / 2)
    #expect(
      await fails(with: .invalidQueueID) {
        try await server.call("queues.get_queue_metrics", aroundNow(["queue_ids": [.string(empty), "nosuch"]]))
      })
  }

  @Test("a worker's runtime properties are kept by name until they expire")
  func runtimeProperties() async throws {
    let server = try await ServicesFixture()
    func set(_ properties: JSON) async throws {
      try await server.call("workers.set_runtime_properties", ["worker": "w:0", "runtime_properties": properties])
    }
    func get(_ worker: String) async throws -> [JSON] {
      let answer = try await server.call("workers.get_runtime_properties", ["worker": .string(worker)])
      return try #require(answer["runtime_properties"]?.array)
    }
    try await set([["key": "force", "value": "on", "expiry": 1000], ["key": "limit", "value": "3"]])

    let properties = try await get("w:0")
    #expect(properties.compactMap { $0.text("key") } == ["force", "limit"])
    let left = try #require(properties.first?["expiry"]?.int)
    #expect(left > 900 && left <= 1000)
    // clearml-agent needs the member even where a property never expires.
    #expect(properties.last == ["key": "limit", "value": "3", "expiry": .null])
    #expect(try await get("w:1").isEmpty)

    try await set([["key": "force", "expiry": 0]])
    #expect(try await get("w:0").compactMap { $0.text("key") } == ["limit"])
    _ = try await server.services.store.write { records in
      let past = JSON.string(Timestamp.now.advanced(bySeconds: -1).text)
      return try records.update(.settings, id: "worker_properties/w:0") {
        $0[path: ["properties", "limit", "expires"]] = past
      }
    }
    #expect(try await get("w:0").isEmpty)
  }

  @Test("a history forgets the oldest first")
  func history() {
    var history = RecentElements<Int>(capacity: 3)
    for number in 0..<5 { history.append(number) }
    #expect(history.all == [2, 3, 4])
  }

  @Test("a batch of updates changes all of its tasks or none")
  func updateBatch() async throws {
    let server = try await ServicesFixture()
    let (one, two) = (try await server.newTask("one"), try await server.newTask("two"))

    let answer = try await server.call(
      "tasks.update_batch", [["task": .string(one), "name": "first"], ["task": .string(two), "tags": ["t"]]])
    #expect(answer == ["updated": 2])
    #expect(try await server.task(one).text("name") == "first")
    #expect(
      await fails(with: .invalidTaskID) {
        try await server.call("tasks.update_batch", [["task": .string(one), "name": "lost"], ["task": "nosuch"]])
      })
    #expect(try await server.task(one).text("name") == "first")
    #expect(await fails(with: .emptyBatch) { try await server.call("tasks.update_batch", []) })
  }

  @Test("runtime properties of a task change one by one, of an ended task only by force")
  func editRuntime() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await server.call("tasks.edit", ["task": .string(id), "runtime": ["a": "1", "b": "2"]])

    try await server.call(
      "tasks.edit_runtime", ["task": .string(id), "add_or_update": ["c": "3"], "remove": ["a", "nosuch"]])

    #expect(try await server.task(id)["runtime"] == ["b": "2", "c": "3"])
    try await server.call("tasks.stopped", ["task": .string(id), "force": true])
    let edit: JSON = ["task": .string(id), "remove": ["b"]]
    #expect(await fails(with: .invalidTaskStatus) { try await server.call("tasks.edit_runtime", edit) })
    try await server.call("tasks.edit_runtime", edit.merging(["force": true]))
    #expect(try await server.task(id)["runtime"] == ["c": "3"])
  }

  @Test("a task is validated as it would be created, and is not")
  func validate() async throws {
    let server = try await ServicesFixture()
    try await server.call("tasks.validate", ["name": "task", "type": "testing"])
    #expect(
      await fails(with: .fieldValue) {
        try await server.call("tasks.validate", ["name": "task", "type": "testing", "project": "nosuch"])
      })
    #expect(try await server.call("tasks.get_types") == ["types": []])
    _ = try await server.newTask()
    #expect(try await server.call("tasks.get_types") == ["types": ["training"]])
  }
}
