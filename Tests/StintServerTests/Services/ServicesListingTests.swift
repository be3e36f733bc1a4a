import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesListingTests {
  @Test("projects are found by their place, and by what is in them")
  func projects() async throws {
    let server = try await ServicesFixture()
    let inner = try await project(server, "outer/inner")
    _ = try await project(server, "other")
    _ = try await server.newTask(
      "pipeline", ["project": .string(inner), "system_tags": ["pipeline"], "tags": ["nightly"]])

    #expect(try await names(server, ["shallow_search": true]) == ["other", "outer"])
    let outer = try #require(try await find(server, ["name": "^outer$"]).first?["id"])
    #expect(try await names(server, ["shallow_search": true, "parent": [outer]]) == ["outer/inner"])
    #expect(try await names(server, ["children_type": "pipeline"]) == ["outer", "outer/inner"])
    #expect(try await names(server, ["children_type": "pipeline", "children_tags": ["nightly"]]).count == 2)
    #expect(try await names(server, ["children_type": "pipeline", "children_tags": ["weekly"]]) == [])
    #expect(try await names(server, ["children_type": "dataset"]) == [])
    #expect(try await names(server, ["active_users": [.string(server.caller.user)]]) == ["outer", "outer/inner"])
    #expect(try await names(server, ["active_users": ["nobody"]]) == [])
  }

  @Test("a project's statistics count the tasks that are asked for")
  func statistics() async throws {
    let server = try await ServicesFixture()
    let id = try await project(server, "counted")
    for (name, tags) in [("one", ["a"]), ("two", ["b"]), ("three", [])] as [(String, JSON)] {
      let task = try await server.newTask(name, ["project": .string(id), "tags": tags])
      if name == "three" { try await server.call("tasks.archive_many", ["ids": [.string(task)]]) }
    }
    func total(_ state: String, _ request: JSON) async throws -> JSON? {
      let asked = request.merging(["include_stats": true, "stats_for_state": .string(state)])
      return try await find(server, asked).first?[path: ["stats", state, "total_tasks"]]
    }
    #expect(try await total("active", [:]) == 2)
    #expect(try await total("active", ["include_stats_filter": ["tags": ["a"]]]) == 1)
    #expect(try await total("archived", [:]) == 1)
    let own = try await find(server, ["check_own_contents": true]).first
    #expect(own?["own_tasks"] == 3 && own?["own_models"] == 0 && own?["own_datasets"] == 0)
  }

  @Test("the steps of pipelines go with them where that is asked")
  func pipelineSteps() async throws {
    let server = try await ServicesFixture()
    let pipeline = try await server.newTask("pipeline", ["system_tags": ["pipeline"]])
    let step = try await server.newTask("step", ["parent": .string(pipeline)])
    _ = try await server.newTask("other")

    let alone = try await server.call("tasks.archive_many", ["ids": [.string(pipeline)]])
    #expect(alone["succeeded"]?.array?.count == 1)
    let both = try await server.call(
      "tasks.archive_many", ["ids": [.string(pipeline)], "include_pipeline_steps": true])
    #expect(Set(both["succeeded"]?.array?.compactMap { $0["id"]?.string } ?? []) == [pipeline, step])
  }

  @Test("deleting tasks tells where their files are, where that is asked, and leaves it out otherwise")
  func fileURLs() async throws {
    let server = try await ServicesFixture()
    func task() async throws -> JSON {
      let id = try await server.newTask()
      try await server.call(
        "tasks.add_or_update_artifacts",
        ["task": .string(id), "artifacts": [["key": "a", "type": "text", "uri": "file:///a"]]])
      return .string(id)
    }
    let asked = try await server.call(
      "tasks.delete", ["task": task(), "force": true, "return_file_urls": true])
    #expect(asked[path: ["urls", "artifact_urls"]] == ["file:///a"])
    let silent = try await server.call("tasks.delete", ["task": task(), "force": true])
    #expect(silent.object?.keys.contains("urls") == false)
    let many = try await server.call(
      "tasks.delete_many", ["ids": [task()], "force": true, "return_file_urls": true])
    #expect(many["succeeded"]?.array?.first?[path: ["urls", "artifact_urls"]] == ["file:///a"])
  }

  @Test("a project that would be too deep is refused, one that would be moved there, too")
  func depth() async throws {
    let server = try await ServicesFixture()
    let deep = Array(repeating: "p", count: 10).joined(separator: "/")
    _ = try await project(server, deep)
    let other = try await project(server, "other")
    for (name, request) in [
      ("projects.create", ["name": .string(deep + "/q")]),
      ("projects.create", ["name": .string(String(repeating: "a/", count: 50_000))]),
      ("projects.move", ["project": .string(other), "new_location": .string(deep)]),
    ] as [(String, JSON)] {
      let error = await #expect(throws: WireError.self) { try await server.call(name, request) }
      #expect(error?.code == 400 && error?.subcode == 409)
    }
  }

  private func project(_ server: ServicesFixture, _ name: String) async throws -> String {
    try #require(try await server.call("projects.create", ["name": .string(name)])["id"]?.string)
  }

  private func find(_ server: ServicesFixture, _ request: JSON) async throws -> [JSON] {
    try #require(try await server.call("projects.get_all_ex", request)["projects"]?.array)
  }

  private func names(_ server: ServicesFixture, _ request: JSON) async throws -> [String] {
    try await find(server, request).compactMap { $0["name"]?.string }.sorted()
  }
}
