import StintModel
import StintStore
import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesDownloadTests {
  @Test("a log is downloaded whole, in order, a line for each event, in the form that was asked for")
  func log() async throws {
    let server = try await ServicesFixture()
    let task = try await server.newTask()
    let events = (0..<5000).map { number -> JSON in
      [
        "type": "log", "task": .string(task), "level": "info", "worker": "w", "msg": .string("line \(number)"),
        "timestamp": .number(1_700_000_000_000 + number / 3),
      ]
    }
    try await server.call("events.add_batch", .array(events))

    let lines = try await server.call("events.download_task_log", ["task": .string(task)])
    let text = try await server.call(
      "events.download_task_log",
      ["task": .string(task), "line_type": "text", "line_format": "{asctime} [{level}] {msg} {none}|"])

    let messages = try #require(lines.string).split(separator: "\n").map {
      try JSON(parsing: Array($0.utf8))["msg"]?.string
    }
    #expect(messages == (0..<5000).map { "line \($0)" })
    #expect(text.string?.split(separator: "\n").first == "2023-11-14 22:13:20.000 [info] line 0 |")
    #expect(
      await fails(with: .invalidTaskID) { try await server.call("events.download_task_log", ["task": "none"]) })
  }

  @Test("tasks are downloaded as a table of the fields that were asked for")
  func table() async throws {
    let server = try await ServicesFixture()
    for number in 0..<3 {
      let name = number == 0 ? "a \"quoted\", name" : "task \(number)"
      _ = try await server.newTask(name, ["tags": ["x", "y"], "comment": .string("line\nbreak")])
    }
    _ = try await server.call("tasks.create", ["name": "left out", "type": "testing"])

    let prepared = try await server.call(
      "organization.prepare_download_for_get_all",
      [
        "entity_type": "task", "type": ["training"], "order_by": ["name"], "only_fields": ["name", "tags", "status"],
        "field_mappings": [
          ["field": "name", "name": "Name"], ["field": "tags"], ["field": "user.name"], ["field": "comment"],
          ["field": "status", "values": [["key": "created", "value": "Draft"]]],
        ],
      ])
    let csv = try await server.call("organization.download_for_get_all", prepared)

    #expect(
      csv.string == """
        Name,tags,user.name,comment,status\r
        "a ""quoted"", name","x, y",golden user,"line\nbreak",Draft\r
        task 1,"x, y",golden user,"line\nbreak",Draft\r
        task 2,"x, y",golden user,"line\nbreak",Draft\r

        """)
    #expect(
      await fails(with: .invalidID) { try await server.call("organization.download_for_get_all", ["prepare_id": "x"]) })
  }

  @Test("a project's usage is the time that its tasks ran, day by day")
  func usages() async throws {
    let server = try await ServicesFixture()
    let project = try await server.call("projects.create", ["name": "used"])["id"] ?? .null
    let task = try await server.newTask("run", ["project": project])
    try await server.services.store.write { records in
      try records.update(.tasks, id: task) { task in
        task["started"] = "2024-01-01T23:00:00"
        task["completed"] = "2024-01-02T02:00:00"
      }
    }

    let answer = try await server.call(
      "organization.get_project_usages",
      [
        "projects": [project], "from_date": "2024-01-01", "to_date": "2024-01-02T01:00:00",
        "breakdown_keys": ["project"],
      ])

    #expect(answer[path: ["projects", "total"]] == [["id": project, "name": "used", "duration": 7200]])
    let series = answer[path: ["projects", "series"]]?.array?.first
    #expect(series?["dates"] == [1_704_067_200, 1_704_153_600])
    #expect(series?["duration"] == [3600, 3600])
    #expect(answer["users"] == nil)
  }

  @Test("the history of an address adds up its containers, and averages their latency")
  func serving() async throws {
    let server = try await ServicesFixture()
    for (container, requests, latency) in [("a", 10, 100.0), ("b", 30, 300.0)] {
      try await server.call(
        "serving.container_status_report",
        [
          "container_id": .string(container), "endpoint_name": "e", "endpoint_url": "http://e", "model_name": "m",
          "requests_num": .number(requests), "latency_ms": .double(latency),
        ])
    }
    func total(_ metric: String) async throws -> JSON? {
      try await server.call(
        "serving.get_endpoint_metrics_history",
        [
          "endpoint_url": "http://e", "from_date": 0, "to_date": 100_000_000_000, "interval": 100_000_000_000,
          "metric_type": .string(metric),
        ])[path: ["total", "values"]]
    }
    #expect(try await total("requests") == [40.0])
    #expect(try await total("latency_ms") == [200.0])
    #expect(try await total("gpu_util") == [])
  }

  @Test("administrators read what the server is set up with")
  func config() async throws {
    let server = try await ServicesFixture()
    #expect(try await server.call("server.config")["lease_sec"] == 900)
    #expect(try await server.call("server.config", ["path": "version"]) == ["version": "0"])
    #expect(await fails(with: .fieldValue) { try await server.call("server.config", ["path": "none"]) })
  }
}
