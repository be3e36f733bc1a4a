import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesManyTests {
  @Test("of many records each succeeds or fails by itself, and what a failure began is undone")
  func mixed() async throws {
    let fixture = try await ServicesFixture()
    let queue = try await fixture.newQueue("many")
    let (first, waiting, last) = (
      try await fixture.newTask("first"), try await fixture.newTask("waiting"), try await fixture.newTask("last")
    )
    try await fixture.enqueue(waiting, queue)

    let answer = try await fixture.call(
      "tasks.enqueue_many",
      ["ids": [.string(first), .string(waiting), "nosuch", .string(last)], "queue": .string(queue)])

    #expect(answer["succeeded"]?.array?.compactMap { $0["id"]?.string } == [first, last])
    #expect(answer["failed"]?.array?.compactMap { $0["id"]?.string } == [waiting, "nosuch"])
    var taken: [String] = []
    while let next = try await fixture.next(queue) { taken.append(next) }
    #expect(taken == [waiting, first, last])
  }

  @Test("who waits for tasks is woken once for each of many that enter a queue")
  func wakes() async throws {
    let fixture = try await ServicesFixture()
    let queue = try await fixture.newQueue("many")
    let tasks = [try await fixture.newTask("one"), try await fixture.newTask("two")]
    async let one = fixture.next(queue, waiting: 60_000)
    async let two = fixture.next(queue, waiting: 60_000)
    while fixture.services.queueSignal.waiting < 2 { await Task.yield() }

    try await fixture.call("tasks.enqueue_many", ["ids": .list(tasks), "queue": .string(queue)])

    #expect(try await Set([one, two]) == Set(tasks))
  }

  @Test("of lines the good ones land, the bad ones are counted and named")
  func lines() async throws {
    let fixture = try await ServicesFixture()
    let task = try await fixture.newTask()
    let event: JSON = ["type": "log", "task": .string(task), "msg": "a \"quoted\" line\n"]
    let good = event.text
    let lines = Array("\(good)\n{broken\n\n[1]\r\n\(good)".utf8)

    let answer = try await fixture.api.answer(
      Call(
        endpoint: "events.add_batch", version: .newest, identity: fixture.caller, body: [:], lines: lines,
        workerHost: nil, address: nil))

    #expect(answer["added"] == 2)
    #expect(answer["errors"] == 2)
    #expect(answer["errors_info"]?.object?.keys.contains { $0.hasPrefix("Line 2 is not JSON") } == true)
    #expect(answer["errors_info"]?["Event is not an object"] == 1)
  }
}
