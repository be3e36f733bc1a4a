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
    case .environment(let request):
      let title = "environment \(request.python), packages by \(request.installer.rawValue)"
      switch request.requirements {
      case .listed([]): return [title, "no packages"]
      case .listed(let packages): return [title] + packages
      case .file(let candidates): return [title, "from " + candidates.joined(separator: ", else ")]
      }
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
