/// Where a task stands (`task_status_enum` of the protocol).
package enum TaskStatus: String, Sendable, Codable, CaseIterable {
  case created
  case queued
  case inProgress = "in_progress"
  case stopped
  case published
  case publishing
  case closed
  case failed
  case completed
  case unknown

  /// The states that a task may enter from this one without force. Staying is always allowed.
  package var successors: Set<TaskStatus> {
    switch self {
    case .created: [.queued, .inProgress]
    case .queued: [.created, .inProgress, .stopped]
    case .inProgress: [.stopped, .failed, .created, .completed]
    case .stopped: [.closed, .created, .failed, .queued, .inProgress, .published, .publishing, .completed]
    case .closed: [.created, .failed, .published, .publishing, .stopped]
    case .failed: [.created, .stopped, .published, .queued]
    case .publishing: [.published]
    case .completed: [.published, .inProgress, .created]
    case .published, .unknown: []
    }
  }

  /// Whether a task may go from this state to `next`.
  package func allows(_ next: TaskStatus, force: Bool = false) -> Bool {
    force || next == self || successors.contains(next)
  }

  /// Whether nothing more happens to the task by itself.
  package var isFinal: Bool {
    switch self {
    case .stopped, .published, .closed, .failed, .completed: true
    case .created, .queued, .inProgress, .publishing, .unknown: false
    }
  }
}
