import StintModel
import StintStore
import StintWire

/// What a worker watches of its task.
private struct Watched: Sendable {
  let status: String
  let message: String
}

extension Services {
  /// The longest time that a call is held open.
  static let longestWait: Duration = .seconds(60)

  func addTaskPing(to api: inout API) {
    api.onHeld(Tasks.Ping.self) { request, call in
      let grant = try await transact(call) { transaction -> LeaseGrant? in
        if request.release == true, let claim = request.lease {
          try transaction.release(request.task, as: claim)
          return nil
        }
        try transaction.records.update(.tasks, id: request.task) { $0["last_update"] = transaction.timestamp }
        return try request.lease.map { try transaction.renew(request.task, as: $0) }
      }
      if request.release == true { return { .init() } }
      if let stream = request.stream {
        let end = try await store.events.streamEnd(task: request.task, stream: stream)
        return { .init(streamEnd: end, lease: grant) }
      }
      guard let wait = request.waitMs, let known = request.status else { return { .init(lease: grant) } }
      return {
        let answer = try await change(of: request.task, from: known, upTo: .milliseconds(max(0, wait)))
        return .init(status: answer.status, statusMessage: answer.message, lease: grant)
      }
    }
  }

  private func change(of task: String, from known: String, upTo limit: Duration) async throws -> Watched {
    let changed = try await taskSignal.poll([task], upTo: min(limit, Self.longestWait)) { () -> Watched? in
      let now = try await look(at: task)
      return now.status != known || now.message == StatusChange.stopping ? now : nil
    }
    return if let changed { changed } else { try await look(at: task) }
  }

  private func look(at id: String) async throws -> Watched {
    let task = try await store.read { try $0.task(id) }
    return Watched(status: task.status.rawValue, message: task.text("status_message") ?? "")
  }
}
