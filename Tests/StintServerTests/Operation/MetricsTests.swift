import StintWire
import Synchronization
import Testing

@testable import StintServer

@Suite struct MetricsTests {
  @Test("labels are quoted so that no name can add a line")
  func quoting() {
    var page = PrometheusText()
    page.sample("m", [("queue", "a\"b\\c\nd 1")], 1.5)

    #expect(page.text == "m{queue=\"a\\\"b\\\\c\\nd 1\"} 1.5\n")
  }

  @Test("a histogram counts what is within each bound, and ends with all")
  func histogram() {
    var histogram = Histogram()
    for value in [0.0005, 0.001, 0.3, 1000] { histogram.add(value) }
    var page = PrometheusText()
    page.histogram("t", [], histogram)

    let lines = page.text.split(separator: "\n").map(String.init)
    #expect(lines.first == "t_bucket{le=\"0.001\"} 2")
    #expect(lines.contains("t_bucket{le=\"0.5\"} 3"))
    #expect(lines.contains("t_bucket{le=\"60\"} 3"))
    #expect(lines.suffix(3) == ["t_bucket{le=\"+Inf\"} 4", "t_sum 1000.3015", "t_count 4"])
  }

  @Test("tasks, queues, workers and events are counted")
  func gauges() async throws {
    let fixture = try await ServicesFixture()
    let queue = try await fixture.newQueue("odd \"name\"")
    try await fixture.enqueue(try await fixture.newTask(), queue)
    let task = try await fixture.newTask()
    try await fixture.call("workers.register", ["worker": "w1"])
    try await fixture.call("workers.register", ["worker": "w2"])
    try await fixture.call("tasks.started", ["task": .string(task)])
    try await fixture.call("workers.status_report", ["worker": "w1", "timestamp": 1, "task": .string(task)])
    try await fixture.call("events.add", ["type": "log", "task": .string(task), "msg": "a line"])

    let text = try await MetricsPage(services: fixture.services).text()

    for line in [
      "stint_tasks{status=\"queued\"} 1", "stint_tasks{status=\"in_progress\"} 1",
      "stint_queue_length{queue=\"default\"} 0", "stint_queue_length{queue=\"odd \\\"name\\\"\"} 1",
      "stint_workers{state=\"busy\"} 1", "stint_workers{state=\"idle\"} 1", "stint_events_added_total 1",
      "stint_files 0",
    ] {
      #expect(text.contains(line + "\n"), "\(line)")
    }
  }
}

@Suite struct RememberedTests {
  @Test("what took its time to find is not looked for again at once")
  func memory() async throws {
    let looks = Mutex(0)
    @Sendable func look() -> Int {
      looks.withLock {
        $0 += 1
        return $0
      }
    }
    let slow = Remembered {
      try await Task.sleep(for: .milliseconds(100))
      return look()
    }
    #expect(try await slow.value == 1)
    #expect(try await slow.value == 1)
  }
}
