import GRDB
import StintWire
import Testing

@testable import StintStore

@Suite struct ProjectActivityTests {
  private static let statuses = ["created", "queued", "in_progress", "completed", "failed"]
  private static let day = "2024-01-01T"

  @Test("what is kept of a project is what its tasks give, whatever happens to them", arguments: 1...5)
  func statistics(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    try await withStore { store, _ in
      try await store.add(
        [["id": "root"], ["id": "below", "parent": "root", "path": ["root"]], ["id": "other"]], to: .projects)
      var tasks: [String: JSON] = [:]
      for _ in 0..<150 {
        let id = "t\(Int.random(in: 0..<12, using: &generator))"
        let isDeleted = Int.random(in: 0..<5, using: &generator) == 0
        let task = Self.task(id, &generator)
        if isDeleted { tasks.removeValue(forKey: id) } else { tasks[id] = task }
        try await store.write { records in
          if isDeleted { try records.delete(.tasks, id: id) } else { try records.put(.tasks, task) }
        }
      }
      for (place, projects) in [("root", ["root", "below"]), ("below", ["below"]), ("other", ["other"])] {
        let activity = try await store.read {
          try $0.activity(ofProject: place, includingBelow: true, completedSince: Self.day + "5")
        }
        #expect(activity.withoutZeros == Self.activity(of: tasks.values, in: projects))
      }
      let alone = try await store.read {
        try $0.activity(ofProject: "root", includingBelow: false, completedSince: Self.day + "5")
      }
      #expect(alone.withoutZeros == Self.activity(of: tasks.values, in: ["root"]))
    }
  }

  @Test("a folder of an older version is counted when it is opened")
  func migration() throws {
    let directory = try TemporaryDirectory()
    let pool = try DatabasePool(path: directory.path + "/old.sqlite", configuration: GroupedDatabase.configuration)
    try RecordSchema.migrator.migrate(pool, upTo: "2 leases")
    try pool.write { db in
      for (id, tags) in [("a", #"["x"]"#), ("b", "[]"), ("c", #"["x"]"#)] {
        try db.execute(
          sql: "INSERT INTO tasks (id, doc) VALUES (?, ?)",
          arguments: [id, #"{"id":"\#(id)","project":"p","status":"completed","active_duration":5,"tags":\#(tags)}"#])
      }
    }

    try RecordSchema.migrator.migrate(pool)

    let (activity, tagged) = try pool.read { db in
      (
        try Records(db: db).activity(ofProject: "p", includingBelow: false, completedSince: ""),
        try Int.fetchOne(db, sql: "SELECT count(*) FROM task_tags WHERE field = 'tags' AND tag = 'x'")
      )
    }
    #expect(activity.counts == ["completed": 3])
    #expect(activity.runtime == 15)
    #expect(tagged == 2)
  }

  private static func task(_ id: String, _ generator: inout SeededGenerator) -> JSON {
    func time() -> JSON { .string(day + "\(Int.random(in: 0...9, using: &generator))") }
    var task: JSON = ["id": .string(id), "status": .string(statuses.randomElement(using: &generator) ?? "created")]
    if let project = ["root", "below", "other", nil].randomElement(using: &generator) ?? nil {
      task["project"] = .string(project)
    }
    if Bool.random(using: &generator) { task["active_duration"] = .int(Int64.random(in: 1...9, using: &generator)) }
    if Bool.random(using: &generator) { task["started"] = time() }
    if Bool.random(using: &generator) { task["completed"] = time() }
    if Int.random(in: 0..<3, using: &generator) == 0 { task["system_tags"] = ["archived"] }
    return task
  }

  private static func activity(of tasks: some Sequence<JSON>, in projects: [String]) -> ProjectActivity {
    var activity = ProjectActivity()
    for task in tasks where projects.contains(task["project"]?.string ?? "") && task["system_tags"] == nil {
      let status = task["status"]?.string ?? ""
      activity.counts[status, default: 0] += 1
      activity.runtime += task["active_duration"]?.int ?? 0
      if status == "completed", task["completed"]?.string ?? "" >= day + "5" { activity.completed += 1 }
      activity.lastStarted = [activity.lastStarted, task["started"]?.string].compactMap(\.self).max()
    }
    return activity
  }
}

extension ProjectActivity {
  fileprivate var withoutZeros: ProjectActivity {
    var activity = self
    activity.counts = counts.filter { $0.value != 0 }
    return activity
  }
}
