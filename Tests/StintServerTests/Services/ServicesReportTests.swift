import StintModel
import StintStore
import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesReportTests {
  private func newReport(_ server: ServicesFixture, _ fields: JSON = [:]) async throws -> (id: String, project: String)
  {
    let answer = try await server.call("reports.create", fields.merging(["name": "report"]))
    return (try #require(answer.text("id")), try #require(answer.text("project_id")))
  }

  @Test("a report lives in a hidden project below the one that it is about, out of the way of tasks")
  func create() async throws {
    let server = try await ServicesFixture()
    let about = try #require(try await server.call("projects.create", ["name": "about"]).text("id"))

    let report = try await newReport(server, ["project": .string(about), "report": "# Text", "tags": ["t"]])
    let other = try await newReport(server, ["project": .string(report.project)])

    let visible = try await server.call("projects.get_all", ["only_fields": ["name"]])
    #expect(visible["projects"] == [["name": "about"]])
    #expect(try await server.call("tasks.get_all")["tasks"] == [])
    let found = try await server.call(
      "reports.get_all_ex",
      [
        "project": [.string(about)], "include_subprojects": true, "tags": ["t"],
        "only_fields": ["report", "project.name"],
      ]
    )
    let task = try #require(found["tasks"]?.array?.first)
    #expect(task.text("report") == "# Text")
    #expect(task[path: ["project", "name"]] == "about/.reports")
    #expect(other.project == report.project)
    #expect(try await server.call("reports.get_tags") == ["tags": ["t"]])
  }

  @Test("a published report keeps its text")
  func publish() async throws {
    let server = try await ServicesFixture()
    let report = try await newReport(server)
    let id = JSON.string(report.id)
    try await server.call("reports.update", ["task": id, "report": "text", "report_assets": ["a"]])

    let answer = try await server.call("reports.publish", ["task": id, "comment": "done"])

    #expect(answer["updated"] == 1)
    #expect(answer[path: ["fields", "status_message"]] == "done")
    #expect(await fails(with: .taskPublished) { try await server.call("reports.publish", ["task": id]) })
    #expect(
      await fails(with: .invalidTaskStatus) { try await server.call("reports.update", ["task": id, "report": "x"]) })
    try await server.call("reports.update", ["task": id, "name": "renamed"])
    let task = try await server.task(report.id)
    #expect(task.text("report") == "text")
    #expect(task.text("name") == "renamed")
    #expect(task["report_assets"] == ["a"])
    #expect(await fails(with: .taskNotDeletable) { try await server.call("reports.delete", ["task": id]) })
    #expect(try await server.call("reports.delete", ["task": id, "force": true]) == ["deleted": 1])
  }

  @Test("reports move and are put away; tasks that are none are left alone")
  func moveAndArchive() async throws {
    let server = try await ServicesFixture()
    let report = try await newReport(server)
    let id = JSON.string(report.id)

    let moved = try await server.call("reports.move", ["task": id, "project_name": "new"])
    #expect(moved["project_id"] != .string(report.project))
    #expect(try await server.task(report.id)["project"] == moved["project_id"])
    #expect(try await server.call("reports.archive", ["task": id]) == ["archived": 1])
    #expect(try await server.task(report.id).texts("system_tags") == ["archived", "hidden", "reports"])
    #expect(try await server.call("reports.unarchive", ["task": id]) == ["unarchived": 1])

    let task = try await server.newTask()
    for call in ["reports.update", "reports.archive", "reports.publish", "reports.delete"] {
      let error = await #expect(throws: WireError.self) { try await server.call(call, ["task": .string(task)]) }
      #expect(error?.subcode == 150)
    }
    #expect(try await server.task(task).status == .created)
  }

  @Test("a report gets the curves, plots, images and values of the tasks that it shows")
  func taskData() async throws {
    let server = try await ServicesFixture()
    let id = try await server.newTask("shown")
    _ = try await server.newTask("other")
    let event: JSON = ["task": .string(id), "metric": "m", "variant": "v", "iter": 0]
    try await server.call(
      "events.add_batch",
      [
        event.merging(["type": "training_stats_scalar", "value": 1]),
        event.merging(["type": "training_stats_scalar", "value": 2, "metric": "s", "iter": -2_147_483_648]),
        event.merging(["type": "plot", "plot_str": "{}"]),
        event.merging(["type": "training_debug_image", "url": "u"]),
      ])

    let answer = try await server.call(
      "reports.get_task_data",
      [
        "name": "shown", "only_fields": ["name"], "plots": ["iters": 1], "debug_images": ["metrics": [["metric": "m"]]],
        "scalar_metrics_iter_histogram": [:], "single_value_metrics": [:],
      ])

    #expect(answer["tasks"] == [["id": .string(id), "name": "shown"]])
    #expect(answer[path: ["plots", "m", "v", id, "0", "name"]] == "shown")
    #expect(answer[path: ["scalar_metrics_iter_histogram", "m", "v", id, "y"]]?.array?.compactMap(\.double) == [1])
    let image = answer["debug_images"]?.array?.first?["iterations"]?.array?.first?["events"]?.array?.first
    #expect(image?.text("url") == "u")
    #expect(answer["single_value_metrics"]?.array?.first?["values"]?.array?.first?["value"]?.double == 2)
    #expect(try await server.call("reports.get_task_data", ["name": "shown"])["plots"] == nil)
  }
}
