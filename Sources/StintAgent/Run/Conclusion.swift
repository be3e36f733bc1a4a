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
  /// The same for programs.
  var end: AttemptEnd
  /// Whether the record has been made ready for another run, which nothing of this one may spoil.
  var isForeign = false

  init(end: TaskRun.End, interruption: Interruption?) {
    switch end {
    case .job(let end): self.init(job: end)
    case .failed(let why, let message):
      self.init(
        status: .failed, reason: Self.summary(message), errorMessage: message, exitStatus: .exited(code: 1),
        end: AttemptEnd(why))
    case .cancelled:
      self.init(
        status: .stopped, reason: "stopped before it started", exitStatus: .signaled(15), end: AttemptEnd(.aborted))
    }
    switch interruption {
    case nil: break
    case .aborted?:
      (status, reason, errorMessage, self.end) = (.stopped, "aborted", nil, AttemptEnd(.aborted))
      lastLine = "[stint] The task was aborted."
    case .agentStopped?:
      (status, reason, errorMessage) = (.stopped, "stopped together with its agent", nil)
      self.end = AttemptEnd(.agentStopped)
      lastLine = "[stint] The agent was told to stop, and the task with it."
    case .overLimit(let limit, let sentence)?:
      (status, reason, errorMessage, self.end) = (.failed, sentence, nil, AttemptEnd(limit))
      lastLine = "[stint] The task \(sentence), so it was ended."
    case .changed(.created)?, .changed(.queued)?, .deleted?, .leaseLost?:
      (status, lastLine, errorMessage, isForeign) = (nil, nil, nil, true)
    case .changed(let other)?:
      (status, errorMessage) = (nil, nil)
      lastLine = "[stint] The task's state was changed to \(other.rawValue) elsewhere, so its process was ended."
    }
  }

  private init(job end: JobEnd) {
    switch end.reason {
    case _ where end.leaseOver:
      let reason = "ended, as its agent did not reach the server for the time of its lease"
      self.init(
        status: .failed, reason: reason, lastLine: "[stint] The task was \(reason).", exitStatus: .signaled(15),
        end: AttemptEnd(.lostWorker))
    case _ where end.ranOutOfMemory:
      let reason = "killed, as the machine ran out of memory"
      self.init(
        status: .failed, reason: reason, lastLine: "Process failed: \(reason). Use less, or a larger machine.",
        exitStatus: .signaled(9), end: AttemptEnd(.outOfMemory, signal: 9))
    case .exited(let code): self.init(exit: .exited(code: code))
    case .signaled(let number): self.init(exit: .signaled(number))
    case .failedToStart, .lost:
      self.init(
        status: .failed, reason: "the task's process \(end)", errorMessage: "The task's process \(end).",
        exitStatus: .exited(code: 1), end: AttemptEnd(end.reason == .lost ? .vanished : .startFailed))
    }
    self.end.peakMemoryKb = end.peakMemoryKB.flatMap { Int(exactly: $0) }
  }

  private init(exit: ExitStatus) {
    let isGood = exit.taskStatus == .completed
    self.init(
      status: exit.taskStatus, reason: exit.sentence,
      lastLine: isGood ? "Process completed successfully" : "Process failed: \(exit.sentence)", exitStatus: exit,
      end: Self.end(exit))
  }

  private static func end(_ exit: ExitStatus) -> AttemptEnd {
    switch (exit, exit.taskStatus) {
    case (_, .completed): AttemptEnd(.completed)
    case (_, .stopped): AttemptEnd(.aborted)
    case (.exited(let code), _): AttemptEnd(.exitCode, exitCode: Int(code))
    case (.signaled(let number), _): AttemptEnd(.signal, signal: Int(number))
    }
  }

  private init(
    status: TaskStatus?, reason: String, lastLine: String? = nil, errorMessage: String? = nil, exitStatus: ExitStatus,
    end: AttemptEnd
  ) {
    (self.status, self.reason, self.lastLine) = (status, reason, lastLine)
    (self.errorMessage, self.exitStatus, self.end) = (errorMessage, exitStatus, end)
  }

  /// Says that nothing more could be written, the job's output included.
  mutating func tellFullDisk(of folder: String) {
    guard !isForeign else { return }
    let full = "the disk of the agent's cache \(folder) is full"
    reason += "; \(full)"
    // Whatever else ended it would have done so with room, too.
    if [.exitCode, .signal, .startFailed].contains(end.reason) { end.reason = .diskFull }
    let advice = "[stint] Output was cut: \(full). Free some space there, then run the task again."
    errorMessage = [errorMessage, lastLine, advice].compactMap { $0 }.joined(separator: "\n")
    lastLine = nil
  }

  /// A message on one line, as it fits into a table: its first sentence, and of what a program said what matters.
  private static func summary(_ message: String) -> String {
    let lines = message.split(separator: "\n").map { $0.drop { $0 == " " } }
    guard let first = lines.first, first.hasSuffix(":"), lines.count > 1 else {
      return String((lines.first ?? "").prefix(250))
    }
    let sentence = first.firstRange(of: ". ").map { first[..<$0.lowerBound] } ?? first.dropLast()
    return String("\(sentence): \(telling(lines.dropFirst()))".prefix(250))
  }

  private static func telling(_ lines: ArraySlice<Substring>) -> String {
    // uv draws what went wrong as a tree, over several lines.
    if let start = lines.firstIndex(where: { $0.hasPrefix("×") }) {
      let tree = lines[start...].prefix { !$0.hasPrefix("hint:") && !$0.hasPrefix("[") }
        .map { $0.drop { "×╰├│─▶ ".contains($0) } }
      let isTitled = tree.count > 1 && tree[0].hasSuffix(":")
      return tree.dropFirst(isTitled ? 1 : 0).joined(separator: " ")
    }
    let start = lines.firstIndex { line in
      ["error", "fatal"].contains { line.lowercased().contains($0) }
    }
    guard let start else { return String(lines.last ?? "") }
    let causes = lines[(start + 1)...].prefix { $0.lowercased().hasPrefix("cause") }
    return ([lines[start]] + causes).joined(separator: ", ")
  }
}
