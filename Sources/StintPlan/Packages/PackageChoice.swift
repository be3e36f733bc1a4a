/// What is to be installed, once the task's code is there to be looked at.
package enum PackageChoice: Sendable, Equatable {
  /// What a project's own files ask for.
  case project(ProjectFiles)
  /// A list of packages, and where it is from, for people.
  case list(RequirementList, origin: String)
}

/// A project that its own tool installs.
package struct ProjectFiles: Sendable, Equatable {
  /// poetry, pipenv or uv.
  package var manager: PackageRules.Manager
  /// The folder of the files, relative to the code.
  package var folder: String
  /// The files themselves; the last one is the lock file, where there is one.
  package var names: [String]
  package var hasLock: Bool
}

extension EnvironmentRequest {
  /// Decides as clearml-agent does: the files of the chosen tool, else what the task's record lists, else the
  /// requirements.txt of each folder from the repository's root to the script.
  package func choice(_ files: CodeFiles) throws(PlanError) -> PackageChoice {
    if let project = project(files) { return .project(project) }
    return try listChoice(files)
  }

  /// The list that counts where there is no project, or where that cannot be installed.
  package func listChoice(_ files: CodeFiles) throws(PlanError) -> PackageChoice {
    var (list, origin) = try list(files)
    list.packages = additional + list.packages
    rules.torch.apply(to: &list)
    var sources = sources
    sources.add(list.sources)
    list.sources = sources
    return .list(list, origin: origin)
  }

  private func project(_ files: CodeFiles) -> ProjectFiles? {
    guard let folder = rules.projectIsInWorkingDirectory ? requirementFolders.last : requirementFolders.first else {
      return nil
    }
    let (project, lock): (String, String)
    switch rules.manager {
    case .uv: (project, lock) = ("pyproject.toml", "uv.lock")
    case .poetry: (project, lock) = ("pyproject.toml", "poetry.lock")
    case .pipenv: (project, lock) = ("Pipfile", "Pipfile.lock")
    case .pip, .conda: return nil
    }
    let names = [project, lock].filter { files.exists(folder == "." ? $0 : "\(folder)/\($0)") }
    guard names.contains(project) || rules.manager == .pipenv && !names.isEmpty else { return nil }
    return ProjectFiles(manager: rules.manager, folder: folder, names: names, hasLock: names.contains(lock))
  }

  private func list(_ files: CodeFiles) throws(PlanError) -> (RequirementList, origin: String) {
    if let recorded, !(rules.prefersRepository && !requirementFolders.isEmpty) {
      return (try RequirementList(text: recorded, files: files), "the task's record")
    }
    var list = RequirementList()
    var origins: [String] = []
    for folder in requirementFolders {
      let path = folder == "." ? "requirements.txt" : "\(folder)/requirements.txt"
      guard let text = files.read(path) else { continue }
      list.add(try RequirementList(text: text, in: folder, files: files))
      origins.append(path)
    }
    return (list, origins.isEmpty ? "nowhere" : origins.joined(separator: " and "))
  }
}
