import StintModel
import StintStore
import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesOrganizationTests {
  @Test("records are counted by kind and filter; a bad filter spoils only its own count")
  func entitiesCount() async throws {
    let server = try await ServicesFixture()
    _ = try await server.newTask("one", ["tags": ["t"]])
    _ = try await server.newTask("two")

    let answer = try await server.call(
      "organization.get_entities_count",
      [
        "tasks": ["tags": ["t"]], "pipeline_runs": ["system_tags": ["pipeline"]], "models": ["name": "("],
        "datasets": [:], "active_users": [.string(server.caller.user)],
      ])

    #expect(answer["tasks"] == 1)
    #expect(answer["pipeline_runs"] == 0)
    #expect(answer["datasets"] == 0)
    #expect(answer["models"] == nil)
    #expect(answer[path: ["errors", "models"]] != nil)
    #expect(try await server.call("organization.get_entities_count", ["tasks": [:], "limit": 1]) == ["tasks": 1])
  }

  @Test("the organization's tags are those of all kinds of records")
  func tags() async throws {
    let server = try await ServicesFixture()
    _ = try await server.newTask("task", ["tags": ["t"]])
    try await server.call("models.create", ["uri": "u", "name": "model", "tags": ["m"]])
    try await server.call("queues.create", ["name": "queue", "tags": ["q"]])
    #expect(try await server.call("organization.get_tags") == ["tags": ["m", "q", "t"]])
    let companies = try await server.call("organization.get_user_companies")
    #expect(companies["companies"]?.array?.first?.text("id") == Company.id)
  }

  @Test("a pipeline is started as a copy with its own arguments")
  func startPipeline() async throws {
    let server = try await ServicesFixture()
    let queue = try await server.newQueue("services")
    let arguments: JSON = ["Args": ["a": ["section": "Args", "name": "a", "value": "1", "type": "int"]]]
    let id = try await server.newTask(
      "pipeline", ["system_tags": ["pipeline"], "type": "controller", "hyperparams": arguments])

    let answer = try await server.call(
      "pipelines.start_pipeline",
      [
        "task": .string(id), "queue": .string(queue), "verify_watched_queue": true,
        "args": [["name": "a", "value": "2"], ["name": "b", "value": "3"]],
      ])

    #expect(answer["enqueued"] == true)
    #expect(answer["queue_watched"] == false)
    let copy = try await server.task(#require(answer.text("pipeline")))
    #expect(copy.status == .queued)
    #expect(
      copy[path: ["hyperparams", "Args", "a"]] == ["section": "Args", "name": "a", "value": "2", "type": "int"])
    #expect(copy[path: ["hyperparams", "Args", "b", "value"]] == "3")
    #expect(try await server.task(id)[path: ["hyperparams", "Args", "a", "value"]] == "1")
    #expect(try await server.next(queue) == answer.text("pipeline"))
  }

  @Test("runs of a pipeline can be deleted, but not all of them")
  func deleteRuns() async throws {
    let server = try await ServicesFixture()
    let project = try #require(try await server.call("projects.create", ["name": "p"]).text("id"))
    let fields: JSON = ["system_tags": ["pipeline"], "project": .string(project)]
    let (one, two) = (try await server.newTask("one", fields), try await server.newTask("two", fields))
    let foreign = try await server.newTask("foreign", ["system_tags": ["pipeline"]])
    func delete(_ ids: [String]) async throws -> JSON {
      try await server.call("pipelines.delete_runs", ["project": .string(project), "ids": .list(ids)])
    }

    let error = await #expect(throws: WireError.self) { _ = try await delete([one, two]) }
    #expect(error?.subcode == 160)
    let answer = try await delete([one, foreign])

    #expect(answer["succeeded"]?.array?.compactMap { $0.text("id") } == [one])
    #expect(answer["failed"]?.array?.compactMap { $0.text("id") } == [foreign])
    #expect(try await server.task(foreign).status == .created)
  }

  @Test("storage settings are replaced kind by kind")
  func storageSettings() async throws {
    let server = try await ServicesFixture()
    #expect(try await server.call("storage.get_settings") == [:])
    try await server.call("storage.set_settings", ["aws": ["key": "k", "secret": "s"]])
    try await server.call("storage.set_settings", ["azure": ["containers": []]])
    #expect(try await server.call("storage.reset_settings", ["keys": ["azure"]]) == ["updated": 1])

    let settings = try await server.call("storage.get_settings")
    #expect(settings["aws"] == ["key": "k", "secret": "s"])
    #expect(settings["azure"] == nil)
    #expect(settings.text("last_update").flatMap { Timestamp($0) } != nil)
  }

  @Test("containers that serve are found by their address, those that load are not among them")
  func serving() async throws {
    let server = try await ServicesFixture()
    let container: JSON = ["endpoint_name": "e", "model_name": "m", "reference": [["type": "task", "value": "t"]]]
    try await server.call("serving.register_container", container.merging(["container_id": "loading"]))
    for (id, requests) in [("one", 3), ("two", 9_000_000_000_000_000_000)] {
      try await server.call(
        "serving.container_status_report",
        container.merging([
          "container_id": .string(id), "endpoint_url": "http://e", "requests_num": .number(requests),
          "latency_ms": 10.4, "uptime_sec": 5, "machine_stats": ["cpu_usage": [1, 2]],
        ]))
    }

    let endpoints = try await server.call("serving.get_endpoints")
    let details = try await server.call("serving.get_endpoint_details", ["endpoint_url": "http://e"])
    let loading = try await server.call("serving.get_loading_instances")

    #expect(endpoints["endpoints"]?.array?.count == 1)
    #expect(endpoints["endpoints"]?.array?.first?["instances"] == 2)
    #expect(endpoints["endpoints"]?.array?.first?["latency_ms"] == 10)
    #expect(details["instances"]?.array?.compactMap { $0.text("id") } == ["one", "two"])
    #expect(details["instances"]?.array?.first?["cpu_count"] == 2)
    #expect(loading["instances"]?.array?.compactMap { $0.text("id") } == ["loading"])
    try await server.call("serving.unregister_container", ["container_id": "loading"])
    await #expect(throws: WireError.self) {
      try await server.call("serving.unregister_container", ["container_id": "loading"])
    }
  }

  @Test("the server tells what it serves and how much it holds")
  func server() async throws {
    let server = try await ServicesFixture()
    _ = try await server.newTask()
    let endpoints = try await server.call("server.endpoints")
    #expect(endpoints[path: ["endpoints", "server"]]?.array?.contains("server.endpoints") == true)
    #expect(endpoints[path: ["endpoints", "tasks"]]?.array?.contains("tasks.get_all_ex") == true)
    let stats = try await server.call("server.get_stats")
    #expect(stats[path: ["tasks", "created"]] == 1)
    #expect(try await server.call("server.report_stats_option", ["enabled": true])["enabled"] == false)
  }
}
