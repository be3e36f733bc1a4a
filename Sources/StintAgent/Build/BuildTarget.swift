import StintRuntime

/// The folder that a task is built into: `code`, `venv` and `run.sh`, with a log of how they were made.
struct BuildTarget: Sendable {
  let path: String
  let folder: JobFolder

  init(path: String, task: String) {
    self.path = path
    folder = JobFolder(task: task, at: path)
  }

  /// What starts the task.
  var script: String { path + "/run.sh" }
  /// Where the environment is to be found.
  private var venv: String { path + "/venv" }

  /// An environment of the folder's own, which no cache throws away.
  var environments: Environments { Environments(directory: path + "/environment") }

  /// Gives the environment a name that is easy to find.
  func link(to environment: PythonEnvironment) throws(FileError) {
    let root = environment.directory
    let relative = root.hasPrefix(path + "/") ? String(root.dropFirst(path.count + 1)) : root
    try Files.link(relative + "/venv", from: venv)
  }

  func write(_ script: RunScript) throws(FileError) {
    try Files.write(script.text, to: self.script)
    try Files.setMode(0o700, of: self.script)
  }

  /// Removes what there is, so that the next try begins with an empty folder.
  func empty() {
    for name in Files.names(in: path) { Files.remove("\(path)/\(name)") }
  }
}
