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
    case .environment(let request): Self.environment(request)
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

  private static func environment(_ request: EnvironmentRequest) -> [String] {
    let python = ShellWords.quote(request.python)
    let own = request.seesSystemPackages ? " --system-site-packages" : ""
    let make: String
    let install: String
    switch request.installer {
    case .uv:
      make = "uv venv --quiet\(own) --python \(python) \"$root/venv\""
      install = "uv pip install --quiet --python \"$root/venv/bin/python\""
    case .pip:
      make = "\(python) -m venv\(own) \"$root/venv\""
      install = "\"$root/venv/bin/python\" -m pip install --quiet"
    }
    var options = ""
    if let index = request.sources.indexURL { options += " --index-url \(ShellWords.quote(index))" }
    for index in request.sources.extraIndexURLs { options += " --extra-index-url \(ShellWords.quote(index))" }
    for place in request.sources.findLinks { options += " --find-links \(ShellWords.quote(place))" }
    for host in request.sources.trustedHosts {
      options += request.installer == .uv ? " --allow-insecure-host " : " --trusted-host "
      options += ShellWords.quote(host)
    }
    switch request.requirements {
    case .listed([]): return [make]
    case .listed(let packages):
      let text = packages.map { $0 + "\n" }.joined()
      return [
        make, "printf %s \(ShellWords.quote(text)) > \"$root/requirements.txt\"",
        "\(install)\(options) -r \"$root/requirements.txt\"",
      ]
    case .file(let candidates):
      let files = candidates.map { ShellWords.quote("./\($0)") }.joined(separator: " ")
      return [
        make,
        "for file in \(files); do",
        "  if [ -f \"$file\" ]; then",
        "    \(install)\(options) -r \"$file\"",
        "    break",
        "  fi",
        "done",
      ]
    }
  }

  private static func run(_ launch: Launch) -> [String] {
    let folders = launch.pythonPath.map { $0 == "." ? "\"$root/code\"" : "\"$root/code\"/\(ShellWords.quote($0))" }
    let program = launch.program.map(ShellWords.quote) ?? "\"$root/venv/bin/python\""
    let command = ([program] + launch.arguments.map(ShellWords.quote)).joined(separator: " ")
    return launch.environment.sorted { $0.key < $1.key }.map { "export \($0.key)=\(ShellWords.quote($0.value))" } + [
      "export PATH=\"$root/venv/bin:$PATH\"",
      "export PYTHONPATH=\(folders.joined(separator: ":"))\"${PYTHONPATH:+:$PYTHONPATH}\"",
      "cd \(ShellWords.quote("./\(launch.workingDirectory)"))",
      "exec \(command)",
    ]
  }
}
