import StintPlan

/// The shell script that starts a task which was built into a folder. It holds nothing secret: the task's own ClearML
/// package finds the server by the configuration of whoever starts it.
struct RunScript: Sendable {
  let launch: Launch
  let hasEnvironment: Bool

  /// What is only right for a task that an agent looks after.
  private static let agentsOwn: Set = [
    "CLEARML_WORKER_ID", "TRAINS_WORKER_ID", "CLEARML_LOG_TASK_TO_BACKEND", "TRAINS_LOG_TASK_TO_BACKEND",
  ]

  var text: String {
    var lines = [
      "#!/bin/sh",
      "# Starts the task as `stint agent build` prepared it; arguments are handed on to it.",
      "set -eu",
      "root=$(CDPATH= cd -- \"$(dirname -- \"$0\")\" && pwd)",
    ]
    for (name, value) in launch.environment.sorted(by: { $0.key < $1.key }) where !Self.agentsOwn.contains(name) {
      lines.append("export \(name)=\(ShellWords.quote(value))")
    }
    if hasEnvironment {
      lines.append("export VIRTUAL_ENV=\"$root/venv\" PATH=\"$root/venv/bin:$PATH\"")
    }
    let folders = launch.pythonPath.map(place).joined(separator: ":")
    lines.append("export PYTHONPATH=\(folders)\"${PYTHONPATH:+:$PYTHONPATH}\"")
    lines.append("cd \(place(launch.workingDirectory))")
    let python = hasEnvironment ? "\"$root/venv/bin/python\"" : "python3"
    let words =
      ["exec", launch.program.map(ShellWords.quote) ?? python]
      + (launch.options + launch.entry.arguments).map(ShellWords.quote)
    lines.append(words.joined(separator: " ") + " \"$@\"")
    return lines.joined(separator: "\n") + "\n"
  }

  private func place(_ relative: String) -> String {
    relative == "." ? "\"$root/code\"" : "\"$root/code\"/\(ShellWords.quote(relative))"
  }
}
