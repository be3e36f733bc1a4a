import StintModel
import StintStore
import StintWire

/// A change of a task's status that somebody asks for.
struct StatusChange: Sendable {
  var next: TaskStatus
  var reason: String?
  var message: String?
  var force: Bool?
  /// More fields to set, by dotted paths.
  var fields: [String: JSON] = [:]

  /// What a worker is asked by a task's status message.
  static let stopping = "stopping"
}

extension Transaction {
  /// Changes a task's status: the only place that does. Checks that the change is allowed, keeps the account of times,
  /// stores the task, and wakes who watches it.
  /// - Returns: the changed fields, which callers answer with.
  /// - Throws: `WireError` 400/110 when the task's status does not allow it.
  @discardableResult
  mutating func setStatus(of task: inout JSON, _ change: StatusChange) throws -> JSON {
    try task.requireWritable()
    let current = task.status
    guard current.allows(change.next, force: change.force ?? false) else {
      throw WireError(
        .invalidTaskStatus,
        "invalid status change: current_status=\(current.rawValue), new_status=\(change.next.rawValue)",
        data: ["current_status": .string(current.rawValue), "new_status": .string(change.next.rawValue)])
    }
    var fields = change.fields.merging(changeMark) { $1 }
    fields["status"] = .string(change.next.rawValue)
    fields["status_reason"] = .string(change.reason ?? "")
    fields["status_message"] = .string(message(for: change, of: task))
    fields["status_changed"] = timestamp
    fields["last_update"] = timestamp
    if current != change.next {
      switch change.next {
      case .inProgress: fields["started"] = timestamp
      case .published: fields["published"] = timestamp
      default: break
      }
      if current == .inProgress { closeActiveTime(of: &task) }
    }
    if change.next == .queued {
      task["system_tags"] = .list(task.texts("system_tags").filter { $0 != SystemTag.development })
    }
    task.set(fields)
    try records.put(.tasks, task)
    if let id = task.text("id") {
      if current == .queued { try settleClaim(on: id, next: change.next) }
      if change.next != .queued, let queue = try records.dequeue(task: id) { noteChange(of: queue) }
      announce(task: id)
    }
    return .object(fields)
  }

  /// Changes the status of the task `id`.
  @discardableResult
  mutating func setStatus(of id: String, _ change: StatusChange) throws -> JSON {
    var task = try records.task(id)
    return try setStatus(of: &task, change)
  }

  /// A worker that reports progress does not undo a stop that was asked for.
  private func message(for change: StatusChange, of task: JSON) -> String {
    let isStopping = task.text("status_message") == StatusChange.stopping
    return isStopping && task.status == .inProgress && change.next == .inProgress
      ? StatusChange.stopping : change.message ?? ""
  }

  private func closeActiveTime(of task: inout JSON) {
    guard let started = task.text("started").flatMap({ Timestamp($0) }) else { return }
    task["active_duration"] = .number((task["active_duration"]?.int ?? 0) + max(0, started.seconds(to: now)))
  }
}

extension JSON {
  /// The status of a task's document.
  var status: TaskStatus { text("status").flatMap(TaskStatus.init) ?? .unknown }

  /// Whether a worker has told of this task lately.
  func hasLiveWorker(at now: Timestamp) -> Bool {
    guard text("last_worker") != nil, let report = text("last_update").flatMap({ Timestamp($0) }) else { return false }
    return report.seconds(to: now) < 600
  }
}

/// The system tags that mean something to the server.
enum SystemTag {
  static let development = "development"
  static let archived = "archived"
  static let defaultQueue = "default"
  /// Beyond the protocol: a queue that gives nothing out for now.
  static let paused = "paused"
  static let hidden = "hidden"
  static let reports = "reports"
  static let pipeline = "pipeline"
  static let dataset = "dataset"
}
