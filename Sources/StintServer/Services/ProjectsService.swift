import StintModel
import StintStore
import StintWire

extension Services {
  func addProjects(to api: inout API) {
    api.on(Projects.Create.self) { request, call in
      .init(id: try await transact(call) { try $0.createProject(request) })
    }
    api.on(Projects.GetByID.self) { request, _ in
      .init(project: try await store.read { try $0.project(request.project) })
    }
    api.on(Projects.Update.self) { request, call in try await transact(call) { try $0.updateProject(request) } }
    api.on(Projects.GetAll.self) { request, _ in try await list(.projects, request) }
    api.on(Projects.GetAllEx.self) { request, _ in
      let listing = try request.decode(ProjectListing.self)
      let condition = try await store.read { try listing.condition($0) }
      return try await list(.projects, request, expanding: true, where: condition) { records, project, _ in
        try listing.complete(project, records)
      }
    }
  }
}

extension Transaction {
  fileprivate mutating func createProject(_ request: Projects.Create.Request) throws -> String {
    let name = try projectPath(request.name)
    guard try records.first(.projects, .equals("name", .string(name))) == nil else {
      throw WireError(.notUnique, "a project named \(name) exists")
    }
    return try addProject(
      name, description: request.description, tags: request.tags ?? [], systemTags: request.systemTags ?? [],
      outputDestination: request.defaultOutputDestination)
  }

  /// The project of that name, made with its parents where it is missing.
  mutating func findOrCreateProject(_ name: String) throws -> (id: String, isNew: Bool) {
    let name = try projectPath(name)
    if let project = try records.first(.projects, .equals("name", .string(name))), let id = project.text("id") {
      return (id, false)
    }
    return (try addProject(name), true)
  }

  private mutating func addProject(
    _ name: String, description: String? = nil, tags: [String] = [], systemTags: [String] = [],
    outputDestination: String? = nil
  ) throws -> String {
    let parts = name.split(separator: "/").map(String.init)
    let id = randomIdentifier()
    var project: JSON = [
      "id": .string(id), "company": .string(Company.id), "user": .string(caller.user), "name": .string(name),
      "basename": .string(parts.last ?? name), "description": .string(description ?? ""), "created": timestamp,
      "last_update": timestamp, "tags": .tags(tags), "system_tags": .tags(systemTags), "featured": 9999, "path": [],
    ]
    if let outputDestination { project["default_output_destination"] = .string(outputDestination) }
    if parts.count > 1 {
      let parent = try findOrCreateProject(parts.dropLast().joined(separator: "/")).id
      project["parent"] = .string(parent)
      project["path"] = .list(try records.project(parent).texts("path") + [parent])
    }
    try records.put(.projects, project)
    return id
  }

  fileprivate func updateProject(_ request: Projects.Update.Request) throws -> Updated {
    var project = try records.project(request.project)
    try project.requireWritable()
    var fields: [String: JSON] = [:]
    if let description = request.description { fields["description"] = .string(description) }
    if let tags = request.tags { fields["tags"] = .tags(tags) }
    if let systemTags = request.systemTags { fields["system_tags"] = .tags(systemTags) }
    if let destination = request.defaultOutputDestination {
      fields["default_output_destination"] = .string(destination)
    }
    if let name = request.name {
      fields["name"] = .string(try rename(&project, to: projectPath(name)))
    }
    guard !fields.isEmpty else { return Updated(updated: 0) }
    project.set(fields)
    project["last_update"] = timestamp
    try records.put(.projects, project)
    return Updated(updated: 1, fields: .object(fields))
  }

  /// Renames a project in its place; the projects below it follow.
  private func rename(_ project: inout JSON, to name: String) throws -> String {
    let old = project.text("name") ?? ""
    guard name != old else { return name }
    func place(_ name: String) -> ArraySlice<Substring> { name.split(separator: "/").dropLast() }
    guard place(name) == place(old) else {
      throw WireError(
        code: 400, subcode: 408, message: "Cannot update project location. Use projects.move instead: name=\(name)")
    }
    guard try records.first(.projects, .equals("name", .string(name))) == nil else {
      throw WireError(.notUnique, "a project named \(name) exists")
    }
    let basename = JSON.string(name.split(separator: "/").last.map(String.init) ?? name)
    guard let id = project.text("id") else { return name }
    if project.texts("system_tags").contains(SystemTag.dataset) {
      try renameVersions(ofDataset: id, from: project["basename"] ?? .null, to: basename)
    }
    project["basename"] = basename
    for child in try records.find(.projects, Query(.contains("path", .string(id)))) {
      var child = child
      child["name"] = .string(name + (child.text("name") ?? "").dropFirst(old.count))
      try records.put(.projects, child)
    }
    return name
  }

  /// A dataset is a project and its versions are tasks of the same name, by which clients look for them.
  private func renameVersions(ofDataset project: String, from old: JSON, to new: JSON) throws {
    let versions = Condition.and([.equals("project", .string(project)), .equals("name", old)])
    for version in try records.find(.tasks, Query(versions)) {
      var version = version
      version["name"] = new
      version.set(changeMark)
      try records.put(.tasks, version)
    }
  }
}

/// How many projects a project can be below of, and itself.
private let deepestProject = 10

/// A project's name as it is stored: `a/b/c`, without empty parts.
/// - Throws: `WireError` 400/407 for a name of nothing, 400/409 for one of too many parts.
func projectPath(_ name: String) throws(WireError) -> String {
  let parts = name.split(separator: "/").map { trimmed(String($0)) }.filter { !$0.isEmpty }
  guard !parts.isEmpty else { throw WireError(.invalidProjectName, "name=\(name.prefix(80))") }
  guard parts.count <= deepestProject else {
    throw WireError(
      code: 400, subcode: 409,
      message: "Project path exceeds the maximum depth: name=\(name.prefix(80)), max_depth=\(deepestProject)")
  }
  return parts.joined(separator: "/")
}
