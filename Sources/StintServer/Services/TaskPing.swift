import StintModel
import StintStore
import StintWire

/// What a worker watches of its task.
private struct TaskState: Sendable {
  let status: String
  let message: String
}

extension Services {
  /// The longest time that a call is held open.
  static let longestWait: Duration = .seconds(60)

  func addTaskPing(to api: inout API) {
    api.on(Tasks.Ping.self) { request, call in
      try await transact(call) { transaction in
        try transaction.records.update(.tasks, id: request.task) { $0["last_update"] = transaction.timestamp }
      }
      guard let wait = request.waitMs, let known = request.status else { return .init() }
      let limit = min(.milliseconds(max(0, wait)), Self.longestWait)
      let changed = try await taskSignal.poll([request.task], upTo: limit) {
        let state = try await state(of: request.task)
        return state.status != known || state.message == StatusChange.stopping ? state : nil
      }
      let state: TaskState = if let changed { changed } else { try await state(of: request.task) }
      return .init(status: state.status, statusMessage: state.message)
    }
  }

  private func state(of id: String) async throws -> TaskState {
    let task = try await store.read { try $0.task(id) }
    return TaskState(status: task.status.rawValue, message: task.text("status_message") ?? "")
  }
}
