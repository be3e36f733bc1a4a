import StintModel
import StintStore
import StintWire
import Testing

@testable import StintServer

@Suite("Leases")
struct ServicesLeaseTests {
  let server: ServicesFixture

  init() async throws { server = try await ServicesFixture() }

  private func queue(policy: JSON = [:]) async throws -> String {
    try await server.call("queues.create", ["name": .string(randomIdentifier()), "policy": policy])["id"]?.string ?? ""
  }

  private func enqueuedTask(in queue: String) async throws -> String {
    let task = try await server.newTask()
    try await server.call("tasks.enqueue", ["task": .string(task), "queue": .string(queue)])
    return task
  }

  private func claim(_ id: String, worker: String = "w1") -> JSON { ["id": .string(id), "worker": .string(worker)] }

  private func pull(_ queue: String, as lease: JSON?) async throws -> JSON {
    var body: JSON = ["queue": .string(queue)]
    body["lease"] = lease
    return try await server.call("queues.get_next_task", body)
  }

  private func call(_ verb: String, _ task: String, as lease: JSON, _ more: JSON = [:]) async throws -> JSON {
    let body: JSON = ["task": .string(task), "lease": lease, "force": true]
    return try await server.call("tasks.\(verb)", body.merging(more))
  }

  private func record(_ task: String) async throws -> JSON {
    try await server.call("tasks.get_by_id", ["task": .string(task)])["task"] ?? [:]
  }

  /// Lets the time of the task's holder be over.
  private func lose(_ task: String) async throws {
    let lease = try await server.services.store.read { try $0.lease(task: task)?.id ?? "" }
    server.services.leases.hold(lease, of: task, for: .zero)
    try await server.services.giveUpExpired()
  }

  private func expectLost(_ body: () async throws -> JSON) async throws {
    let error = try await #require(throws: WireError.self) { _ = try await body() }
    #expect(error.is(.leaseLost))
  }

  @Test("asking once more after a lost answer gives the same task, not the next one")
  func repeatedClaim() async throws {
    let queue = try await queue()
    let first = try await enqueuedTask(in: queue)
    let second = try await enqueuedTask(in: queue)

    let answer = try await pull(queue, as: claim("a"))
    let again = try await pull(queue, as: claim("a"))
    let other = try await pull(queue, as: claim("b"))

    #expect(answer[path: ["entry", "task"]] == .string(first))
    #expect(answer[path: ["lease", "attempt"]] == 1)
    #expect(again[path: ["entry", "task"]] == .string(first))
    #expect(again[path: ["lease", "attempt"]] == 1)
    #expect(other[path: ["entry", "task"]] == .string(second))
  }

  @Test("a task whose worker is lost is the next of its queue, and the lost worker's reports are refused")
  func lostWorker() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))
    _ = try await call("started", task, as: claim("a"))
    let later = try await enqueuedTask(in: queue)

    try await lose(task)

    #expect(try await record(task)["status"] == "queued")
    let reason = try await record(task)["status_reason"]?.string
    #expect(reason == "worker w1 was lost; attempt 2 follows")
    for verb in ["ping", "started", "completed", "failed", "stopped"] {
      try await expectLost { try await call(verb, task, as: claim("a")) }
    }
    #expect(try await record(task)["status"] == "queued")
    let next = try await pull(queue, as: claim("b", worker: "w2"))
    #expect(next[path: ["entry", "task"]] == .string(task))
    #expect(next[path: ["lease", "attempt"]] == 2)
    _ = try await call("started", task, as: claim("b", worker: "w2"))
    try await expectLost { try await call("failed", task, as: claim("a")) }
    _ = try await call("completed", task, as: claim("b", worker: "w2"))
    #expect(try await record(task)["status"] == "completed")
    #expect(try await record(task)["attempts"]?.array?.map { $0["reason"] } == ["lost_worker", "completed"])
    #expect(try await pull(queue, as: claim("c"))[path: ["entry", "task"]] == .string(later))
  }

  @Test("a task that was pulled and never started goes back, whoever pulled it")
  func neverStarted() async throws {
    for (lease, next) in [(claim("a"), "b"), (nil, "c")] as [(JSON?, String)] {
      let queue = try await queue()
      let task = try await enqueuedTask(in: queue)
      _ = try await pull(queue, as: lease)
      #expect(try await pull(queue, as: claim("x")) == [:])

      try await lose(task)

      #expect(try await record(task)["status"] == "queued")
      #expect(try await pull(queue, as: claim(next))[path: ["entry", "task"]] == .string(task))
    }
  }

  @Test("a worker that cannot start its task gives it back at once, or fails it")
  func notStarted() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))

    _ = try await server.call("tasks.ping", ["task": .string(task), "lease": claim("a"), "release": true])
    #expect(try await pull(queue, as: claim("b"))["entry"]?["task"]?.string == task)

    _ = try await call("failed", task, as: claim("b"), ["status_reason": "unreadable"])
    #expect(try await record(task)["status"] == "failed")
  }

  @Test("a task that was stopped between its claim and its start does not run")
  func stoppedBeforeStart() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))

    try await server.call("tasks.stop", ["task": .string(task)])
    try await expectLost { try await call("started", task, as: claim("a")) }
    #expect(try await record(task)["status"] == "stopped")

    try await server.call("tasks.enqueue", ["task": .string(task), "queue": .string(queue)])
    #expect(try await pull(queue, as: claim("b"))["entry"]?["task"]?.string == task)
  }

  @Test("a task that a worker without leases has started is left to it")
  func foreignWorker() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: nil)
    try await server.call("tasks.started", ["task": .string(task)])

    try await lose(task)

    #expect(try await record(task)["status"] == "in_progress")
    #expect(try await pull(queue, as: claim("x")) == [:])
  }

  @Test("after three lost workers a task fails; enqueuing it anew counts from the start")
  func poison() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    for attempt in 1...3 {
      _ = try await pull(queue, as: claim("a\(attempt)"))
      _ = try await call("started", task, as: claim("a\(attempt)"))
      try await lose(task)
    }
    #expect(try await record(task)["status"] == "failed")
    #expect(try await record(task)["status_reason"] == "worker w1 was lost")

    try await server.call("tasks.enqueue", ["task": .string(task), "queue": .string(queue)])
    let answer = try await pull(queue, as: claim("b"))
    #expect(answer[path: ["lease", "attempt"]] == 4)
    _ = try await call("started", task, as: claim("b"))
    try await lose(task)
    #expect(try await record(task)["status"] == "queued")
  }

  @Test("a queue may fail or hold the tasks of lost workers")
  func policies() async throws {
    let strict = try await queue(policy: ["on_loss": "fail"])
    let failing = try await enqueuedTask(in: strict)
    _ = try await pull(strict, as: claim("a"))
    _ = try await call("started", failing, as: claim("a"))
    try await lose(failing)
    #expect(try await record(failing)["status"] == "failed")

    let patient = try await queue(policy: ["on_loss": "hold"])
    let held = try await enqueuedTask(in: patient)
    let grant = try await pull(patient, as: claim("h"))
    #expect(grant[path: ["lease", "duration_ms"]] == nil)
    _ = try await call("started", held, as: claim("h"))
    try await lose(held)
    #expect(try await record(held)["status"] == "in_progress")
    #expect(try await record(held)["status_reason"]?.string?.hasPrefix("held: worker w1 was lost") == true)
    _ = try await call("ping", held, as: claim("h"))
    #expect(try await record(held)["status_reason"] == "")
    _ = try await call("completed", held, as: claim("h"))
    #expect(try await record(held)["status"] == "completed")
  }

  @Test("a failed task is tried again as its queue says, after a pause")
  func retries() async throws {
    let queue = try await queue(policy: ["retries": 1, "retry_delay_seconds": 100, "retry_exit_codes": [75]])
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))
    _ = try await call("started", task, as: claim("a"))
    let end: JSON = ["end": ["reason": "exit_code", "exit_code": 75], "status_reason": "exit code 75"]
    _ = try await call("failed", task, as: claim("a"), end)

    #expect(try await record(task)["status"] == "queued")
    #expect(try await record(task)["status_reason"] == "exit code 75; attempt 2 follows")
    #expect(try await pull(queue, as: claim("b")) == [:])
    let later = Timestamp.now.advanced(bySeconds: 101)
    let ended = try await server.services.store.write { try $0.endPauses(by: later) }
    #expect(ended == [queue])
    _ = try await pull(queue, as: claim("b"))
    _ = try await call("started", task, as: claim("b"))
    _ = try await call("failed", task, as: claim("b"), end)
    #expect(try await record(task)["status"] == "failed")
  }

  @Test("a pause that would last for ever by a clock that was set ends at once")
  func pauseOfAnotherTime() async throws {
    let queue = try await queue(policy: ["retries": 1, "retry_delay_seconds": 100])
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))
    _ = try await call("started", task, as: claim("a"))
    _ = try await call("failed", task, as: claim("a"), ["end": ["reason": "exit_code", "exit_code": 1]])
    try await server.services.endPauses()
    #expect(try await pull(queue, as: claim("b")) == [:])

    try await server.services.endPauses(all: true)

    #expect(try await pull(queue, as: claim("b"))[path: ["entry", "task"]] == .string(task))
  }

  @Test("a task that was reset and enqueued is given to nobody before its holder has let go of it")
  func resetWhileHeld() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))
    _ = try await call("started", task, as: claim("a"))

    try await server.call("tasks.reset", ["task": .string(task), "force": true])
    try await server.call("tasks.enqueue", ["task": .string(task), "queue": .string(queue)])

    #expect(try await pull(queue, as: claim("b")) == [:])
    _ = try await call("failed", task, as: claim("a"))
    #expect(try await record(task)["status"] == "queued")
    #expect(try await pull(queue, as: claim("b"))[path: ["entry", "task"]] == .string(task))
  }

  @Test("a report whose answer was lost may be repeated")
  func repeatedReport() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))
    for _ in 1...2 { _ = try await call("started", task, as: claim("a")) }
    #expect(try await call("completed", task, as: claim("a"))["updated"] == 1)
    #expect(try await call("completed", task, as: claim("a"))["updated"] == 0)
    #expect(try await record(task)["attempts"]?.array?.count == 1)
  }

  @Test("a worker that comes back without its tasks has lost them at once; another one's are not touched")
  func workerReturns() async throws {
    let queue = try await queue()
    var tasks: [String] = []
    for id in ["mine.1", "mine.2", "other.1"] {
      tasks.append(try await enqueuedTask(in: queue))
      _ = try await pull(queue, as: claim(id))
      _ = try await call("started", tasks.last ?? "", as: claim(id))
    }

    try await server.call("workers.register", ["worker": "w1", "leases": ["mine.2"], "lease_prefix": "mine."])

    var statuses: [JSON?] = []
    for task in tasks { statuses.append(try await record(task)["status"]) }
    #expect(statuses == ["queued", "in_progress", "in_progress"])
  }

  @Test("a task outside of a queue is claimed by who starts it, and only by one")
  func directClaim() async throws {
    let task = try await server.newTask()
    #expect(try await call("started", task, as: claim("a"))[path: ["lease", "attempt"]] == 1)
    try await expectLost { try await call("started", task, as: claim("b")) }
    _ = try await call("failed", task, as: claim("a"))
    #expect(try await call("started", task, as: claim("b"))[path: ["lease", "attempt"]] == 2)
  }

  @Test("a task that shall stop is stopped, not queued again, when its worker is lost meanwhile")
  func stoppedWhileLost() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))
    _ = try await call("started", task, as: claim("a"))
    try await server.call("tasks.stop", ["task": .string(task)])
    #expect(try await record(task)["status_message"] == "stopping")

    try await lose(task)

    #expect(try await record(task)["status"] == "stopped")
  }

  @Test("what waits for longer than its queue allows fails")
  func queueLimit() async throws {
    let queue = try await queue(policy: ["queue_limit_seconds": 10])
    let task = try await enqueuedTask(in: queue)
    try await server.services.enforceQueueLimits()
    #expect(try await record(task)["status"] == "queued")

    let old = Timestamp.now.advanced(bySeconds: -11).text
    try await server.services.store.write { records in
      try records.dequeue(task: task)
      try records.enqueue(task: task, queue: queue, added: old)
    }
    try await server.services.enforceQueueLimits(sinceClockWasSet: .seconds(9))
    #expect(try await record(task)["status"] == "queued")
    try await server.services.enforceQueueLimits(sinceClockWasSet: .seconds(11))

    #expect(try await record(task)["status"] == "failed")
    #expect(try await record(task)["attempts"]?.array?.last?["reason"] == "queue_limit")
    #expect(try await pull(queue, as: claim("a")) == [:])
  }

  @Test("a running task that nobody told of for two hours is stopped, unless a lease looks after it")
  func watchdog() async throws {
    let queue = try await queue()
    let held = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))
    _ = try await call("started", held, as: claim("a"))
    let silent = try await server.newTask()
    try await server.call("tasks.started", ["task": .string(silent)])
    let old = Timestamp.now.advanced(bySeconds: -7300).text
    try await server.services.store.write { records in
      for task in [held, silent] { try records.update(.tasks, id: task) { $0["last_update"] = .string(old) } }
    }

    try await server.services.stopUnattended()

    #expect(try await record(silent)["status"] == "stopped")
    #expect(try await record(silent)["status_reason"] == "Forced stop (non-responsive)")
    #expect(try await record(held)["status"] == "in_progress")
  }

  @Test("a policy that makes no sense is refused by its field")
  func badPolicy() async throws {
    for policy: JSON in [["lease_seconds": 0], ["retries": -1], ["on_loss": "explode"], ["max_attempts": 0]] {
      let error = try await #require(throws: (any Error).self) { _ = try await queue(policy: policy) }
      #expect("\(WireError(describing: error)?.message ?? "")".contains(policy.object?.keys.first ?? "?"))
    }
  }

  @Test("a restart of the server gives every holder its whole time again")
  func restart() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))
    _ = try await call("started", task, as: claim("a"))
    server.services.leases.hold("a", of: task, for: .zero)

    try await server.services.resumeLeases()
    try await server.services.giveUpExpired()

    #expect(try await record(task)["status"] == "in_progress")
  }

  @Test("a call of an attempt that has ended since it began changes nothing")
  func lateCall() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))
    _ = try await call("started", task, as: claim("a"))
    // It was let in when it began.
    var code = Identity(user: "u", userName: "u", company: Company.id, role: .user)
    code.attempt = Identity.Attempt(task: task, lease: "a")
    let edit: JSON = ["task": .string(task), "comment": "mine", "force": true]
    let line: JSON = ["task": .string(task), "type": "log", "msg": "mine"]
    try await server.call("tasks.edit", edit, as: code)
    try await server.call("events.add", line, as: code)

    try await lose(task)
    _ = try await pull(queue, as: claim("b", worker: "w2"))
    _ = try await call("started", task, as: claim("b", worker: "w2"))

    for (endpoint, body) in [("tasks.edit", edit.merging(["comment": "late"])), ("events.add", line)] {
      let error = try await #require(throws: WireError.self) { try await server.call(endpoint, body, as: code) }
      #expect(error.is(.invalidToken))
    }
    #expect(try await record(task)["comment"] == "mine")
  }

  @Test("a worker that is heard of while its lease is about to be given up keeps its task")
  func renewedAtTheEnd() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))
    _ = try await call("started", task, as: claim("a"))
    server.services.leases.hold("a", of: task, for: .zero)
    let expired = server.services.leases.expired()

    let answer = try await call("ping", task, as: claim("a"))
    for lease in expired { try await server.services.giveUp(lease) }

    #expect(expired.count == 1)
    #expect(answer[path: ["lease", "attempt"]] == 1)
    #expect(try await record(task)["status"] == "in_progress")
    _ = try await call("completed", task, as: claim("a"))
  }

  @Test("a holder whose successor did not become durable is looked after again")
  func unwrittenSuccessor() async throws {
    let queue = try await queue()
    let task = try await enqueuedTask(in: queue)
    _ = try await pull(queue, as: claim("a"))
    _ = try await call("started", task, as: claim("a"))
    server.services.leases.hold("b", of: task, for: .zero)

    try await server.services.giveUpExpired()

    #expect(try await record(task)["status"] == "in_progress")
    #expect(server.services.leases.holder(of: task) == "a")
  }

  @Test("the end of a lease that is heard of late does not end the one that followed")
  func lateEnd() {
    let clock = LeaseClock()
    clock.hold("a", of: "task", for: .seconds(60))
    let end = clock.moment
    clock.hold("b", of: "task", for: .seconds(60))

    clock.rest("task", since: end)
    #expect(clock.holder(of: "task") == "b")

    clock.rest("task", since: clock.moment)
    #expect(clock.holder(of: "task") == nil)
  }
}
