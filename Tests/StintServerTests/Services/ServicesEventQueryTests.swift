import StintModel
import StintStore
import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesEventQueryTests {
  private func event(_ type: String, _ task: String, _ variant: String, _ iteration: Int, _ fields: JSON) -> JSON {
    fields.merging([
      "type": .string(type), "task": .string(task), "metric": "m", "variant": .string(variant),
      "iter": .number(iteration),
    ])
  }

  private func add(_ server: ServicesFixture, _ events: [JSON]) async throws {
    try await server.call("events.add_batch", .array(events))
  }

  @Test("images are looked at one by one in either direction, and the ends are told")
  func imageSamples() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await add(
      server,
      [("a", 0), ("b", 0), ("a", 1), ("b", 2)].map { variant, iteration in
        event("training_debug_image", id, variant, iteration, ["url": .string("\(variant)\(iteration)")])
      })
    let first = try await server.call(
      "events.get_debug_image_sample", ["task": .string(id), "metric": "m", "variant": "b"])
    var scroll = first["scroll_id"] ?? .null
    func next(_ fields: JSON) async throws -> String? {
      let answer = try await server.call(
        "events.next_debug_image_sample", fields.merging(["task": .string(id), "scroll_id": scroll]))
      scroll = answer["scroll_id"] ?? .null
      return answer[path: ["event", "url"]]?.string
    }

    #expect(first[path: ["event", "url"]] == "b2")
    #expect(first["min_iteration"] == 0)
    #expect(first["max_iteration"] == 2)
    var seen: [String?] = []
    for _ in 0..<4 { seen.append(try await next(["navigate_earlier": true])) }
    #expect(seen == ["a1", "b0", "a0", nil])
    #expect(try await next(["navigate_earlier": false, "next_iteration": true]) == "a1")
    #expect(try await next(["navigate_earlier": false]) == "b2")
    let upTo = try await server.call(
      "events.get_debug_image_sample", ["task": .string(id), "metric": "m", "variant": "b", "iteration": 1])
    #expect(upTo[path: ["event", "url"]] == "b0")
    let none = try await server.call(
      "events.get_debug_image_sample", ["task": .string(id), "metric": "nosuch", "variant": "b"])
    #expect(none == [:])
  }

  @Test("a plot sample is all of a metric's plots at an iteration")
  func plotSamples() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await add(
      server,
      [("a", 0), ("b", 0), ("a", 1)].map { variant, iteration in
        event("plot", id, variant, iteration, ["plot_str": .string("\(variant)\(iteration)")])
      })
    func texts(_ answer: JSON) -> [String] { answer["events"]?.array?.compactMap { $0.text("plot_str") } ?? [] }

    let last = try await server.call("events.get_plot_sample", ["task": .string(id), "metric": "m"])
    let earlier = try await server.call(
      "events.next_plot_sample", ["task": .string(id), "scroll_id": last["scroll_id"] ?? .null])
    let end = try await server.call(
      "events.next_plot_sample", ["task": .string(id), "scroll_id": earlier["scroll_id"] ?? .null])

    #expect(texts(last) == ["a1"])
    #expect(texts(earlier) == ["a0", "b0"])
    #expect(texts(end) == [])
    #expect(end["scroll_id"] == earlier["scroll_id"])
    #expect(
      await fails(with: .invalidScrollID) {
        try await server.call("events.next_plot_sample", ["task": .string(id), "scroll_id": "[1]"])
      })
  }

  @Test("plots come iteration by iteration, back and forth")
  func plots() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await add(server, (0..<3).map { event("plot", id, "v", $0, ["plot_str": "{}"]) })
    var request: JSON = ["metrics": [["task": .string(id), "metric": "m"]], "iters": 1]
    var seen: [Int?] = []
    for isEarlier in [true, true, false] {
      request["navigate_earlier"] = .bool(isEarlier)
      let answer = try await server.call("events.plots", request)
      seen.append(answer["metrics"]?.array?.first?["iterations"]?.array?.first?["iter"]?.int)
      request["scroll_id"] = answer["scroll_id"]
    }
    #expect(seen == [2, 1, 2])
  }

  @Test("curves, plots and metrics of several tasks come together, under their tasks' names")
  func manyTasks() async throws {
    let server = try await ServicesFixture()
    let (one, two) = (try await server.newTask("one"), try await server.newTask("two"))
    for (id, variant) in [(one, "x"), (two, "y")] {
      try await add(
        server,
        [
          event("training_stats_scalar", id, "v", 0, ["value": 1]), event("plot", id, variant, 5, ["plot_str": "{}"]),
        ])
    }
    let tasks: JSON = ["tasks": [.string(one), .string(two)]]

    let curves = try await server.call("events.multi_task_scalar_metrics_iter_histogram", tasks)
    let plots = try await server.call("events.get_multi_task_plots", tasks)
    let metrics = try await server.call("events.get_multi_task_metrics", tasks.merging(["event_type": "plot"]))

    #expect(curves[path: ["m", "v", two, "name"]] == "two")
    #expect(curves[path: ["m", "v", one, "y"]]?.array?.compactMap(\.double) == [1])
    #expect(plots[path: ["plots", "m", "x", one, "5", "name"]] == "one")
    #expect(plots["returned"] == 2)
    #expect(metrics["metrics"] == [["metric": "m", "variants": ["x", "y"]]])
  }

  @Test("raw points come in batches until there are no more")
  func rawScalars() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await add(
      server, (0..<5).map { event("training_stats_scalar", id, "v", $0, ["value": .number($0 * 2), "timestamp": 7]) })
    var request: JSON = ["task": .string(id), "metric": ["metric": "m"], "batch_size": 3, "count_total": true]
    var values: [Double] = []
    var sizes: [Int?] = []
    for _ in 0..<3 {
      let answer = try await server.call("events.scalar_metrics_iter_raw", request)
      values += answer[path: ["variants", "v", "y"]]?.array?.compactMap(\.double) ?? []
      sizes.append(answer["returned"]?.int)
      #expect(answer["total"] == 5)
      request["scroll_id"] = answer["scroll_id"]
    }
    #expect(values == [0, 2, 4, 6, 8])
    #expect(sizes == [3, 2, 0])
    let byTime = try await server.call(
      "events.scalar_metrics_iter_raw", ["task": .string(id), "metric": ["metric": "m"], "key": "timestamp"])
    #expect(byTime[path: ["variants", "v", "timestamp"]] == [7, 7, 7, 7, 7])
    let data = try await server.call("events.get_scalar_metric_data", ["task": .string(id), "metric": "m"])
    #expect(data["returned"] == 5)
    let names = try await server.call("events.get_scalar_metrics_and_variants", ["task": .string(id)])
    #expect(names == ["metrics": ["m": ["v"]]])
  }

  @Test("vectors come back by iteration")
  func vectors() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await add(server, [1, 0].map { event("training_stats_vector", id, "v", $0, ["values": [.number($0)]]) })

    let names = try await server.call("events.get_vector_metrics_and_variants", ["task": .string(id)])
    let vectors = try await server.call(
      "events.vector_metrics_iter_histogram", ["task": .string(id), "metric": "m", "variant": "v"])

    #expect(names["metrics"] == [["metric": "m", "variants": ["v"]]])
    #expect(vectors["images"]?.array?.compactMap { $0["values"] } == [[0], [1]])
  }

  @Test("a log is cleared whole or of its old lines, that of a published task only if the client insists")
  func clearLog() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    let now = Int(Timestamp.now.milliseconds)
    try await add(
      server,
      [now - 1_000_000, now].map {
        ["type": "log", "task": .string(id), "msg": "line", "timestamp": .number($0)]
      })
    let request: JSON = ["task": .string(id)]

    #expect(try await server.call("events.clear_task_log", request.merging(["threshold_sec": 500])) == ["deleted": 1])
    try await server.call("tasks.publish", request.merging(["force": true]))
    #expect(await fails(with: .taskPublished) { try await server.call("events.clear_task_log", request) })
    #expect(try await server.call("events.clear_task_log", request.merging(["allow_locked": true])) == ["deleted": 1])
  }

  @Test("deleted events are gone, once")
  func deleteEvents() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await add(server, [event("plot", id, "v", 0, ["plot_str": "{}"])])

    #expect(try await server.call("events.delete_for_task", ["task": .string(id)]) == ["deleted": true])
    #expect(try await server.call("events.delete_for_task", ["task": .string(id)]) == ["deleted": false])
    #expect(try await server.call("events.get_task_plots", ["task": .string(id)])["plots"] == [])
    #expect(
      await fails(with: .invalidModelID) { try await server.call("events.delete_for_model", ["model": "nosuch"]) })
    #expect(try await server.call("events.clear_scroll", ["scroll_id": "0-1"]) == [:])
  }
}
