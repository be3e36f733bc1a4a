import StintStore
import StintWire
import Testing

@testable import StintServer

@Suite("Calls that clients make though the stock server lacks them")
struct ServicesClientCallsTests {
  @Test("a waiting task moves to another queue, and its queue is found by its identifier")
  func otherQueue() async throws {
    let server = try await ServicesFixture()
    let (one, other) = (try await server.newQueue("one"), try await server.newQueue("other"))
    let task = try await server.newTask()
    try await server.enqueue(task, one)
    let move: JSON = ["task": .string(task), "queue": .string(one), "target_queue": .string(other)]

    #expect(try await server.call("queues.move_task_to_queue", move)["moved"] == 1)

    let found = try await server.call("queues.get_by_task_id", ["task": .string(task)])["queue"]
    #expect(found?["id"] == .string(other))
    #expect(found?["entries"]?.array?.compactMap { $0.text("task") } == [task])
    #expect(try await server.task(task)[path: ["execution", "queue"]] == .string(other))
    #expect(await fails(with: .taskNotQueued) { try await server.call("queues.move_task_to_queue", move) })
    #expect(try await server.next(other) == task)
    #expect(
      await fails(with: .taskNotQueued) { try await server.call("queues.get_by_task_id", ["task": .string(task)]) })
  }

  @Test("a pipeline of a name that a project has already is told")
  func pipelineName() async throws {
    let server = try await ServicesFixture()
    let runs = try await server.call("projects.create", ["name": "team/.pipelines/nightly"])["id"] ?? .null
    let task = try await server.newTask("nightly")
    func check(_ project: JSON, _ name: JSON) async throws -> JSON {
      try await server.call(
        "pipelines.check_new_run",
        ["task": .string(task), "new_project_name": project, "new_pipeline_name": name])
    }

    #expect(try await check("team", .null) == ["existing_project": ["id": runs, "name": "team/.pipelines/nightly"]])
    #expect(try await check("team", "weekly") == [:])
    #expect(try await check("others", "nightly") == [:])
  }

  @Test("a project's workload is the time that its tasks ran, times what they had")
  func workloads() async throws {
    let server = try await ServicesFixture()
    let project = try await server.call("projects.create", ["name": "used"])["id"] ?? .null
    for (name, runtime) in [("known", ["cpu_cores": 8, "gpu_count": 2] as JSON), ("unknown", [:])] {
      let task = try await server.newTask(name, ["project": project])
      try await server.services.store.write { records in
        try records.update(.tasks, id: task) { task in
          task["started"] = "2024-01-01T23:00:00"
          task["completed"] = "2024-01-01T23:01:00"
          task["runtime"] = runtime
        }
      }
    }

    let answer = try await server.call(
      "organization.get_project_workloads",
      [
        "projects": [project], "from_date": "2024-01-01", "to_date": .null, "breakdown_keys": ["project"],
        "usage_fields": ["cpu_usage", "gpu_usage"],
      ])

    let total: JSON = [
      "id": project, "name": "used", "cpu_usage": 540.0, "gpu_usage": 180.0, "cpu_artificial_weights": true,
      "gpu_artificial_weights": true,
    ]
    #expect(answer[path: ["projects", "total"]] == [total])
    #expect(answer[path: ["projects", "series"]]?.array?.first?["gpu_usage"] == [180.0])
  }

  @Test("a cluster is what its workers told of it, until they take it back")
  func clusters() async throws {
    let server = try await ServicesFixture()
    for worker in ["a", "b"] {
      try await server.call(
        "workers.cluster_report",
        ["key": "k8s", "worker": .string(worker), "partial": true, "timestamp": 1, "properties": ["max_gpus": 4]])
    }
    func metrics() async throws -> String { try await MetricsPage(services: server.services).text() }

    #expect(try await metrics().contains("stint_cluster_limit{cluster=\"k8s\",resource=\"gpus\"} 8\n"))
    try await server.call("workers.cluster_unregister", ["key": "k8s", "worker": "b", "partial": true])
    #expect(try await metrics().contains("stint_cluster_limit{cluster=\"k8s\",resource=\"gpus\"} 4\n"))
    #expect(try await server.call("workers.cluster_unregister", ["key": "k8s"]) == ["unregistered": 1])
    #expect(try await server.call("workers.cluster_unregister", ["key": "k8s"]) == ["unregistered": 0])
    #expect(try await server.call("routers.get_routes", ["name": "^x$"]) == ["routes": []])
  }
}
