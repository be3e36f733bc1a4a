/// Why a task's Python environment could not be made.
package enum EnvironmentError: Error, CustomStringConvertible {
  /// There is no such interpreter that works.
  case interpreterMissing(name: String, tried: [String])
  /// The empty environment could not be made.
  case creationFailed(python: String, lastLines: [String])
  /// The installer gave up.
  case installFailed(manager: String, lastLines: [String])
  /// Nothing more can be written.
  case diskFull(folder: String)
  /// A helper program did not run.
  case command(CommandError)
  /// The cache could not be read or written.
  case files(FileError)
  /// The environment is no longer wanted.
  case cancelled

  package var description: String {
    switch self {
    case .interpreterMissing(let name, let tried):
      "There is no working \(name) on this machine\(tried.isEmpty ? "" : " (tried \(tried.joined(separator: ", ")))"). "
        + "Install it, or set the agent's python_binary to one that is there."
    case .creationFailed(let python, let lines):
      "\(python) cannot make a virtual environment. Install uv (`pip install uv`), or python3-venv (Debian, Ubuntu: "
        + "`apt install python3-venv`).\(Self.quote(lines))"
    case .installFailed(let manager, let lines):
      "\(manager) cannot install the task's requirements. Check their names and versions, and that this machine reaches "
        + "the package index.\(Self.quote(lines))"
    case .diskFull(let folder):
      "There is no space left on the disk of \(folder). Free some, then enqueue the task again."
    case .command(let error): error.description
    case .files(let error): "\(error). Check the folder's owner and free space."
    case .cancelled: "Preparing the Python environment was cancelled."
    }
  }

  private static func quote(_ lines: [String]) -> String {
    lines.isEmpty ? "" : " Its last words:\n" + lines.map { "  \($0)" }.joined(separator: "\n")
  }
}

extension EnvironmentError {
  init(_ error: any Error, folder: String) {
    switch error {
    case let error as EnvironmentError: self = error
    case let error as FileError where error.code == Self.noSpace: self = .diskFull(folder: folder)
    case let error as FileError: self = .files(error)
    case CommandError.cancelled, is CancellationError: self = .cancelled
    case let error as CommandError where Self.saysDiskFull(error): self = .diskFull(folder: folder)
    case let error as CommandError: self = .command(error)
    default: self = .command(.cannotStart(program: "", reason: "\(error)"))
    }
  }

  static func saysDiskFull(_ error: CommandError) -> Bool {
    error.lastLines.contains { $0.contains("No space left on device") || $0.contains("os error 28") }
  }

  private static var noSpace: Int32 { 28 }
}
