/// Why a helper program did not do its work.
package enum CommandError: Error, Equatable, CustomStringConvertible {
  /// There is no such program.
  case programMissing(program: String)
  /// There is a program but no process came of it.
  case cannotStart(program: String, reason: String)
  /// It ended with a code other than 0.
  case failed(program: String, code: Int32, lastLines: [String])
  /// A signal ended it.
  case signaled(program: String, signal: Int32, lastLines: [String])
  /// It took longer than allowed and was ended.
  case timedOut(program: String, limit: Duration)
  /// It was no longer wanted and was ended.
  case cancelled(program: String)

  package var description: String {
    switch self {
    case .programMissing(let program): Self.advice(program)
    case .cannotStart(let program, let reason): "\(program) could not be started: \(reason)"
    case .failed(let program, let code, let lines): "\(program) failed with exit code \(code)\(Self.quote(lines))"
    case .signaled(let program, let signal, let lines): "\(program) was ended by signal \(signal)\(Self.quote(lines))"
    case .timedOut(let program, let limit): "\(program) did not finish within \(limit) and was ended."
    case .cancelled(let program): "\(program) was cancelled."
    }
  }

  /// What the program said last.
  package var lastLines: [String] {
    switch self {
    case .failed(_, _, let lines), .signaled(_, _, let lines): lines
    default: []
    }
  }

  private static func quote(_ lines: [String]) -> String {
    lines.isEmpty ? "." : ":\n" + lines.map { "  \($0)" }.joined(separator: "\n")
  }

  private static func advice(_ program: String) -> String {
    let install =
      switch program {
      case "git": "Install it (Debian, Ubuntu: `apt install git`)."
      case "uv": "Install it (`pip install uv`), or choose pip as package manager."
      case let name where name.hasPrefix("python"): "Install it (Debian, Ubuntu: `apt install python3 python3-venv`)."
      default: "Install it, or put its folder into PATH."
      }
    return "The program \(program.isEmpty ? "(no name)" : program) was not found. \(install)"
  }
}
