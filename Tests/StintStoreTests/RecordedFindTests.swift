import StintStore
import StintWire
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The stock server's recorded answers to `tasks.get_all`, asked of our query language.
@Suite struct RecordedFindTests {
  private static let recording =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    + "/../../../shared/stock-server/tasks-find.jsonl"
  private static let isAvailable = FileManager.default.fileExists(atPath: recording)

  @Test(
    "every recorded find gives what the stock server gave",
    .enabled(if: isAvailable, "the recording ../shared/stock-server/tasks-find.jsonl is not beside this repository"))
  func replay() async throws {
    let lines = try #require(FileManager.default.contents(atPath: Self.recording)).split(separator: UInt8(ascii: "\n"))
    let calls = try lines.map { try JSON(parsing: $0) }
    try await withStore { store, _ in
      var compared = 0
      for call in calls {
        let name = call["call"]?.string
        let request = call["request"] ?? [:]
        switch name {
        case "projects.create", "tasks.create":
          try await create(request, id: call["data"]?["id"], isProject: name == "projects.create", store)
        case "tasks.started": try await set(request, status: "in_progress", store)
        case "tasks.completed": try await set(request, status: "completed", store)
        case "tasks.get_all", "tasks.get_all_ex":
          try await compare(call, request, withID: name == "tasks.get_all_ex", store)
          compared += 1
        default: break
        }
      }
      #expect(compared > 80)
    }
  }

  private func create(_ request: JSON, id: JSON?, isProject: Bool, _ store: Store) async throws {
    var document = request
    document["id"] = id
    if isProject {
      if request["name"] == "golden-find/sub" { document["parent"] = "$id1" }
    } else {
      document["status"] = "created"
    }
    try await store.add([document], to: isProject ? .projects : .tasks)
  }

  private func set(_ request: JSON, status: JSON, _ store: Store) async throws {
    _ = try await store.write { records in
      try records.update(.tasks, id: request["task"]?.string ?? "") { task in
        task["status"] = status
        task["status_changed"] = "2024-05-05T00:00:00.000000+00:00"
      }
    }
  }

  private func compare(_ call: JSON, _ request: JSON, withID: Bool, _ store: Store) async throws {
    let request = try JSON(parsing: request.text.replacing("<time>", with: "2024-01-01T00:00:00"))
    do {
      let query = try Query(parsing: request, for: .tasks)
      let found = try await store.read { records in
        try records.find(.tasks, query).map { query.projection.apply(to: $0, withID: withID) }
      }
      let expected = call["data"]?["tasks"]?.array
      #expect(call["code"] == 200, "\(request.text)")
      // Whole documents hold more than their making told; there, what was found is compared.
      let isWhole = request["only_fields"]?.array?.contains { $0.string?.hasPrefix("-") == true } ?? true
      #expect(found.map { isWhole ? $0["id"] : $0 } == expected?.map { isWhole ? $0["id"] : $0 }, "\(request.text)")
    } catch let error as WireError {
      #expect(call["code"]?.int == error.code && call["subcode"]?.int == error.subcode, "\(request.text): \(error)")
    }
  }
}
