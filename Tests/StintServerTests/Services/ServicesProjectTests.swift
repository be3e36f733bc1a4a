import StintModel
import StintStore
import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesProjectTests {
  private func newProject(_ server: ServicesFixture, _ name: String, _ fields: JSON = [:]) async throws -> String {
    let answer = try await server.call("projects.create", fields.merging(["name": .string(name)]))
    return try #require(answer.text("id"))
  }

  private func names(_ server: ServicesFixture) async throws -> [String] {
    let answer = try await server.call("projects.get_all", ["order_by": ["name"], "only_fields": ["name"]])
    return answer["projects"]?.array?.compactMap { $0.text("name") } ?? []
  }

  @Test("a moved project takes along what is below it, and its tasks stay found through their new ancestors")
  func move() async throws {
    let server = try await ServicesFixture()
    _ = try await newProject(server, "a/b/c")
    let found = try await server.call("projects.get_all", ["name": "^a/b$"])
    let id = try #require(found["projects"]?.array?.first?.text("id"))
    let child = try await newProject(server, "a/b/d")
    let task = try await server.newTask("task", ["project": .string(child)])

    let answer = try await server.call("projects.move", ["project": .string(id), "new_location": "x/y"])

    #expect(answer == ["moved": 3])
    #expect(try await names(server) == ["a", "x", "x/y", "x/y/b", "x/y/b/c", "x/y/b/d"])
    let top = try await server.call("projects.get_all", ["name": "^x$"])
    let inTree = try await server.call(
      "tasks.get_all",
      ["project": [top["projects"]?.array?.first?["id"] ?? .null], "include_subprojects": true, "only_fields": ["id"]])
    #expect(inTree["tasks"] == [["id": .string(task)]])
    #expect(try await server.call("projects.move", ["project": .string(child), "new_location": ""]) == ["moved": 1])
    #expect(try await names(server) == ["a", "d", "x", "x/y", "x/y/b", "x/y/b/c"])
  }

  @Test("a merge moves tasks, models and projects, and a name that both have refuses it")
  func merge() async throws {
    let server = try await ServicesFixture()
    let (from, to) = (try await newProject(server, "from"), try await newProject(server, "to"))
    _ = try await newProject(server, "from/both")
    let both = try await newProject(server, "to/both")
    let task = try await server.newTask("task", ["project": .string(from)])
    try await server.call("models.create", ["uri": "u", "name": "model", "project": .string(from)])
    let request: JSON = ["project": .string(from), "destination_project": .string(to)]

    #expect(await fails(with: .notUnique) { try await server.call("projects.merge", request) })
    #expect(try await server.task(task).text("project") == from)
    try await server.call("projects.delete", ["project": .string(both)])
    #expect(try await server.call("projects.merge", request) == ["moved_entities": 2, "moved_projects": 1])
    #expect(try await names(server) == ["to", "to/both"])
    #expect(try await server.task(task).text("project") == to)
  }

  @Test("deleting a project by force keeps its tasks, or deletes them with their models and events")
  func delete() async throws {
    let server = try await ServicesFixture()
    let (keeps, empties) = (try await newProject(server, "keeps"), try await newProject(server, "empties/below"))
    let kept = try await server.newTask("kept", ["project": .string(keeps)])
    let gone = try await server.newTask("gone", ["project": .string(empties)])
    try await server.call("models.create", ["uri": "file://model", "name": "model", "project": .string(empties)])
    let plot: JSON = [
      "type": "training_debug_image", "task": .string(gone), "metric": "m", "variant": "v", "iter": 0,
      "url": "http://i",
    ]
    try await server.call("events.add_batch", [plot])

    let first = try await server.call("projects.delete", ["project": .string(keeps), "force": true])
    let second = try await server.call(
      "projects.delete", ["project": .string(empties), "force": true, "delete_contents": true])

    #expect(first["disassociated_tasks"] == 1)
    #expect(try await server.task(kept).text("project") == nil)
    #expect(second["deleted_tasks"] == 1)
    #expect(second["deleted_models"] == 1)
    #expect(second["urls"] == ["model_urls": ["file://model"], "artifact_urls": [], "event_urls": ["http://i"]])
    #expect(await fails(with: .invalidTaskID) { _ = try await server.task(gone) })
    #expect(try await server.services.store.events.metrics(task: gone, kind: .debugImage).isEmpty)
  }

  @Test("what is to be deleted is counted by kind, archived or not")
  func validateDelete() async throws {
    let server = try await ServicesFixture()
    let project = try await newProject(server, "p")
    let pipeline = try await newProject(server, "p/.pipelines/one", ["system_tags": ["pipeline", "hidden"]])
    _ = try await newProject(server, "p/.datasets/empty", ["system_tags": ["dataset", "hidden"]])
    _ = try await server.newTask("run", ["project": .string(pipeline), "system_tags": ["pipeline"]])
    let archived = try await server.newTask("old", ["project": .string(project)])
    try await server.call("tasks.archive", ["tasks": [.string(archived)]])

    let answer = try await server.call("projects.validate_delete", ["project": .string(project)])

    #expect(answer["tasks"] == 2)
    #expect(answer["non_archived_tasks"] == 1)
    #expect(answer["pipelines"] == 1)
    #expect(answer["datasets"] == 0)
  }

  @Test("hyperparameters, their values and metadata are listed by project, page by page")
  func content() async throws {
    let server = try await ServicesFixture()
    let project = try await newProject(server, "p")
    for (name, value) in [("a", "1"), ("b.c", "2"), ("b.c", "3")] {
      let item: JSON = ["section": "Args", "name": .string(name), "value": .string(value)]
      _ = try await server.newTask(
        "task", ["project": .string(project), "hyperparams": ["Args": .object([name: item])]])
    }
    let model = try await server.call("models.create", ["uri": "u", "name": "model", "project": .string(project)])
    try await server.call(
      "models.add_or_update_metadata", ["model": model["id"] ?? .null, "metadata": [["key": "k", "value": "v"]]])

    let page = try await server.call(
      "projects.get_hyper_parameters", ["project": .string(project), "page": 1, "page_size": 1])
    let values = try await server.call(
      "projects.get_hyperparam_values", ["projects": [.string(project)], "section": "Args", "name": "b.c"])
    let matching = try await server.call(
      "projects.get_hyperparam_values", ["projects": [], "section": "Args", "name": "b.c", "pattern": "^3"])

    #expect(page == ["total": 2, "remaining": 0, "parameters": [["section": "Args", "name": "b.c"]]])
    #expect(values == ["total": 2, "values": ["2", "3"]])
    #expect(matching["values"] == ["3"])
    let keys = try await server.call("projects.get_model_metadata_keys", ["project": .string(project)])
    #expect(keys == ["keys": ["k"], "remaining": 0, "total": 1])
    let found = try await server.call("projects.get_model_metadata_values", ["key": "k"])
    #expect(found == ["total": 1, "values": ["v"]])
  }

  @Test("metrics are listed once, with the hashes under which records keep them")
  func metrics() async throws {
    let server = try await ServicesFixture()
    let project = try await newProject(server, "p")
    for _ in 0..<2 {
      let id = try await server.newTask("task", ["project": .string(project)])
      try await server.call(
        "events.add_batch",
        [
          [
            "type": "training_stats_scalar", "task": .string(id), "metric": "loss", "variant": "train", "iter": 0,
            "value": 1,
          ]
        ])
    }
    let answer = try await server.call("projects.get_unique_metric_variants", ["project": .string(project)])
    #expect(
      answer["metrics"] == [
        [
          "metric": "loss", "metric_hash": "81513effdf5790b79549208838404407", "variant": "train",
          "variant_hash": "61b3a8faa9c1091806675c230a9abe64",
        ]
      ])
  }

  @Test("parents and users of a project's tasks come with their names")
  func people() async throws {
    let server = try await ServicesFixture()
    let project = try await newProject(server, "p")
    let parent = try await server.newTask("parent")
    let child = try await server.newTask("child", ["project": .string(project), "parent": .string(parent)])

    let answer = try await server.call("projects.get_task_parents", ["projects": [.string(project)]])
    #expect(answer["parents"] == [["id": .string(parent), "name": "parent"]])
    try await server.call("tasks.archive", ["tasks": [.string(child)]])
    let active = try await server.call(
      "projects.get_task_parents", ["projects": [.string(project)], "tasks_state": "active"])
    #expect(active["parents"] == [])
    let users = try await server.call("projects.get_user_names", ["entity": "task"])
    #expect(users["users"] == [["id": .string(server.caller.user), "name": "golden user"]])
  }

  @Test("tags are those of the records below the projects, and system tags only come when asked for")
  func tags() async throws {
    let server = try await ServicesFixture()
    let (project, other) = (try await newProject(server, "p"), try await newProject(server, "other"))
    let below = try await newProject(server, "p/below", ["tags": ["project tag"]])
    _ = try await server.newTask("task", ["project": .string(below), "tags": ["in"], "system_tags": ["sys"]])
    _ = try await server.newTask("task", ["project": .string(other), "tags": ["out"]])

    let tags = try await server.call("projects.get_task_tags", ["projects": [.string(project)]])
    #expect(tags == ["tags": ["in"]])
    let all = try await server.call("projects.get_task_tags", ["include_system": true])
    #expect(all == ["tags": ["in", "out"], "system_tags": ["sys"]])
    let ofProjects = try await server.call("projects.get_project_tags", ["projects": [.string(project)]])
    #expect(ofProjects["tags"] == ["project tag"])
  }

  @Test("a public record changes no more until it is private again")
  func sharing() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    #expect(try await server.call("tasks.make_public", ["ids": [.string(id), "nosuch"]]) == ["updated": 1])
    let edits: [(String, JSON)] = [
      ("tasks.edit", ["task": .string(id), "name": "other"]), ("tasks.started", ["task": .string(id)]),
      ("tasks.delete", ["task": .string(id)]), ("tasks.update_tags", ["ids": [.string(id)], "add_tags": ["t"]]),
      ("tasks.move", ["ids": [.string(id)], "project_name": "elsewhere"]),
      ("tasks.edit_configuration", ["task": .string(id), "configuration": [["name": "n", "value": "v"]]]),
    ]
    for (call, request) in edits {
      let error = await #expect(throws: WireError.self, "\(call)") { try await server.call(call, request) }
      #expect(error?.code == 403)
      #expect(error?.subcode == 21)
    }
    #expect(try await server.call("tasks.archive", ["tasks": [.string(id)]]) == ["archived": 0])
    let copy = try await server.call("tasks.clone", ["task": .string(id)])
    #expect(try await server.task(#require(copy.text("id"))).text("company") == Company.id)
    #expect(try await server.call("tasks.make_private", ["ids": [.string(id)]]) == ["updated": 1])
    try await server.call("tasks.started", ["task": .string(id)])
  }

  @Test("moved and tagged tasks say so")
  func moveAndTag() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask("task", ["tags": ["a", "b"]])

    let answer = try await server.call("tasks.move", ["ids": [.string(id)], "project_name": "new/place"])
    try await server.call("tasks.update_tags", ["ids": [.string(id)], "add_tags": ["c"], "remove_tags": ["a"]])

    let task = try await server.task(id)
    #expect(task["project"] == answer["project_id"])
    #expect(task["tags"] == ["b", "c"])
    #expect(try await names(server) == ["new", "new/place"])
    #expect(await fails(with: .missingFields) { try await server.call("tasks.move", ["ids": [.string(id)]]) })
  }
}
