import StintStore
import StintWire
import Testing

private func line(_ message: String, at timestamp: Int64, task: String = "t") -> JSON {
  [
    "type": "log", "task": .string(task), "timestamp": .int(timestamp), "msg": .string(message), "level": "info",
    "worker": "w",
  ]
}

private func scalar(_ value: Double, _ iteration: Int64, metric: String = "loss", variant: String = "train") -> JSON {
  [
    "type": "training_stats_scalar", "task": "t", "timestamp": .int(1000 + iteration), "metric": .string(metric),
    "variant": .string(variant), "iter": .int(iteration), "value": .double(value),
  ]
}

private func plot(_ text: String, _ iteration: Int64, variant: String = "v") -> JSON {
  [
    "type": "plot", "task": "t", "timestamp": .int(iteration), "metric": "matrix", "variant": .string(variant),
    "iter": .int(iteration), "plot_str": .string(text),
  ]
}

private func piece(_ text: String, of stream: String, at offset: Int64, time: Int64? = nil) -> JSON {
  var event = line(text, at: time ?? offset)
  (event["stream"], event["offset"]) = (.string(stream), .int(offset))
  event["size"] = .int(Int64(text.utf8.count))
  return event
}

private let single: Int64 = -2_147_483_648

@Suite struct LogTests {
  @Test("a log is read from its end and from its beginning, in either order, without losing equal time stamps")
  func paging() async throws {
    try await withStore { store, _ in
      let times: [Int64] = [10, 30, 20, 20, 20, 40]
      _ = try await store.events.add(times.enumerated().map { line("\($0.offset)", at: $0.element) })
      func messages(_ page: EventPage) -> String { page.events.compactMap { $0["msg"]?.string }.joined() }

      let last = try await store.events.log(task: "t", limit: 2)
      #expect(messages(last) == "51")
      #expect(last.total == 6)
      #expect(messages(try await store.events.log(task: "t", limit: 2, order: .ascending)) == "15")
      #expect(messages(try await store.events.log(task: "t", from: 30, limit: 1)) == "432")
      #expect(messages(try await store.events.log(task: "t", from: 20, limit: 9)) == "0")
      #expect(messages(try await store.events.log(task: "t", limit: 2, navigateEarlier: false)) == "0234")
      #expect(messages(try await store.events.log(task: "t", from: 20, limit: 9, navigateEarlier: false)) == "15")
      #expect(messages(try await store.events.log(task: "none")) == "")
      #expect(last.events.first == line("5", at: 40))
    }
  }

  @Test("output that is sent again is there once, per stream, and a deleted task's stream begins anew")
  func streams() async throws {
    try await withStore { store, _ in
      func log() async throws -> String {
        try await store.events.log(task: "t", limit: 99, navigateEarlier: false).events
          .compactMap { $0["msg"]?.string }.joined()
      }
      let first = [piece("one ", of: "a", at: 0), piece("two ", of: "a", at: 4)]
      for _ in 0..<3 { #expect(try await store.events.add(first).added == 2) }
      #expect(try await store.events.streamEnd(task: "t", stream: "a") == 8)

      _ = try await store.events.add([first[1], piece("three ", of: "a", at: 8), piece("rerun ", of: "b", at: 9)])
      #expect(try await log() == "one two three rerun ")
      #expect(try await store.events.log(task: "t").total == 4)
      #expect(try await store.events.streamEnd(task: "t", stream: "b") == 15)

      try await store.events.deleteTask("t")
      #expect(try await store.events.streamEnd(task: "t", stream: "a") == 0)
      _ = try await store.events.add(first)
      #expect(try await log() == "one two ")
    }
  }

  @Test("output of which the log has a part is refused, with all that is behind it")
  func overlap() async throws {
    try await withStore { store, _ in
      _ = try await store.events.add([piece("one ", of: "a", at: 0)])

      let late = try await store.events.add([
        piece("one two ", of: "a", at: 0), piece("three ", of: "a", at: 8), piece("other ", of: "b", at: 0),
      ])

      #expect(late.added == 1)
      #expect(late.errors.values.reduce(0, +) == 2)
      #expect(try await store.events.streamEnd(task: "t", stream: "a") == 4)
      #expect(try await store.events.add([piece("two ", of: "a", at: 4)]).errors.isEmpty)
      let log = try await store.events.log(task: "t", limit: 99, navigateEarlier: false)
      #expect(log.events.compactMap { $0["msg"]?.string }.joined() == "one other two ")
    }
  }

  @Test("output stays in order where its sender's clock is set back")
  func clockSetBack() async throws {
    try await withStore { store, _ in
      _ = try await store.events.add([
        piece("one ", of: "a", at: 0, time: 5000), piece("two ", of: "a", at: 4, time: 5),
      ])
      _ = try await store.events.add([
        piece("three ", of: "a", at: 8, time: 6), piece("rerun ", of: "b", at: 0, time: 7),
      ])
      _ = try await store.events.add([piece("now ", of: "b", at: 6, time: 9000)])

      let events = try await store.events.log(task: "t", limit: 99, navigateEarlier: false).events
      #expect(events.compactMap { $0["msg"]?.string }.joined() == "one two three rerun now ")
      #expect(events.compactMap { $0["timestamp"]?.int } == [5000, 5001, 5002, 5003, 9000])
    }
  }

  @Test("equal log lines are all kept; clearing counts what it deletes")
  func clearing() async throws {
    try await withStore { store, _ in
      for time: Int64 in [1, 2, 3] { _ = try await store.events.add([line("same", at: time), line("same", at: time)]) }

      #expect(try await store.events.clearLog(task: "t", olderThan: 3) == 4)
      #expect(try await store.events.log(task: "t").total == 2)
      #expect(try await store.events.clearLog(task: "t") == 2)
      #expect(try await store.events.log(task: "t").events.isEmpty)
    }
  }

  @Test("NUL in a line does not cut it")
  func zeroByte() async throws {
    try await withStore { store, _ in
      _ = try await store.events.add([line("a\u{0}b", at: 1)])
      #expect(try await store.events.log(task: "t").events.first?["msg"] == "a\u{FFFD}b")
    }
  }
}

@Suite struct EventIntakeTests {
  @Test("events that cannot be kept are counted by their reason, the others are kept")
  func validation() async throws {
    try await withStore { store, _ in
      let added = try await store.events.add(
        [
          line("good", at: 1), ["type": "nosuch", "task": "t"], ["type": "log", "msg": "x"], 3,
          ["type": "training_stats_scalar", "task": "t", "value": "x"], line("bad", at: 1, task: "gone"),
          line("bad", at: 1, task: "gone"),
        ], refusing: ["gone": "Task not found"])

      #expect(added.added == 1)
      #expect(
        added.errors == [
          "Invalid event type": 1, "Event must have a 'task' field": 1, "Event is not an object": 1,
          "Event has a wrong 'value' field: a number is expected": 1, "Task not found": 2,
        ])
    }
  }

  @Test(
    "a member that is wrong is named",
    arguments: [
      ("timestamp", "yesterday"), ("timestamp", .double(1e300)), ("timestamp", .int(.min)),
      ("timestamp", .double(.nan)),
      ("iter", .int(.max)), ("iter", [:]), ("metric", 3), ("variant", []), ("worker", 3), ("level", true), ("msg", 3),
      ("model_event", "maybe"), ("allow_locked", 3), ("offset", -1), ("value", "high"), ("plot_str", 3), ("url", 3),
      ("key", 3), ("values", 3), ("task", 3),
    ] as [(String, JSON)])
  func wrongMembers(name: String, value: JSON) async throws {
    try await withStore { store, _ in
      var event = line("x", at: 1)
      event[name] = value
      let reasons = try await store.events.add([event]).errors.keys
      #expect(reasons.count == 1 && reasons.contains { $0.contains("'\(name)'") }, "\(Array(reasons))")
    }
  }

  @Test("null is the same as leaving a member out")
  func nulls() async throws {
    try await withStore { store, _ in
      var event = line("x", at: 1)
      for name in ["level", "worker", "iter", "metric", "model_event", "value"] { event[name] = .some(.null) }
      let added = try await store.events.add([event])
      #expect(added.added == 1)
    }
  }

  @Test("a batch that is sent twice counts once, but for its log lines")
  func idempotence() async throws {
    try await withStore { store, _ in
      let batch = [
        scalar(1, 0), scalar(2, 1), scalar(9, single, metric: "Summary", variant: "best"), plot("p", 0),
        line("l", at: 1),
      ]
      let first = try await store.events.add(batch)
      let second = try await store.events.add(batch)

      #expect(
        first.tasks["t"]?.metrics.sorted { $0.metric < $1.metric }
          == second.tasks["t"]?.metrics.sorted { $0.metric < $1.metric })
      #expect(first.tasks["t"]?.maxIteration == 1)
      #expect(try await store.events.events(task: "t", kind: nil).total == 6)
      #expect(
        try await store.events.singleValues(task: "t") == [
          ["metric": "Summary", "variant": "best", "value": 9.0, "timestamp": .int(1000 + single)]
        ])
    }
  }

  @Test("the summary of a series is what its points give, whatever is overwritten", arguments: 1...15)
  func summaries(seed: UInt64) async throws {
    try await withStore { store, _ in
      var generator = SeededGenerator(seed: seed)
      var points: [Int64: Double] = [:]
      for _ in 0..<25 {
        let batch = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
          (Int64.random(in: 0...12, using: &generator), Double(Int.random(in: -5...5, using: &generator)))
        }
        for (iteration, value) in batch { points[iteration] = value }
        let added = try await store.events.add(batch.map { scalar($0.1, $0.0) })

        let summary = try #require(added.tasks["t"]?.metrics.first)
        let sorted = points.sorted { $0.key < $1.key }
        #expect(summary.count == sorted.count)
        #expect(summary.value == sorted.last?.value)
        #expect(summary.iteration == sorted.last.map { Int($0.key) })
        #expect(summary.first == sorted.first?.value)
        #expect(summary.min == points.values.min())
        #expect(summary.max == points.values.max())
        #expect(points[Int64(summary.minIteration)] == summary.min)
        #expect(points[Int64(summary.maxIteration)] == summary.max)
        #expect(abs(summary.mean * Double(points.count) - points.values.reduce(0, +)) < 1e-9)
        #expect(try await store.events.summaries(task: "t") == [summary])
      }
    }
  }

  @Test("a summary is told in the protocol's words")
  func summaryJSON() async throws {
    try await withStore { store, _ in
      let added = try await store.events.add([scalar(3, 1), scalar(1, 2), scalar(2, 3), scalar(.nan, 4)])

      let summary = try #require(added.tasks["t"]?.metrics.first)
      #expect(summary.path == ["last_metrics", metricHash("loss"), metricHash("train")])
      #expect(metricHash("abc") == "900150983cd24fb0d6963f7d28e17f72")
      #expect(
        summary.json == [
          "metric": "loss", "variant": "train", "value": 2.0, "count": 3, "mean_value": 2.0,
          "min_value": 1.0, "min_value_iteration": 2, "max_value": 3.0, "max_value_iteration": 1,
          "first_value": 3.0, "first_value_iteration": 1,
        ])
    }
  }

  @Test("deleting a task's events leaves those of others")
  func deletion() async throws {
    try await withStore { store, _ in
      _ = try await store.events.add([line("mine", at: 1), scalar(1, 1), plot("p", 1), line("other", at: 1, task: "u")])

      #expect(try await store.events.deleteTask("t"))
      #expect(try await !store.events.deleteTask("t"))
      #expect(try await store.events.events(task: "t", kind: nil).events.isEmpty)
      #expect(try await store.events.log(task: "u").total == 1)
    }
  }
}

@Suite struct CurveTests {
  @Test("a curve has its first and last point and no more than was asked for", arguments: [3, 10, 99, 100, 5000])
  func downSampling(limit: Int) async throws {
    try await withStore { store, _ in
      let iterations: [Int64] = (0..<1000).map { $0 * 7 + ($0 > 500 ? 100_000 : 0) }
      _ = try await store.events.add(iterations.map { scalar(Double($0), $0) } + [scalar(5, single)])

      let curve = try await store.events.scalars(task: "t", maxPoints: limit)["loss"]?["train"]

      let x = (curve?["x"]?.array ?? []).compactMap(\.int)
      #expect(x.count <= limit)
      #expect(x.first == 0)
      #expect(x.last == Int(iterations[999]))
      #expect(x == x.sorted() && Set(x).count == x.count)
      #expect(curve?["y"]?.array?.compactMap(\.double) == x.map(Double.init))
      #expect(curve?["name"] == "train")
      if limit >= 1000 { #expect(x.count == 1000) }
    }
  }

  @Test("what sticks out of a curve is kept on demand", arguments: [4, 10, 101])
  func extremes(limit: Int) async throws {
    try await withStore { store, _ in
      let values: [Int64: Double] = [333: 100, 777: -100]
      _ = try await store.events.add((0..<1000).map { scalar(values[$0] ?? 1, $0 * 3) })
      let events = store.events

      let curve = try await events.scalars(task: "t", maxPoints: limit, keepsExtremes: true)["loss"]?["train"]
      let part = try await events.scalars(task: "t", maxPoints: limit, within: 300...306, keepsExtremes: true)

      let x = (curve?["x"]?.array ?? []).compactMap(\.int)
      #expect(x.count <= limit)
      #expect(x == x.sorted() && Set(x).count == x.count)
      #expect(x.first == 0 && x.last == 2997)
      #expect(x.contains(999) && x.contains(2331))
      #expect(curve?["y"]?.array?.compactMap(\.double).contains(100) == true)
      let whole: JSON = [297, 300, 303, 306, 309]
      if limit >= 5 { #expect(part["loss"]?["train"]?["x"] == whole) }
    }
  }

  @Test("curves are drawn over iterations, time stamps and ISO times")
  func keys() async throws {
    try await withStore { store, _ in
      _ = try await store.events.add([
        scalar(1, 0), scalar(2, 1), scalar(3, 0, variant: "test"), scalar(4, 0, metric: "acc"),
      ])
      let events = store.events

      #expect(try await events.scalars(task: "t")["loss"]?["train"]?["x"] == [0, 1])
      #expect(try await events.scalars(task: "t", key: .timestamp)["loss"]?["train"]?["x"] == [1000, 1001])
      #expect(
        try await events.scalars(task: "t", key: .isoTime)["acc"]?["train"]?["x"] == [
          "1970-01-01T00:00:01.000000+00:00"
        ])
      let some = try await events.scalars(task: "t", metrics: [MetricFilter(metric: "loss", variants: ["test"])])
      #expect(some == ["loss": ["test": ["name": "test", "x": [0], "y": [3.0]]]])
      #expect(
        try await events.metrics(task: "t", kind: .scalar) == [
          MetricFilter(metric: "acc", variants: ["train"]), MetricFilter(metric: "loss", variants: ["test", "train"]),
        ])
    }
  }
}

@Suite struct DocumentTests {
  @Test("plots come back whole, of each variant the last iterations, the newest first")
  func latestPlots() async throws {
    try await withStore { store, _ in
      _ = try await store.events.add([plot("old", 1), plot("new", 2), plot("newer", 2), plot("other", 0, variant: "w")])

      #expect(
        try await store.events.documents(task: "t", kind: .plot) == [plot("newer", 2), plot("other", 0, variant: "w")])
      let two = try await store.events.documents(task: "t", kind: .plot, lastIterations: 2)
      #expect(two.compactMap { $0["plot_str"]?.string } == ["newer", "old", "other"])
    }
  }

  @Test("scrolling visits every event once", arguments: [SortOrder.ascending, .descending])
  func scrolling(order: SortOrder) async throws {
    try await withStore { store, _ in
      let events = (0..<7).flatMap { number in
        [line("\(number)", at: number / 3), scalar(1, number), scalar(2, number, variant: "test"), plot("p", number)]
      }
      _ = try await store.events.add(events)
      for kind in [nil, EventKind.log, .scalar, .plot] {
        var seen: [JSON] = []
        var scroll: String?
        repeat {
          let page = try await store.events.events(task: "t", kind: kind, order: order, limit: 5, scroll: scroll)
          seen += page.events
          scroll = page.events.isEmpty ? nil : page.scrollID
          #expect(page.total == events.count { kind == nil || $0["type"]?.string == kind?.rawValue })
        } while scroll != nil

        let expected = events.filter { kind == nil || $0["type"]?.string == kind?.rawValue }
        #expect(seen.count == expected.count)
        #expect(Set(seen) == Set(expected))
      }
    }
  }

  @Test("a scroll id that is none is refused", arguments: ["x", "9", "1.2", "1.a.b", ""])
  func badScroll(scroll: String) async throws {
    try await withStore { store, _ in
      let error = await #expect(throws: WireError.self) {
        try await store.events.events(task: "t", kind: nil, scroll: scroll)
      }
      #expect(error?.is(.invalidScrollID) == true)
    }
  }
}
