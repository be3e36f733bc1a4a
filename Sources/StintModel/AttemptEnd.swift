/// How an attempt at a task ended: one code for programs, one sentence for people.
package struct AttemptEnd: Codable, Sendable, Hashable {
  /// What ended it.
  package enum Reason: String, Codable, Sendable, CaseIterable {
    case completed
    /// The program ended with an exit code that is no success.
    case exitCode = "exit_code"
    /// A signal ended the program.
    case signal
    case outOfMemory = "out_of_memory"
    /// It ran longer than its queue allows.
    case runLimit = "run_limit"
    /// It wrote nothing for longer than its queue allows.
    case silenceLimit = "silence_limit"
    /// It waited in its queue for longer than that allows.
    case queueLimit = "queue_limit"
    /// Its worker was not heard of any more.
    case lostWorker = "lost_worker"
    /// Its supervisor or its machine went down.
    case vanished
    /// Its agent was told to end, and gave the task back.
    case agentStopped = "agent_stopped"
    case diskFull = "disk_full"
    case codeFailed = "code_failed"
    case environmentFailed = "environment_failed"
    /// What the task declared to need could not be had, or was something else.
    case inputsFailed = "inputs_failed"
    case imageNotFound = "image_not_found"
    /// The program or its folder could not be entered.
    case startFailed = "start_failed"
    /// The record asks for what cannot be.
    case invalidTask = "invalid_task"
    /// Somebody stopped it.
    case aborted
  }

  package var reason: Reason
  package var exitCode: Int?
  package var signal: Int?
  /// The most memory that its main process ever had in use, in KB.
  package var peakMemoryKb: Int?

  package init(_ reason: Reason, exitCode: Int? = nil, signal: Int? = nil) {
    (self.reason, self.exitCode, self.signal) = (reason, exitCode, signal)
  }
}

extension AttemptEnd.Reason {
  /// Whether the task itself did nothing wrong: where it runs was lost.
  package var isLoss: Bool {
    switch self {
    case .lostWorker, .vanished, .agentStopped: true
    default: false
    }
  }

  /// Whether another try may end better.
  package var isWorthRetrying: Bool {
    switch self {
    case .exitCode, .signal, .outOfMemory, .silenceLimit, .diskFull, .codeFailed, .environmentFailed, .inputsFailed,
      .startFailed:
      true
    case .completed, .aborted, .runLimit, .queueLimit, .imageNotFound, .invalidTask: false
    case .lostWorker, .vanished, .agentStopped: false
    }
  }
}
