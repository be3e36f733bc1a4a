import StintModel
import StintStore
import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesTaskTests {
  @Test("a task goes from created to completed, and its record tells when")
  func lifecycle() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()

    try await server.call("tasks.started", ["task": .string(id)])
    try await server.call("tasks.completed", ["task": .string(id), "status_reason": "done"])

    let task = try await server.task(id)
    #expect(task.status == .completed)
    #expect(task.text("status_reason") == "done")
    let times = ["created", "started", "completed", "status_changed"].compactMap { task.text($0) }
    #expect(times.count == 4)
    #expect(times == times.sorted())
    #expect(try #require(task["active_duration"]?.int) <= 60)
  }

  @Test(
    "each status change that the machine forbids is refused, and allowed with force", arguments: TaskStatus.allCases)
  func machine(from status: TaskStatus) async throws {
    let server = try await ServicesFixture()
    let calls: [(String, TaskStatus)] = [
      ("tasks.started", .inProgress), ("tasks.stopped", .stopped), ("tasks.failed", .failed),
      ("tasks.completed", .completed), ("tasks.close", .closed), ("tasks.publish", .published),
    ]
    for (call, next) in calls {
      let id = try await server.newTask()
      _ = try await server.services.store.write { records in
        try records.update(.tasks, id: id) { $0["status"] = .string(status.rawValue) }
      }
      let isRefused = await fails(with: .invalidTaskStatus) { try await server.call(call, ["task": .string(id)]) }
      #expect(isRefused == !status.allows(next), "\(status) -> \(next)")
      try await server.call(call, ["task": .string(id), "force": true])
      #expect(try await server.task(id).status == next)
    }
  }

  @Test("a running task with a live worker is asked to stop; a worker's progress report does not undo it")
  func stopAsks() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await server.call("tasks.started", ["task": .string(id)])
    try await server.call(
      "workers.status_report", ["worker": "w:0", "timestamp": 1, "task": .string(id)])

    try await server.call("tasks.stop", ["task": .string(id)])
    try await server.call("tasks.started", ["task": .string(id), "status_message": "worker started execution"])

    let task = try await server.task(id)
    #expect(task.status == .inProgress)
    #expect(task.text("status_message") == "stopping")
  }

  @Test("a queued task is stopped at once and leaves its queue")
  func stopQueued() async throws {
    let server = try await ServicesFixture()
    let (id, queue) = (try await server.newTask(), try await server.newQueue("gpu"))
    try await server.enqueue(id, queue)

    try await server.call("tasks.stop", ["task": .string(id)])

    #expect(try await server.task(id).status == .stopped)
    #expect(try await server.next(queue) == nil)
  }

  @Test("a watching ping answers when the task is asked to stop")
  func watchSeesStop() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await server.call("tasks.started", ["task": .string(id)])
    try await server.call("workers.status_report", ["worker": "w:0", "timestamp": 1, "task": .string(id)])

    async let answer = server.call(
      "tasks.ping", ["task": .string(id), "wait_ms": 60_000, "status": "in_progress"])
    await server.untilSomebodyWaits(for: server.services.taskSignal)
    try await server.call("tasks.stop", ["task": .string(id)])

    #expect(try await answer == ["status": "in_progress", "status_message": "stopping"])
  }

  @Test("a watching ping answers at once when the status is another than the caller knows")
  func watchSeesDifference() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    let answer = try await server.call("tasks.ping", ["task": .string(id), "wait_ms": 60_000, "status": "in_progress"])
    #expect(answer.text("status") == "created")
    #expect(try await server.call("tasks.ping", ["task": .string(id)]) == [:])
  }

  @Test("editing keeps what a request leaves out of a task's script and execution")
  func editMerges() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask("task", ["script": ["repository": "r", "entry_point": "a.py"]])

    try await server.call("tasks.edit", ["task": .string(id), "script": ["diff": "x"], "tags": ["b", "a", "b"]])

    let task = try await server.task(id)
    #expect(task[path: ["script", "entry_point"]] == "a.py")
    #expect(task[path: ["script", "diff"]] == "x")
    #expect(task["tags"] == ["a", "b"])
  }

  @Test("a clone has what the source was told to do and nothing of what it did")
  func clone() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask(
      "source", ["script": ["entry_point": "a.py"], "system_tags": ["development"], "tags": ["t"]])
    try await server.call("tasks.started", ["task": .string(id)])
    try await server.call(
      "tasks.add_or_update_artifacts",
      ["task": .string(id), "artifacts": [["key": "o", "type": "t"], ["key": "i", "type": "t", "mode": "input"]]])
    try await server.call("tasks.failed", ["task": .string(id)])

    let answer = try await server.call("tasks.clone", ["task": .string(id), "new_task_name": "copy"])

    let copy = try await server.task(#require(answer.text("id")))
    #expect(copy.status == .created)
    #expect(copy.text("name") == "copy")
    #expect(copy[path: ["script", "entry_point"]] == "a.py")
    #expect(copy["tags"] == ["t"])
    #expect(copy["system_tags"] == [])
    #expect(copy[path: ["execution", "artifacts"]]?.array?.compactMap { $0.text("key") } == ["i"])
    for field in ["started", "completed", "status_reason", "last_worker"] { #expect(copy[field] == nil) }
  }

  @Test("a reset task is as it was before it ran: no events, no results, in no queue")
  func reset() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await server.call("tasks.started", ["task": .string(id)])
    try await server.call(
      "events.add_batch",
      [["type": "training_stats_scalar", "task": .string(id), "metric": "m", "variant": "v", "iter": 7, "value": 1]])
    try await server.call("tasks.stopped", ["task": .string(id)])

    try await server.call("tasks.reset", ["task": .string(id)])

    let task = try await server.task(id)
    #expect(task.status == .created)
    #expect(task["last_metrics"] == [:])
    #expect(task["last_iteration"] == 0)
    #expect(task["started"] == nil)
    #expect(try await server.call("events.scalar_metrics_iter_histogram", ["task": .string(id)]) == [:])
  }

  @Test("get_all_ex answers references as objects with names")
  func references() async throws {
    let server = try await ServicesFixture()
    let project = try #require(try await server.call("projects.create", ["name": "a/b"]).text("id"))
    let id = try await server.newTask("task", ["project": .string(project)])

    let answer = try await server.call(
      "tasks.get_all_ex", ["id": [.string(id)], "only_fields": ["project.name", "user"]])

    let task = try #require(answer["tasks"]?.array?.first)
    #expect(task["project"] == ["id": .string(project), "name": "a/b"])
    #expect(task[path: ["user", "name"]] == "golden user")
    #expect(task.text("id") == id)
    let plain = try await server.call("tasks.get_all", ["id": [.string(id)], "only_fields": ["project"]])
    #expect(plain == ["tasks": [["project": .string(project)]]])
  }

  @Test("the parents of a project are made with it")
  func projectTree() async throws {
    let server = try await ServicesFixture()
    try await server.call("projects.create", ["name": "a/b//c"])
    let answer = try await server.call("projects.get_all", ["order_by": ["name"], "only_fields": ["name"]])
    #expect(answer["projects"]?.array?.compactMap { $0.text("name") } == ["a", "a/b", "a/b/c"])
  }
}
