import Logging
import StintClient
import StintConfig
import StintModel
import StintWire

extension Interruption {
  /// Whether the task is still this run's, so that its code may end in its own time.
  var leavesTime: Bool {
    switch self {
    case .aborted: true
    case .changed(let status): status.isFinal
    case .agentStopped, .deleted, .leaseLost, .overLimit: false
    }
  }

  /// Whether the queue says so, and nobody else.
  var isLimit: Bool { if case .overLimit = self { true } else { false } }
}

extension TaskRun {
  private static let lookInterval = Duration.seconds(1)

  /// Waits while the code of a task that shall stop does what it registered for that moment, for as long as it asked
  /// for. Returns why it must stop at once, where that is so.
  func waitForAbortCallback(_ log: TaskLog) async -> Interruption? {
    guard let callback = await look(patience: .seconds(10))?.callback, !callback.isOver else { return nil }
    let limit = min(callback.time, context.setup.settings.intervals.abortCallback)
    let start = ContinuousClock.now
    log.say("[stint] The task shall stop; its abort callback has up to \(limit.components.seconds) s.")
    async let _: Void = stayHolder()
    while start.duration(to: .now) < limit {
      guard (try? await Task.sleep(for: Self.lookInterval)) != nil else { return nil }
      // Without an answer it goes on: the code may be at work.
      guard let seen = await look(patience: .zero) else { continue }
      if let interruption = seen.interruption { return interruption }
      guard let callback = seen.callback, !callback.isOver else {
        log.say("[stint] The abort callback is done (\(TaskLog.text(start.duration(to: .now)))).")
        return nil
      }
    }
    log.say("[stint] The abort callback was not done in time.")
    return nil
  }

  /// What the record says of the callback, and whether it leaves it any time.
  private func look(patience: Duration) async -> (callback: AbortCallback?, interruption: Interruption?)? {
    let fields: JSON = ["status", "status_message", "runtime"]
    let answer = try? await client.call(
      Tasks.GetAll.self, ["id": [.string(task)], "only_fields": fields, "search_hidden": true], patience: patience)
    guard let answer else { return nil }
    guard let record = answer["tasks"]?.array?.first else { return (nil, .deleted) }
    let status = record["status"]?.string.flatMap(TaskStatus.init) ?? .unknown
    let interruption = Interruption(status: status, message: record["status_message"]?.string ?? "")
    return (
      AbortCallback(runtime: record["runtime"]?.object ?? [:]),
      interruption.flatMap { $0.leavesTime ? nil : $0 }
    )
  }
}
