extension Plan {
  /// The plan as one POSIX shell script that needs nothing of ours where it runs: git, Python, and pip or uv.
  package var script: String {
    var lines = [
      "#!/bin/sh",
      "# Runs task \(task.filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) by itself.",
      "set -eu",
      "root=$(mktemp -d)",
      "mkdir \"$root/code\"",
      "cd \"$root/code\"",
    ]
    for step in steps { lines += step.script }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Plan.Step {
  fileprivate var script: [String] {
    switch self {
    case .fetchCode(let source): Self.fetch(source)
    case .applyDiff(let diff): ["printf %s \(ShellWords.quote(diff)) | git apply --unidiff-zero --whitespace=nowarn -"]
    case .writeScript(let path, let text): Self.write(text, to: path)
    case .convertNotebook(let path):
      ["python3 -m nbconvert --to python \(ShellWords.quote("./\(path)"))"]
    case .addTaskInit: []
    case .environment(let request): request.script
    case .run(let launch): Self.run(launch)
    }
  }

  private static func fetch(_ source: CodeSource) -> [String] {
    let clone = "git clone --quiet --no-checkout -- \(ShellWords.quote(source.repository)) ."
    let reference =
      source.commit ?? source.tag.map { "refs/tags/\($0)" } ?? source.branch.map { "refs/remotes/origin/\($0)" }
      ?? "HEAD"
    return [
      clone,
      "git checkout --quiet --detach \(ShellWords.quote(reference))",
      "git submodule --quiet update --init --recursive",
    ]
  }

  private static func write(_ text: String, to path: String) -> [String] {
    let write = "printf %s \(ShellWords.quote(text)) > \(ShellWords.quote("./\(path)"))"
    guard let slash = path.lastIndex(of: "/") else { return [write] }
    return ["mkdir -p \(ShellWords.quote("./\(path[..<slash])"))", write]
  }

  private static func run(_ launch: Launch) -> [String] {
    let folders = launch.pythonPath.map { $0 == "." ? "\"$root/code\"" : "\"$root/code\"/\(ShellWords.quote($0))" }
    let program = launch.program.map(ShellWords.quote) ?? "\"$root/venv/bin/python\""
    let command = ([program] + (launch.options + launch.entry.arguments).map(ShellWords.quote)).joined(separator: " ")
    return launch.environment.sorted { $0.key < $1.key }.map { "export \($0.key)=\(ShellWords.quote($0.value))" } + [
      "export PATH=\"$root/venv/bin:$PATH\"",
      "export PYTHONPATH=\(folders.joined(separator: ":"))\"${PYTHONPATH:+:$PYTHONPATH}\"",
      "cd \(ShellWords.quote("./\(launch.workingDirectory)"))",
      "exec \(command)",
    ]
  }
}

extension EnvironmentRequest {
  /// With the tools that every Python has: the lists of the record or the repository, by pip.
  fileprivate var script: [String] {
    let python = ShellWords.quote(python)
    switch place {
    case .nowhere:
      return ["mkdir -p \"$root/venv/bin\"", "ln -s \"$(command -v \(python))\" \"$root/venv/bin/python\""]
    case .interpreter:
      let link = ["mkdir -p \"$root/venv/bin\"", "ln -s \"$(command -v \(python))\" \"$root/venv/bin/python\""]
      return link + installation
    case .environment:
      let own = rules.seesSystemPackages ? " --system-site-packages" : ""
      return ["\(python) -m venv\(own) \"$root/venv\""] + installation
    }
  }

  private var installation: [String] {
    var install = "\"$root/venv/bin/python\" -m pip install --quiet"
    if rules.upgrades { install += " --upgrade" }
    if let index = sources.indexURL { install += " --index-url \(ShellWords.quote(index))" }
    for index in sources.extraIndexURLs { install += " --extra-index-url \(ShellWords.quote(index))" }
    for place in sources.findLinks { install += " --find-links \(ShellWords.quote(place))" }
    for host in sources.trustedHosts { install += " --trusted-host \(ShellWords.quote(host))" }
    for argument in rules.extraArguments { install += " \(ShellWords.quote(argument))" }
    let listed = additional + (recorded.map(RequirementLine.lines) ?? [])
    var lines: [String] = []
    if !listed.isEmpty {
      let text = listed.map { $0 + "\n" }.joined()
      lines += [
        "printf %s \(ShellWords.quote(text)) > \"$root/requirements.txt\"", "\(install) -r \"$root/requirements.txt\"",
      ]
    }
    guard recorded == nil else { return lines }
    for folder in requirementFolders {
      let file = ShellWords.quote(folder == "." ? "./requirements.txt" : "./\(folder)/requirements.txt")
      lines.append("if [ -f \(file) ]; then \(install) -r \(file); fi")
    }
    return lines
  }
}
