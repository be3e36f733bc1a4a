import Logging
import StintClient
import StintConfig
import StintModel
import StintRuntime
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
  private var mostTime: Duration { context.setup.settings.intervals.abortCallback }

  private enum News: Sendable {
    /// The command has ended, or the code has done what it registered.
    case over
    case interruption(Interruption)
    /// It was cancelled.
    case nothing
  }

  /// Waits while the code of a task that shall stop does what it registered for that moment, for as long as it asked
  /// for, and while its agent's command runs. Returns why it must stop at once, where that is so.
  func waitForAbortCallback(_ log: TaskLog) async -> Interruption? {
    let command = folder.abortCommand
    let found = await look(patience: .seconds(10))?.callback
    let callback = found.flatMap { $0.isOver || (command != nil && !$0.isOfCode) ? nil : $0 }
    var left = (command == nil ? 0 : 1) + (callback == nil ? 0 : 1)
    guard left > 0 else { return nil }
    async let _: Void = stayHolder()
    return await withTaskGroup(of: News.self) { group in
      if let command {
        group.addTask {
          await carryOut(command, tellsEnd: callback == nil, log)
          return .over
        }
      }
      group.addTask { await wait(for: callback, log) }
      for await news in group {
        switch news {
        case .over: left -= 1
        case .interruption(let interruption):
          group.cancelAll()
          return interruption
        case .nothing: continue
        }
        if left == 0 { break }
      }
      group.cancelAll()
      return nil
    }
  }

  private func carryOut(_ command: AbortCommand, tellsEnd: Bool, _ log: TaskLog) async {
    let limit = min(command.time, mostTime)
    log.say("[stint] The task shall stop; its abort command has up to \(limit.components.seconds) s.")
    let start = ContinuousClock.now
    do {
      let command = Command(
        command.argv, environment: command.variables, workingDirectory: command.workingDirectory, timeLimit: limit)
      _ = try await command.run(onLine: log.sayTold)
      log.say("[stint] The abort command is done (\(TaskLog.text(start.duration(to: .now)))).")
    } catch CommandError.cancelled {
      return
    } catch {
      log.say("[stint] The abort command: \(error)")
    }
    if tellsEnd { try? await editRuntime(AbortCallback.over, patience: .seconds(10)) }
  }

  /// Waits for the code, where it has something to do, or until the task must stop at once.
  private func wait(for callback: AbortCallback?, _ log: TaskLog) async -> News {
    let limit = callback.map { min($0.time, mostTime) }
    let start = ContinuousClock.now
    if let limit {
      log.say("[stint] The task shall stop; its abort callback has up to \(limit.components.seconds) s.")
    }
    while limit.map({ start.duration(to: .now) < $0 }) ?? true {
      guard (try? await Task.sleep(for: Self.lookInterval)) != nil else { return .nothing }
      if callback != nil, !isJobRunning { return .over }
      // Without an answer it goes on: the code may be at work.
      guard let seen = await look(patience: .zero) else { continue }
      if let interruption = seen.interruption { return .interruption(interruption) }
      guard callback != nil else { continue }
      guard let callback = seen.callback, !callback.isOver else {
        log.say("[stint] The abort callback is done (\(TaskLog.text(start.duration(to: .now)))).")
        return .over
      }
    }
    log.say("[stint] The abort callback was not done in time.")
    return .over
  }

  /// Whether somebody had asked for the stop of a task whose code ended before its agent heard of that: the `clearml`
  /// package may be faster.
  func wasAskedToStop(_ end: End) async -> Bool {
    guard case .job(let end) = end, !end.stopped, !end.leaseOver else { return false }
    switch end.reason {
    case .exited(0), .failedToStart, .lost: return false
    case .exited, .signaled: return await look(patience: .seconds(10))?.isStopping ?? false
    }
  }

  /// What the record says of the callback, and whether it leaves it any time.
  private func look(
    patience: Duration
  ) async -> (callback: AbortCallback?, interruption: Interruption?, isStopping: Bool)? {
    let fields: JSON = ["status", "status_message", "runtime"]
    let answer = try? await client.call(
      Tasks.GetAll.self, ["id": [.string(task)], "only_fields": fields, "search_hidden": true], patience: patience)
    guard let answer else { return nil }
    guard let record = answer["tasks"]?.array?.first else { return (nil, .deleted, false) }
    let status = record["status"]?.string.flatMap(TaskStatus.init) ?? .unknown
    let interruption = Interruption(status: status, message: record["status_message"]?.string ?? "")
    return (
      AbortCallback(runtime: record["runtime"]?.object ?? [:]),
      interruption.flatMap { $0.leavesTime ? nil : $0 },
      interruption == .aborted
    )
  }
}
