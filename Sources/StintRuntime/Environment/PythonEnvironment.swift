/// A Python environment that is ready to run a task. Keep the value until a job holds its `lockFile`: that keeps the
/// cache from throwing the environment away.
package struct PythonEnvironment: Sendable {
  /// The environment's interpreter.
  package let python: String
  /// Its place in the cache.
  package let directory: String
  /// What is installed, as lines of a requirements file.
  package let frozen: [String]
  /// Whether it was there already.
  package let reused: Bool
  /// Whether other tasks may use it at the same time, each in an overlay of its own.
  package let isShared: Bool
  private let hold: FileLock

  init(folder: EnvironmentFolder, frozen: [String], reused: Bool, isShared: Bool, hold: FileLock) {
    (python, directory) = (folder.python, folder.path)
    (self.frozen, self.reused, self.isShared, self.hold) = (frozen, reused, isShared, hold)
  }

  /// A file that everybody who uses the environment has a shared lock on.
  package var lockFile: String { hold.path }

  /// The variables under which a program runs in the environment, without those of `base` that need not change.
  package func variables(over base: [String: String]) -> [String: String] {
    let folder = EnvironmentFolder(path: directory)
    let path = [folder.venv + "/bin", base["PATH"] ?? ProgramSearch.defaultPath].joined(separator: ":")
    return folder.isConda ? ["PATH": path] : ["PATH": path, "VIRTUAL_ENV": folder.venv]
  }

  /// What a command begins with to run in the environment; nothing, unless conda must switch it on.
  package func prefix(_ variables: [String: String]) -> [String] {
    let folder = EnvironmentFolder(path: directory)
    guard folder.isConda, let conda = CondaInstaller.program(variables) else { return [] }
    return [conda, "run", "--no-capture-output", "--prefix", folder.venv]
  }

  /// What a job must see instead of the environment itself, so that it can change nothing for others; what it writes
  /// goes into the folder `scratch`. Nil where the environment is the job's alone.
  package func overlay(scratch: String) throws(FileError) -> Overlay? {
    guard isShared else { return nil }
    let folder = EnvironmentFolder(path: directory)
    let lower = [folder.bytecode, folder.venv].filter(Files.exists)
    let overlay = Overlay(target: folder.venv, lower: lower, upper: scratch + "/upper", work: scratch + "/work")
    // The environment is seen with the rights of the uppermost folder.
    try Files.makeDirectory(overlay.upper, mode: 0o755)
    try Files.makeDirectory(overlay.work)
    return overlay
  }
}

/// The folder of one environment in the cache.
struct EnvironmentFolder: Sendable, Equatable {
  let path: String

  var venv: String { path + "/venv" }
  var python: String { venv + "/bin/python" }
  var requirements: String { path + "/requirements.txt" }
  /// What Python compiled, in the same folders as below `venv`; only there once it is whole.
  var bytecode: String { path + "/bytecode" }
  /// What tells whether the files below `venv` are as they were made.
  var fingerprint: String { path + "/fingerprint" }
  /// Written last; holds the frozen list, and tells by its date when the environment was last used.
  var marker: String { path + "/complete" }
  /// Whoever uses the environment has a shared lock on this file, whoever removes it an exclusive one.
  var lock: String { path + ".lock" }
  /// Whoever makes, checks or removes the environment has an exclusive lock on this file.
  var claim: String { path + ".claim" }

  /// Whether conda made it.
  var isConda: Bool { Files.exists(venv + "/conda-meta") }

  var isComplete: Bool { Files.exists(marker) }

  /// Whether the files are as they were when the environment was made.
  var isUnchanged: Bool { Files.readText(fingerprint) == FileTree.fingerprint(of: venv) }

  var frozen: [String] { (Files.readText(marker) ?? "").split(separator: "\n").map(String.init) }

  /// Deletes the environment. The claim and an exclusive lock must be held.
  func remove() {
    Files.remove(marker)
    Files.removeTree(path)
  }
}
