import StintModel
import StintStore
import StintWire

extension Services {
  func addSharing(to api: inout API) {
    api.on(Tasks.MakePublic.self) { request, call in try await share(.tasks, request, call, isPublic: true) }
    api.on(Tasks.MakePrivate.self) { request, call in try await share(.tasks, request, call, isPublic: false) }
    api.on(Models.MakePublic.self) { request, call in try await share(.models, request, call, isPublic: true) }
    api.on(Models.MakePrivate.self) { request, call in try await share(.models, request, call, isPublic: false) }
    api.on(Projects.MakePublic.self) { request, call in try await share(.projects, request, call, isPublic: true) }
    api.on(Projects.MakePrivate.self) { request, call in try await share(.projects, request, call, isPublic: false) }

    api.on(Tasks.Move.self) { request, call in try await transact(call) { try $0.move(.tasks, request) } }
    api.on(Models.Move.self) { request, call in try await transact(call) { try $0.move(.models, request) } }
    api.on(Tasks.UpdateTags.self) { request, call in try await updateTags(.tasks, request, call) }
    api.on(Models.UpdateTags.self) { request, call in try await updateTags(.models, request, call) }

    api.on(Projects.GetTaskTags.self) { request, _ in try await tags([.tasks], request) }
    api.on(Projects.GetModelTags.self) { request, _ in try await tags([.models], request) }
    api.on(Projects.GetProjectTags.self) { request, _ in try await tags([.projects], request) }
  }

  private func share(
    _ collection: Collection, _ request: IDsRequest, _ call: Call, isPublic: Bool
  ) async throws -> UpdatedCount {
    try await transact(call) { transaction in
      let changed = try transaction.changeEach(of: request.ids, collection) { document in
        guard document.isPublic != isPublic else { return false }
        document["company"] = isPublic ? "" : .string(Company.id)
        return true
      }
      return UpdatedCount(updated: changed)
    }
  }

  private func updateTags(
    _ collection: Collection, _ request: UpdateTagsRequest, _ call: Call
  ) async throws -> UpdatedCount {
    let (added, removed) = (request.addTags ?? [], Set(request.removeTags ?? []))
    guard !added.isEmpty || !removed.isEmpty else {
      throw WireError(.missingFields, "one of add_tags and remove_tags is needed")
    }
    return try await transact(call) { transaction in
      let mark = transaction.changeMark
      let changed = try transaction.changeEach(of: request.ids, collection) { document in
        try document.requireWritable()
        let old = document.texts("tags")
        document["tags"] = .tags(old.filter { !removed.contains($0) } + added)
        document.set(mark)
        return true
      }
      return UpdatedCount(updated: changed)
    }
  }

  /// The tags of the records of `collections` that the request is about.
  func tags(_ collections: [Collection], _ request: GetTagsRequest) async throws -> GetTagsResponse {
    var filter: JSON = ["search_hidden": true]
    filter["tags"] = request.filter?.tags.map(JSON.list)
    filter["system_tags"] = request.filter?.systemTags.map(JSON.list)
    let asked = filter
    return try await store.read { records in
      var (tags, systemTags): (Set<String>, Set<String>) = ([], [])
      for collection in collections {
        let field: FieldPath = collection == .projects ? "id" : "project"
        let condition: Condition = .and([
          try Query(parsing: asked, for: collection).condition,
          .inProjects(request.projects, field: field),
        ])
        tags.formUnion(try records.distinct(collection, "tags", condition))
        if request.includeSystem == true {
          systemTags.formUnion(try records.distinct(collection, "system_tags", condition))
        }
      }
      return GetTagsResponse(tags: tags.sorted(), systemTags: request.includeSystem == true ? systemTags.sorted() : nil)
    }
  }
}

extension Condition {
  /// The record is in one of these projects, or below; without one, anywhere.
  static func inProjects(
    _ projects: [String?]?, includingSubprojects: Bool = true, field: FieldPath = "project"
  ) -> Condition {
    let ids = (projects ?? []).compactMap(\.self).filter { !$0.isEmpty }
    if ids.isEmpty { return .all }
    return includingSubprojects ? .inProjectTree(field, ids) : .isOneOf(field, ids.map(JSON.string))
  }
}

extension JSON {
  /// Whether the record belongs to everybody, so that nobody may change it.
  var isPublic: Bool { self["company"]?.string?.isEmpty == true }

  /// - Throws: `WireError` 403/21 for a public record.
  func requireWritable() throws(WireError) {
    guard isPublic else { return }
    let id = text("id") ?? ""
    throw WireError(
      code: 403, subcode: 21,
      message: "Forbidden (modification not allowed) (it is public, make it private to change it: id=\(id))",
      data: ["id": .string(id)])
  }
}

extension Transaction {
  /// Changes those of `ids` that exist. A change that answers false is not stored.
  /// - Returns: how many changed.
  fileprivate func changeEach(
    of ids: [String], _ collection: Collection, _ change: (inout JSON) throws -> Bool
  ) throws -> Int {
    var changed = 0
    for id in Set(ids) {
      guard var document = try records.get(collection, id: id), try change(&document) else { continue }
      try records.put(collection, document)
      changed += 1
    }
    return changed
  }

  /// Moves tasks or models into a project.
  fileprivate mutating func move(_ collection: Collection, _ request: MoveRequest) throws -> MoveResponse {
    guard !request.ids.isEmpty else { throw WireError(.validation, "error for field 'ids': at least 1 is needed") }
    let project = try project(request.project, named: request.projectName)
    let mark = changeMark
    let moved = try changeEach(of: request.ids, collection) { document in
      try document.requireWritable()
      document["project"] = .string(project)
      document.set(mark)
      return true
    }
    guard moved > 0 else {
      throw WireError(collection == .models ? .invalidModelID : .invalidTaskID, id: request.ids[0])
    }
    return MoveResponse(projectId: project)
  }

  /// A project that a request chooses by its identifier or its name.
  /// - Throws: `WireError` 400/401 where it does not exist, 400/11 where none is chosen.
  mutating func project(_ id: String?, named name: String?) throws -> String {
    if let id, !id.isEmpty {
      _ = try records.project(id)
      return id
    }
    guard let name, !name.isEmpty else { throw WireError(.missingFields, "project or project_name is required") }
    return try findOrCreateProject(name).id
  }
}
