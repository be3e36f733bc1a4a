import StintModel
import StintStore
import StintWire
import Testing

@testable import StintServer

@Suite struct RetentionTests {
  private let month = RetentionSettings(eventDays: 30, artifactDays: 30)

  /// A task with a line of log, a scalar, a debug image with its file, and an artifact, a model and its files.
  private func newTask(_ fixture: ServicesFixture, status: String = "completed", _ fields: JSON = [:]) async throws
    -> String
  {
    let id = try await fixture.newTask("a task", fields)
    let root = "http://127.0.0.1:8081/a%20project/a%20task.\(id)"
    try await fixture.call("tasks.started", ["task": .string(id)])
    for event: JSON in [
      ["type": "log", "msg": "a line"],
      ["type": "training_stats_scalar", "metric": "m", "variant": "v", "iter": 1, "value": 2],
      [
        "type": "training_debug_image", "metric": "m", "variant": "v", "iter": 1,
        "url": .string("\(root)/metrics/m/v.png"),
      ],
    ] {
      try await fixture.call("events.add", event.merging(["task": .string(id)]))
    }
    try await fixture.call(
      "tasks.add_or_update_artifacts",
      [
        "task": .string(id),
        "artifacts": [["key": "data", "type": "custom", "uri": .string("\(root)/artifacts/data/data.pkl")]],
      ])
    for path in ["metrics/m/v.png", "metrics/m/of a plot.png", "artifacts/data/data.pkl", "models/model.pkl"] {
      let upload = try fixture.services.store.files.upload()
      try upload.append(id.utf8)
      _ = try await upload.finish(path: "a project/a task.\(id)/\(path)")
    }
    if status != "in_progress" {
      try await fixture.call("tasks.completed", ["task": .string(id)])
      if status == "published" { try await fixture.call("tasks.publish", ["task": .string(id)]) }
    }
    return id
  }

  private func sweep(_ fixture: ServicesFixture, _ settings: RetentionSettings, inDays days: Int) async throws {
    try await Retention(services: fixture.services, settings: settings).sweep(
      now: .now.advanced(bySeconds: days * 86_400))
  }

  /// What is left of a task: its kinds of events and the folders of its files.
  private func left(_ fixture: ServicesFixture, of task: String) async throws -> Set<String> {
    var left: Set<String> = []
    let events = fixture.services.store.events
    for kind in [EventKind.log, .scalar, .debugImage] where try await events.events(task: task, kind: kind).total > 0 {
      left.insert("\(kind)")
    }
    let paths = try await fixture.services.store.read { records in
      try records.filePaths(under: "a project/a task.\(task)/", limit: 100)
    }
    return left.union(paths.compactMap { $0.split(separator: "/").dropFirst(2).first.map(String.init) })
  }

  private let everything: Set = ["log", "scalar", "debugImage", "metrics", "artifacts", "models"]

  @Test("what is older than its days goes, models stay, and nothing goes before its time")
  func sweep() async throws {
    let fixture = try await ServicesFixture()
    let task = try await newTask(fixture)
    #expect(try await left(fixture, of: task) == everything)

    try await sweep(fixture, month, inDays: 29)
    #expect(try await left(fixture, of: task) == everything)
    try await sweep(fixture, RetentionSettings(eventDays: 30), inDays: 31)
    #expect(try await left(fixture, of: task) == ["artifacts", "models"])
    try await sweep(fixture, month, inDays: 31)
    #expect(try await left(fixture, of: task) == ["models"])
    #expect(try await fixture.task(task)["status"] == "completed")
  }

  @Test("nothing is deleted where no days are set")
  func forEver() async throws {
    let fixture = try await ServicesFixture()
    let task = try await newTask(fixture)

    try await sweep(fixture, RetentionSettings(), inDays: 36_000)

    #expect(try await left(fixture, of: task) == everything)
  }

  @Test(
    "running and published tasks and those tagged keep lose nothing", arguments: ["in_progress", "published", "tagged"])
  func kept(kind: String) async throws {
    let fixture = try await ServicesFixture()
    let task = try await newTask(fixture, status: kind, kind == "tagged" ? ["tags": ["keep"]] : [:])

    try await sweep(fixture, month, inDays: 31)

    #expect(try await left(fixture, of: task) == everything)
  }

  @Test("a data set keeps what it consists of")
  func dataset() async throws {
    let fixture = try await ServicesFixture()
    let task = try await newTask(fixture, ["system_tags": ["dataset"]])

    try await sweep(fixture, month, inDays: 31)

    #expect(try await left(fixture, of: task) == ["artifacts", "models"])
  }

  @Test("more tasks than are swept at once all go, also where they changed at the same moment")
  func manyTasks() async throws {
    let fixture = try await ServicesFixture()
    var tasks: [String] = []
    for _ in 0..<120 { tasks.append(try await fixture.newTask()) }
    try await fixture.services.store.write { [tasks] records in
      for task in tasks {
        try records.update(.tasks, id: task) { $0.set(["status": "completed", "last_update": "2020-01-01T00:00:00Z"]) }
      }
    }
    _ = try await fixture.services.store.events.add(tasks.map { ["type": "log", "task": .string($0), "msg": "x"] })

    try await sweep(fixture, month, inDays: 0)

    for task in tasks { #expect(try await left(fixture, of: task).isEmpty) }
  }

  @Test("a task with more events than are deleted at once loses all of them")
  func manyEvents() async throws {
    let fixture = try await ServicesFixture()
    let task = try await newTask(fixture)
    _ = try await fixture.services.store.events.add(
      (0..<2500).map { ["type": "log", "task": .string(task), "msg": .string("\($0)")] })

    try await sweep(fixture, RetentionSettings(eventDays: 1), inDays: 2)

    #expect(try await left(fixture, of: task) == ["artifacts", "models"])
    let progress = try await fixture.services.store.read { try $0.get(.settings, id: "retention_events") }
    #expect(progress?["deleted"] == 2503)
    #expect(progress?["days"] == 1)
  }

  @Test("a task that ran again after it was swept is swept again")
  func again() async throws {
    let fixture = try await ServicesFixture()
    let task = try await newTask(fixture)
    try await sweep(fixture, month, inDays: 31)
    _ = try await fixture.services.store.events.add([["type": "log", "task": .string(task), "msg": "x"]])
    try await fixture.services.store.write { records in
      try records.update(.tasks, id: task) { $0["last_update"] = .string(Timestamp.now.text) }
    }

    try await sweep(fixture, month, inDays: 31)

    #expect(try await left(fixture, of: task) == ["models"])
  }

  @Test(
    "a task's folder is found in addresses of both doors, and only where it is the task's",
    arguments: [
      ("http://h:8081/p%20q/t.ID/artifacts/a", ["p q/t.ID/"]),
      ("https://h/files/p/t.ID/metrics/a", ["files/p/t.ID/", "p/t.ID/"]),
      ("http://h:8081/p/other.ID2/artifacts/a", []), ("s3://bucket/p/t.ID", []), ("file:///p", []), ("t.ID/", []),
    ])
  func folder(url: String, folders: [String]) {
    #expect(Retention.folders(of: "ID", inURL: url) == folders)
  }
}
