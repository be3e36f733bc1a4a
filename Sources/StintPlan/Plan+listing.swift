extension Plan {
  /// The plan for a person to read, one numbered step each.
  package var listing: String {
    var lines = ["Plan for task \(task)"]
    for (index, step) in steps.enumerated() {
      for (row, text) in step.rows.enumerated() {
        lines.append(row == 0 ? "\(index + 1). \(text)" : "     \(text)")
      }
    }
    lines += notes.map { "Note: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Plan.Step {
  fileprivate var rows: [String] {
    switch self {
    case .fetchCode(let source):
      let parts = [("branch", source.branch), ("tag", source.tag), ("commit", source.commit)]
      return ["fetch code \(source.repository)"] + parts.compactMap { name, value in value.map { "\(name) \($0)" } }
    case .applyDiff(let diff):
      let files = diff.split(separator: "\n").filter { $0.hasPrefix("diff ") }.count
      return ["apply the uncommitted change (\(Self.count(files, "file")))"]
    case .writeScript(let path, let text):
      return ["write \(path) (\(Self.count(text.split(separator: "\n").count, "line")))"]
    case .convertNotebook(let path): return ["make a script of the notebook \(path)"]
    case .addTaskInit(let path): return ["add Task.init to \(path)"]
    case .environment(let request): return request.rows
    case .run(let launch):
      let command = launch.argv(python: "python").map(ShellWords.quote).joined(separator: " ")
      return ["run \(command)", "in \(launch.workingDirectory)"]
        + launch.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
  }
}

extension EnvironmentRequest {
  fileprivate var rows: [String] {
    let interpreter = fallback.map { "\(python), else \($0)" } ?? python
    switch place {
    case .nowhere: return ["use \(interpreter) as it is"]
    case .interpreter: return ["install into \(interpreter) itself, packages by \(rules.manager.rawValue)"] + packages
    case .environment: return ["environment \(interpreter), packages by \(rules.manager.rawValue)"] + packages
    }
  }

  private var packages: [String] {
    let files = requirementFolders.map { $0 == "." ? "requirements.txt" : "\($0)/requirements.txt" }
    if let recorded, !rules.prefersRepository || files.isEmpty {
      let lines = additional + RequirementLine.lines(of: recorded)
      return lines.isEmpty ? ["no packages"] : lines
    }
    return additional + (files.isEmpty ? ["no packages"] : ["what is there of " + files.joined(separator: ", ")])
  }
}
