import StintModel
import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesPartsTests {
  @Test("hyperparameters are added, or replace their section, or replace all")
  func hyperParams() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    func edit(_ section: String, _ name: String, _ mode: String) async throws {
      try await server.call(
        "tasks.edit_hyper_params",
        [
          "task": .string(id), "replace_hyperparams": .string(mode),
          "hyperparams": [["section": .string(section), "name": .string(name), "value": "1"]],
        ])
    }
    func names() async throws -> [String] {
      let answer = try await server.call("tasks.get_hyper_params", ["tasks": [.string(id)]])
      return answer["params"]?.array?.first?["hyperparams"]?.array?.compactMap { $0.text("name") } ?? []
    }
    try await edit("Args", "a", "none")
    try await edit("Args", "b.c", "none")
    try await edit("General", "g", "none")
    #expect(try await names() == ["a", "b.c", "g"])
    try await edit("Args", "d", "section")
    #expect(try await names() == ["d", "g"])
    try await edit("New", "n", "all")
    #expect(try await names() == ["n"])
  }

  @Test("parts of a task that is not new change only by force")
  func force() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    try await server.call("tasks.started", ["task": .string(id)])
    let edit: JSON = ["task": .string(id), "configuration": [["name": "c", "value": "1"]]]

    #expect(await fails(with: .invalidTaskStatus) { try await server.call("tasks.edit_configuration", edit) })
    try await server.call("tasks.edit_configuration", edit.merging(["force": true]))

    #expect(try await server.task(id)[path: ["configuration", "c", "value"]] == "1")
  }

  @Test("an artifact of the same key and mode is replaced")
  func artifacts() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    for (key, hash) in [("a", "1"), ("b", "2"), ("a", "3")] {
      try await server.call(
        "tasks.add_or_update_artifacts",
        ["task": .string(id), "artifacts": [["key": .string(key), "type": "t", "hash": .string(hash)]]])
    }
    let artifacts = try await server.task(id)[path: ["execution", "artifacts"]]?.array
    #expect(artifacts?.compactMap { $0.text("hash") } == ["3", "2"])
  }

  @Test("a task's output model is made once and follows its file")
  func outputModel() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    let first = try await server.call(
      "models.update_for_task", ["task": .string(id), "uri": "file:///1", "name": "net", "iteration": 4])
    let second = try await server.call("models.update_for_task", ["task": .string(id), "uri": "file:///2"])

    #expect(first["created"] == true)
    #expect(second["id"] == first["id"])
    let task = try await server.task(id)
    #expect(task["last_iteration"] == 4)
    #expect(task[path: ["models", "output"]]?.array?.compactMap { $0["model"] } == [try #require(first["id"])])
    let model = try await server.call("models.get_by_id", ["model": try #require(first["id"])])
    #expect(model["model"]?.text("uri") == "file:///2")
  }

  @Test("a published model is published once, and one that a task takes is deleted only by force")
  func models() async throws {
    let server = try await ServicesFixture()
    let model = try #require(
      try await server.call("models.create", ["uri": "file:///m", "name": "model", "ready": false])["id"])
    let id = try await server.newTask()
    try await server.call(
      "tasks.add_or_update_model", ["task": .string(id), "name": "in", "type": "input", "model": model])

    try await server.call("models.set_ready", ["model": model])
    #expect(await fails(with: .modelIsReady) { try await server.call("models.set_ready", ["model": model]) })
    #expect(await fails(with: .modelInUse) { try await server.call("models.delete", ["model": model]) })
    #expect(try await server.call("models.delete", ["model": model, "force": true])["deleted"] == true)
  }

  @Test("a deleted task takes its draft models along; children and published models stay")
  func deleteTask() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask()
    let child = try await server.newTask("child", ["parent": .string(id)])
    for ready in [true, false] {
      try await server.call(
        "models.create", ["uri": "file:///m", "name": "model", "task": .string(id), "ready": .bool(ready)])
    }

    let answer = try await server.call("tasks.delete", ["task": .string(id), "return_file_urls": true])

    #expect(answer["deleted_models"] == 1)
    #expect(answer["updated_models"] == 1)
    #expect(answer[path: ["urls", "model_urls"]]?.array?.count == 2)
    #expect(try await server.task(child)["parent"] == nil)
    #expect(await fails(with: .invalidTaskID) { _ = try await server.task(id) })
  }

  @Test("projects below a renamed one follow, and a rename is no move")
  func rename() async throws {
    let server = try await ServicesFixture()
    try await server.call("projects.create", ["name": "a/b/c"])
    let found = try await server.call("projects.get_all", ["name": "^a/b$"])
    let id = try #require(found["projects"]?.array?.first?["id"])

    try await server.call("projects.update", ["project": id, "name": "a/x"])

    let all = try await server.call("projects.get_all", ["order_by": ["name"], "only_fields": ["name"]])
    #expect(all["projects"]?.array?.compactMap { $0.text("name") } == ["a", "a/x", "a/x/c"])
    await #expect(throws: WireError.self) {
      try await server.call("projects.update", ["project": id, "name": "z/x"])
    }
  }

  @Test("a project's statistics count its tasks and those below")
  func stats() async throws {
    let server = try await ServicesFixture()
    let below = try #require(try await server.call("projects.create", ["name": "a/b"])["id"])
    let id = try await server.newTask("task", ["project": below])
    try await server.call("tasks.started", ["task": .string(id)])

    let answer = try await server.call("projects.get_all_ex", ["name": "^a$", "include_stats": true])

    let stats = answer["projects"]?.array?.first?[path: ["stats", "active"]]
    #expect(stats?[path: ["status_count", "in_progress"]] == 1)
    #expect(stats?["total_tasks"] == 1)
    #expect(stats?["last_task_run"]?.isNull == false)
  }
}
