import StintModel
import StintRuntime

/// What is told about a run that is over.
struct Conclusion: Sendable, Equatable {
  /// The task's new state; nil where its record belongs to somebody else by now.
  var status: TaskStatus?
  /// `status_reason` of the task.
  var reason: String
  /// The last line of the task's log.
  var lastLine: String?
  /// What went wrong, for the task's log.
  var errorMessage: String?
  var exitStatus: ExitStatus
  /// Whether the record has been made ready for another run, which nothing of this one may spoil.
  var isForeign = false

  init(end: TaskRun.End, interruption: Interruption?) {
    switch end {
    case .job(let end): self.init(job: end)
    case .failed(let message):
      self.init(status: .failed, reason: Self.firstLine(message), errorMessage: message, exitStatus: .exited(code: 1))
    case .cancelled:
      self.init(status: .stopped, reason: "stopped before it started", exitStatus: .signaled(15))
    }
    switch interruption {
    case nil: break
    case .aborted?:
      (status, reason, errorMessage) = (.stopped, "aborted", nil)
      lastLine = "[stint] The task was aborted."
    case .agentStopped?:
      (status, reason, errorMessage) = (.stopped, "stopped together with its agent", nil)
      lastLine = "[stint] The agent was told to stop, and the task with it."
    case .changed(.created)?, .changed(.queued)?, .deleted?:
      (status, lastLine, errorMessage, isForeign) = (nil, nil, nil, true)
    case .changed(let other)?:
      (status, errorMessage) = (nil, nil)
      lastLine = "[stint] The task's state was changed to \(other.rawValue) elsewhere, so its process was ended."
    }
  }

  private init(job end: JobEnd) {
    switch end.reason {
    case .exited(let code): self.init(exit: .exited(code: code))
    case .signaled(let number): self.init(exit: .signaled(number))
    case .failedToStart, .lost:
      self.init(
        status: .failed, reason: "the task's process \(end)", errorMessage: "The task's process \(end).",
        exitStatus: .exited(code: 1))
    }
  }

  private init(exit: ExitStatus) {
    let isGood = exit.taskStatus == .completed
    self.init(
      status: exit.taskStatus, reason: exit.sentence,
      lastLine: isGood ? "Process completed successfully" : "Process failed: \(exit.sentence)", exitStatus: exit)
  }

  private init(
    status: TaskStatus?, reason: String, lastLine: String? = nil, errorMessage: String? = nil, exitStatus: ExitStatus
  ) {
    (self.status, self.reason, self.lastLine) = (status, reason, lastLine)
    (self.errorMessage, self.exitStatus) = (errorMessage, exitStatus)
  }

  /// A message on one line, as it fits into a table: its first line, and of what a program said the line that matters.
  private static func firstLine(_ message: String) -> String {
    let lines = message.split(separator: "\n").map { $0.drop { $0 == " " } }
    guard let first = lines.first, first.hasSuffix(":") else { return String((lines.first ?? "").prefix(250)) }
    let telling = lines.dropFirst().first { line in
      ["error", "fatal"].contains { line.lowercased().contains($0) }
    }
    return String("\(first) \(telling ?? lines.last ?? "")".prefix(250))
  }
}
