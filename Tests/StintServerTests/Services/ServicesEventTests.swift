import StintModel
import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesEventTests {
  @Test("reported scalars show in the task's record as clients read them there")
  func lastMetrics() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    let values = [3.0, 1.0, 2.0].enumerated().map { iteration, value -> JSON in
      [
        "type": "training_stats_scalar", "task": .string(id), "metric": "loss", "variant": "train",
        "iter": .int(Int64(iteration)), "value": .double(value),
      ]
    }

    let answer = try await server.call("events.add_batch", .array(values))

    #expect(answer == ["added": 3, "errors": 0, "errors_info": [:]])
    let task = try await server.task(id)
    #expect(task["last_iteration"] == 2)
    // The MD5 of "loss" and of "train".
    let summary = try #require(
      task[path: ["last_metrics", "81513effdf5790b79549208838404407", "61b3a8faa9c1091806675c230a9abe64"]])
    #expect(summary.text("metric") == "loss")
    #expect(summary["value"]?.double == 2)
    #expect(summary["min_value"]?.double == 1)
    #expect(summary["max_value"]?.double == 3)
    let series = try await server.call("events.scalar_metrics_iter_histogram", ["task": .string(id)])
    #expect(series[path: ["loss", "train", "y"]]?.array?.compactMap(\.double) == [3, 1, 2])
  }

  @Test("the load of the machine, reported by the second, is no iteration of the task")
  func machineLoad() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    for metric in [":monitor:machine", ":monitor:gpu"] {
      let event: JSON = [
        "type": "training_stats_scalar", "task": .string(id), "metric": .string(metric), "variant": "v", "iter": 3600,
        "value": 1.0,
      ]
      try await server.call("events.add", event)
    }
    #expect(try await server.task(id)["last_iteration"] == 0)
  }

  @Test("a batch keeps its good lines and tells of the others")
  func partlyBad() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    let lines: JSON = [
      ["type": "log", "task": .string(id), "level": "INFO", "msg": "one", "timestamp": 1_700_000_000_000],
      .null,
      ["type": "log", "task": "nosuch", "msg": "two"],
      ["type": "nosuch", "task": .string(id)],
    ]

    let answer = try await server.call("events.add_batch", lines)

    #expect(answer["added"] == 1)
    #expect(answer["errors"] == 3)
    #expect(answer["errors_info"]?.object?.values.compactMap(\.int).reduce(0, +) == 3)
    let log = try await server.call("events.get_task_log", ["task": .string(id)])
    #expect(log["events"]?.array?.compactMap { $0.text("msg") } == ["one"])
    #expect(log["total"]?.int == 1)
  }

  @Test("a batch of nothing, or of nothing good, is an error")
  func allBad() async throws {
    let server = try await ServicesFixture()
    #expect(await fails(with: .emptyBatch) { try await server.call("events.add_batch", []) })
    #expect(await fails(with: .eventsNotAdded) { try await server.call("events.add_batch", [.null]) })
  }

  @Test("a published task takes no more events, unless the client says that it may")
  func published() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await server.call("tasks.publish", ["task": .string(id), "force": true])
    let line: JSON = ["type": "log", "task": .string(id), "msg": "late", "timestamp": 1]

    #expect(await fails(with: .eventsNotAdded) { try await server.call("events.add_batch", [line]) })
    let answer = try await server.call("events.add_batch", [line.merging(["allow_locked": true])])
    #expect(answer["added"] == 1)
  }

  @Test("debug images come iteration by iteration until there are none")
  func debugImages() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    let images = (0..<3).map { iteration -> JSON in
      [
        "type": "training_debug_image", "task": .string(id), "metric": "m", "variant": "v",
        "iter": .int(Int64(iteration)), "url": .string("http://files/\(iteration).png"),
      ]
    }
    try await server.call("events.add_batch", .array(images))

    var seen: [Int] = []
    var request: JSON = ["metrics": [["task": .string(id), "metric": "m"]], "iters": 2]
    for _ in 0..<3 {
      let answer = try await server.call("events.debug_images", request)
      let iterations = answer["metrics"]?.array?.first?["iterations"]?.array ?? []
      seen += iterations.compactMap { $0["iter"]?.int }
      request["scroll_id"] = answer["scroll_id"]
    }

    #expect(seen == [2, 1, 0])
  }

  @Test("single values and plots come back")
  func singleValuesAndPlots() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask("named")
    try await server.call(
      "events.add_batch",
      [
        [
          "type": "training_stats_scalar", "task": .string(id), "metric": "Summary", "variant": "accuracy",
          "iter": -2_147_483_648, "value": 0.9,
        ],
        ["type": "plot", "task": .string(id), "metric": "cm", "variant": "cm", "iter": 0, "plot_str": "{}"],
      ])

    let values = try await server.call("events.get_task_single_value_metrics", ["tasks": [.string(id)]])
    let plots = try await server.call("events.get_task_plots", ["task": .string(id), "no_scroll": true])

    let values0 = try #require(values["tasks"]?.array?.first)
    #expect(values0.text("task_name") == "named")
    #expect(values0["values"]?.array?.first?["value"]?.double == 0.9)
    #expect(plots["plots"]?.array?.first?.text("plot_str") == "{}")
    #expect(try await server.task(id)["last_iteration"] == 0)
  }
}
