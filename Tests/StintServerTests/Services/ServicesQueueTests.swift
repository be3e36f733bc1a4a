import StintModel
import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesQueueTests {
  @Test("tasks leave a queue in the order in which they came")
  func order() async throws {
    let server = try await ServicesFixture()
    let queue = try await server.newQueue("gpu")
    let tasks = [try await server.newTask(), try await server.newTask(), try await server.newTask()]
    for task in tasks { try await server.enqueue(task, queue) }

    var taken: [String?] = []
    for _ in 0..<4 { taken.append(try await server.next(queue)) }

    #expect(taken == tasks + [nil])
  }

  @Test("a waiting pull is answered when a task is enqueued, in whichever of its queues")
  func longPoll() async throws {
    let server = try await ServicesFixture()
    let (first, second) = (try await server.newQueue("first"), try await server.newQueue("second"))
    let task = try await server.newTask()

    async let answer = server.call(
      "queues.get_next_task",
      ["queue": .string(first), "queues": [.string(first), .string(second)], "wait_ms": 60_000])
    await server.untilSomebodyWaits(for: server.services.queueSignal)
    try await server.enqueue(task, second)

    let entry = try await answer
    #expect(entry[path: ["entry", "task"]]?.string == task)
    #expect(entry.text("queue") == second)
  }

  @Test("of many that wait, each gets its own task")
  func noTaskTwice() async throws {
    let server = try await ServicesFixture()
    let queue = try await server.newQueue("gpu")
    var tasks: Set<String> = []
    for _ in 0..<8 { tasks.insert(try await server.newTask()) }

    let taken = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in tasks { group.addTask { try await server.next(queue, waiting: 60_000) } }
      for task in tasks { try await server.enqueue(task, queue) }
      return try await group.reduce(into: [String?]()) { $0.append($1) }
    }

    #expect(taken.count == tasks.count)
    #expect(Set(taken.compactMap(\.self)) == tasks)
  }

  @Test("a caller who has gone takes no task along", arguments: [nil, 60_000])
  func callerGone(milliseconds: Int?) async throws {
    let server = try await ServicesFixture()
    let queue = try await server.newQueue("gpu")
    let id = try await server.newTask()
    if milliseconds == nil { try await server.enqueue(id, queue) }

    let pull = Task {
      if milliseconds == nil { while !Task.isCancelled { await Task.yield() } }
      return try await server.next(queue, waiting: milliseconds)
    }
    if milliseconds != nil { await server.untilSomebodyWaits(for: server.services.queueSignal) }
    pull.cancel()
    await #expect(throws: CancellationError.self) { try await pull.value }
    if milliseconds != nil { try await server.enqueue(id, queue) }

    #expect(try await server.next(queue) == id)
    #expect(server.services.queueSignal.waiting == 0)
  }

  @Test("an urgent queue is served first")
  func priority() async throws {
    let server = try await ServicesFixture()
    let (urgent, normal) = (try await server.newQueue("urgent"), try await server.newQueue("normal"))
    let (late, early) = (try await server.newTask("late"), try await server.newTask("early"))
    try await server.enqueue(early, normal)
    try await server.enqueue(late, urgent)

    let answer = try await server.call(
      "queues.get_next_task", ["queue": .string(urgent), "queues": [.string(urgent), .string(normal)]])

    #expect(answer[path: ["entry", "task"]]?.string == late)
  }

  @Test("a task is in one queue only")
  func onePlace() async throws {
    let server = try await ServicesFixture()
    let (first, second) = (try await server.newQueue("first"), try await server.newQueue("second"))
    let task = try await server.newTask()
    try await server.enqueue(task, first)

    #expect(await fails(with: .taskAlreadyQueued) { try await server.enqueue(task, first) })
    #expect(await fails(with: .taskAlreadyQueued) { try await server.enqueue(task, second) })
    try await server.call("queues.add_task", ["queue": .string(second), "task": .string(task)])

    #expect(try await server.next(first) == nil)
    #expect(try await server.next(second) == task)
  }

  @Test("a task that leaves the queue goes back to what it was, and loses the development tag for good")
  func dequeue() async throws {
    let server = try await ServicesFixture()
    let queue = try await server.newQueue("gpu")
    let id = try await server.newTask("task", ["system_tags": ["development"]])
    try await server.call("tasks.started", ["task": .string(id)])
    try await server.call("tasks.stopped", ["task": .string(id)])
    try await server.enqueue(id, queue)
    #expect(try await server.task(id)["system_tags"] == [])

    try await server.call("tasks.dequeue", ["task": .string(id)])

    #expect(try await server.task(id).status == .stopped)
    #expect(try await server.call("queues.get_num_entries", ["queue": .string(queue)]) == ["num": 0])
  }

  @Test("a pulled task starts as clearml-agent starts it")
  func agentStart() async throws {
    let server = try await ServicesFixture()
    let queue = try await server.newQueue("gpu")
    let id = try await server.newTask()
    try await server.enqueue(id, queue)
    #expect(try await server.next(queue) == id)

    try await server.call("tasks.started", ["task": .string(id), "force": true, "status_message": "pulled by agent"])
    let answer = try await server.call("tasks.dequeue", ["task": .string(id), "new_status": "in_progress"])

    #expect(answer["dequeued"] == 1)
    #expect(try await server.task(id).status == .inProgress)
    #expect(try await server.task(id)[path: ["execution", "queue"]]?.string == queue)
  }

  @Test("without a queue a task goes to the default queue; an unknown name makes one")
  func choices() async throws {
    let server = try await ServicesFixture()
    let standard = try #require(try await server.call("queues.get_default").text("id"))
    let (first, second) = (try await server.newTask(), try await server.newTask())

    try await server.call("tasks.enqueue", ["task": .string(first)])
    try await server.call("tasks.enqueue", ["task": .string(second), "queue_name": "brand new"])

    #expect(try await server.next(standard) == first)
    let found = try await server.call("queues.get_all", ["name": "^brand new$", "only_fields": ["entries.task"]])
    #expect(found == ["queues": [["entries": [["task": .string(second)]]]]])
  }

  @Test("queues have names of three characters or more, each its own")
  func names() async throws {
    let server = try await ServicesFixture()
    _ = try await server.newQueue("gpu")
    #expect(await fails(with: .notUnique) { _ = try await server.newQueue(" gpu ") })
    await #expect(throws: WireError.self) { try await server.newQueue("ab") }
  }

  @Test("a queue with tasks is deleted only by force, and its tasks go back to what they were")
  func deleteQueue() async throws {
    let server = try await ServicesFixture()
    let (queue, id) = (try await server.newQueue("gpu"), try await server.newTask())
    try await server.enqueue(id, queue)

    #expect(await fails(with: .queueNotEmpty) { try await server.call("queues.delete", ["queue": .string(queue)]) })
    try await server.call("queues.delete", ["queue": .string(queue), "force": true])

    #expect(try await server.task(id).status == .created)
    #expect(await fails(with: .invalidQueueID) { _ = try await server.next(queue) })
  }

  @Test("a worker's report says what it runs, how loaded it is, and nothing once it has left")
  func workers() async throws {
    let server = try await ServicesFixture()
    let (queue, id) = (try await server.newQueue("gpu"), try await server.newTask())
    try await server.call("workers.register", ["worker": "w:gpu0", "queues": [.string(queue)], "tags": ["a"]])
    try await server.call(
      "workers.status_report",
      ["worker": "w:gpu0", "timestamp": 1, "task": .string(id), "machine_stats": ["cpu_usage": [10, 20]]])

    let found = try await server.call("workers.get_all", ["worker_pattern": "w:*"])
    let worker = try #require(found["workers"]?.array?.first)
    #expect(worker[path: ["task", "id"]]?.string == id)
    #expect(worker[path: ["machine_stats", "cpu_usage"]]?.array?.count == 2)
    #expect(try await server.task(id).text("last_worker") == "w:gpu0")

    try await server.call("workers.status_report", ["worker": "w:gpu0", "timestamp": 2])
    let idle = try await server.call("workers.get_all")["workers"]?.array?.first
    #expect(idle?["task"] == nil)
    try await server.call("workers.unregister", ["worker": "w:gpu0"])
    #expect(try await server.call("workers.get_all") == ["workers": []])
  }

  @Test("a worker that fell silent is told as lost to those who ask for it, until it leaves")
  func lostWorkers() async throws {
    let server = try await ServicesFixture()
    try await server.call("workers.register", ["worker": "w", "timeout": 0])

    #expect(try await server.call("workers.get_all") == ["workers": []])
    let lost = try await server.call("workers.get_all", ["last_seen": 0, "include_lost": true])["workers"]?.array
    #expect(lost?.count == 1)
    #expect(lost?.first?[path: ["state", "name"]]?.string == "network_issue")
    #expect(try await server.call("workers.get_count") == ["count": 0])
    try await server.call("workers.unregister", ["worker": "w"])
    #expect(try await server.call("workers.get_all", ["include_lost": true]) == ["workers": []])
  }

  @Test(
    "worker patterns know * and ?",
    arguments: [
      ("host:gpu0", "host:*", true), ("host:gpu0", "*gpu?", true), ("host:gpu0", "host", false), ("", "*", true),
      ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*a*a*a*a*c", false), ("host:gpu0", "", false),
    ])
  func wildcard(text: String, pattern: String, isMatch: Bool) {
    #expect(matches(text, wildcard: pattern) == isMatch)
  }
}
