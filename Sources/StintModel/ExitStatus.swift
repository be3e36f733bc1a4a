/// How the process of a task ended.
package enum ExitStatus: Sendable, Hashable {
  case exited(code: Int32)
  case signaled(Int32)

  /// The state that the task enters: 0 is success; 254 (an exit of -2) is a stop that the user's code asked for.
  package var taskStatus: TaskStatus {
    switch self {
    case .exited(code: 0): .completed
    case .exited(code: 254), .exited(code: -2): .stopped
    case .exited, .signaled: .failed
    }
  }

  /// The status as a shell reports it: the exit code, or 128 and the signal's number.
  package var shellCode: Int32 {
    switch self {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }

  /// One sentence for a task's record.
  package var sentence: String {
    switch self {
    case .exited(let code): "worker execution exit code \(code)"
    case .signaled(9): "killed by signal 9 (SIGKILL), by somebody or for want of memory"
    case .signaled(let signal): "ended by signal \(signal)"
    }
  }
}
