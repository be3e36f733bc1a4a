import StintModel
import StintStore
import StintWire

extension Services {
  func addProjectsTree(to api: inout API) {
    api.on(Projects.Move.self) { request, call in
      .init(moved: try await transact(call) { try $0.moveProject(request.project, to: request.newLocation ?? "") })
    }
    api.on(Projects.Merge.self) { request, call in
      try await transact(call) { try $0.mergeProject(request.project, into: request.destinationProject) }
    }
    api.on(Projects.ValidateDelete.self) { request, _ in
      try await store.read { records in try records.contents(of: records.project(request.project)) }
    }
    api.on(Projects.Delete.self) { request, call in try await deleteProject(request, call) }
  }

  private func deleteProject(
    _ request: Projects.Delete.Request, _ call: Call
  ) async throws -> Projects.Delete.Response {
    let deletesContents = request.deleteContents ?? false
    let urls: JSON? = deletesContents ? try await fileURLs(below: request.project) : .none
    let (answer, emptied) = try await transact(call) {
      try $0.deleteProject(request.project, force: request.force ?? false, deletesContents: deletesContents, urls: urls)
    }
    try await store.events.deleteTasks(emptied)
    return answer
  }

  /// Where the files of all that is in a project are.
  private func fileURLs(below project: String) async throws -> JSON {
    let (tasks, models) = try await store.read { records in
      let place = Condition.inProjectTree("project", [project])
      return (
        try records.distinct(.tasks, "id", place), try records.distinct(.models, "uri", place)
      )
    }
    var urls: [String: Set<String>] = ["model_urls": Set(models), "artifact_urls": [], "event_urls": []]
    for task in tasks {
      for (kind, list) in try await fileURLs(of: task).object ?? [:] {
        urls[kind, default: []].formUnion((list.array ?? []).compactMap(\.string))
      }
    }
    return .object(urls.mapValues { .list($0.sorted()) })
  }
}

extension Records {
  /// A project's descendants.
  fileprivate func projects(below id: String) throws -> [JSON] {
    try find(.projects, Query(.contains("path", id)))
  }

  /// What would go with a project.
  fileprivate func contents(of project: JSON) throws -> Projects.ValidateDelete.Response {
    let id = project.text("id") ?? ""
    let place = Condition.inProjectTree("project", [id])
    let isActive = Condition.not(.contains("system_tags", SystemTag.archived))
    let isReport = Condition.contains("system_tags", SystemTag.reports)
    var contents = Projects.ValidateDelete.Response()
    contents.tasks = try count(.tasks, .and([place, .not(isReport)]))
    contents.nonArchivedTasks = try count(.tasks, .and([place, .not(isReport), isActive]))
    contents.models = try count(.models, place)
    contents.nonArchivedModels = try count(.models, .and([place, isActive]))
    contents.reports = try count(.tasks, .and([place, isReport]))
    contents.nonArchivedReports = try count(.tasks, .and([place, isReport, isActive]))
    for member in try projects(below: id) + [project] {
      let tags = member.texts("system_tags")
      guard tags.contains(SystemTag.pipeline) || tags.contains(SystemTag.dataset) else { continue }
      let own = Condition.equals("project", .string(member.text("id") ?? ""))
      guard try count(.tasks, own) > 0 else { continue }
      if tags.contains(SystemTag.pipeline) { contents.pipelines += 1 } else { contents.datasets += 1 }
    }
    return contents
  }
}

extension Transaction {
  /// Puts a project under another one, or at the top.
  /// - Returns: how many projects have another name now.
  fileprivate mutating func moveProject(_ id: String, to location: String) throws -> Int {
    let project = try records.project(id)
    try project.requireWritable()
    let name = project.text("name") ?? ""
    let isTop = location.allSatisfy { $0 == "/" || $0.isWhitespace }
    let target = isTop ? "" : try projectPath(location)
    guard target != name.split(separator: "/").dropLast().joined(separator: "/") else {
      throw ProjectError.samePlace(target)
    }
    guard target != name, !target.hasPrefix(name + "/") else { throw ProjectError.underItself(id) }
    // Not `nil` in a ternary: JSON takes that for its null.
    guard !isTop else { return try place(project, under: .none) }
    return try place(project, under: try records.project(findOrCreateProject(target).id))
  }

  fileprivate mutating func mergeProject(_ id: String, into target: String) throws -> Projects.Merge.Response {
    guard id != target else { throw ProjectError.samePlace(id) }
    let (project, destination) = (try records.project(id), try records.project(target))
    try project.requireWritable()
    try destination.requireWritable()
    guard !destination.texts("path").contains(id) else { throw ProjectError.intoItsChild(id) }
    var moved = 0
    for collection in [Collection.tasks, .models] {
      for document in try records.find(collection, Query(.equals("project", .string(id)))) {
        var document = document
        document["project"] = .string(target)
        document.set(changeMark)
        try records.put(collection, document)
        moved += 1
      }
    }
    let children = try records.find(.projects, Query(.equals("parent", .string(id))))
    for child in children { _ = try place(child, under: destination) }
    try records.delete(.projects, id: id)
    return .init(movedEntities: moved, movedProjects: children.count)
  }

  /// Puts a project under `parent`; what is below it follows.
  private func place(_ project: JSON, under parent: JSON?) throws -> Int {
    var project = project
    let (id, old) = (project.text("id") ?? "", project.text("name") ?? "")
    let base = project.text("basename") ?? old
    let name = try projectPath(parent.map { ($0.text("name") ?? "") + "/" + base } ?? base)
    guard try records.first(.projects, .equals("name", .string(name))) == nil else {
      throw WireError(.notUnique, "a project named \(name) exists")
    }
    let path = parent.map { $0.texts("path") + [$0.text("id") ?? ""] } ?? []
    project["name"] = .string(name)
    project["parent"] = parent?["id"]
    project["path"] = .list(path)
    project["last_update"] = timestamp
    try records.put(.projects, project)
    let below = try records.find(.projects, Query(.contains("path", id)))
    for child in below {
      var child = child
      child["name"] = .string(try projectPath(name + (child.text("name") ?? "").dropFirst(old.count)))
      child["path"] = .list(path + child.texts("path").drop { $0 != id })
      try records.put(.projects, child)
    }
    return 1 + below.count
  }

  /// Deletes a project and those below it.
  /// - Returns: the answer, and the tasks and models that went, whose events are to go too.
  fileprivate mutating func deleteProject(
    _ id: String, force: Bool, deletesContents: Bool, urls: JSON?
  ) throws -> (Projects.Delete.Response, emptied: [String]) {
    let project = try records.project(id)
    try project.requireWritable()
    let below = try records.find(.projects, Query(.contains("path", id)))
    if !force {
      let contents = try records.contents(of: project)
      if contents.nonArchivedTasks > 0 { throw ProjectError.has("tasks", subcode: 402, id) }
      if contents.nonArchivedModels > 0 { throw ProjectError.has("models", subcode: 405, id) }
      if contents.nonArchivedReports > 0 { throw ProjectError.has("reports", subcode: 402, id) }
      if contents.datasets > 0 { throw ProjectError.has("datasets", subcode: 406, id) }
      if contents.pipelines > 0 { throw ProjectError.has("pipelines", subcode: 413, id) }
    }
    let place = Condition.inProjectTree("project", [id])
    let tasks = try records.distinct(.tasks, "id", place)
    var deletedModels = 0
    var emptied: [String] = []
    if deletesContents {
      for task in tasks {
        deletedModels += try deleteTask(task, force: true, deletesModels: true).deletedModels ?? 0
      }
      let models = try records.distinct(.models, "id", place)
      for model in models { try records.delete(.models, id: model) }
      deletedModels += models.count
      emptied = tasks + models
    } else {
      for collection in [Collection.tasks, .models] {
        for document in try records.find(collection, Query(place)) {
          var document = document
          document["project"] = nil
          document.set(changeMark)
          try records.put(collection, document)
        }
      }
    }
    for child in below { try records.delete(.projects, id: child.text("id") ?? "") }
    try records.delete(.projects, id: id)
    let answer = Projects.Delete.Response(
      deleted: 1 + below.count, disassociatedTasks: deletesContents ? 0 : tasks.count, urls: urls,
      deletedModels: deletedModels, deletedTasks: deletesContents ? tasks.count : 0)
    return (answer, emptied)
  }
}

/// What can be wrong with a change of the tree.
private enum ProjectError {
  static func samePlace(_ place: String) -> WireError {
    WireError(
      code: 400, subcode: 410, message: "Project has the same source and destination paths: location=\(place)")
  }

  static func underItself(_ id: String) -> WireError {
    WireError(
      code: 400, subcode: 411,
      message: "Project can not be moved under itself in the projects hierarchy: project=\(id)")
  }

  static func intoItsChild(_ id: String) -> WireError {
    WireError(code: 400, subcode: 412, message: "Project can not be merged into its own child: source=\(id)")
  }

  static func has(_ what: String, subcode: Int, _ id: String) -> WireError {
    WireError(code: 400, subcode: subcode, message: "Project has associated \(what) (use force=true): id=\(id)")
  }
}
