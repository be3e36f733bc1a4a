import StintModel
import StintRuntime
import Synchronization

/// Why a task shall not go on, for those who still work on it.
final class InterruptionNote: Sendable {
  private let state = Mutex<Interruption?>(nil)

  var interruption: Interruption? {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}

extension TaskRun {
  /// How long the outputs of a task may take whose agent was told to end at once.
  private static let haste = Duration.seconds(20)

  func outputs(_ log: TaskLog) -> TaskOutputs { TaskOutputs(context: context, folder: folder, log: log) }

  /// Makes artifacts of what the job left, however it ended. Only then is its end told: who waits for the task finds
  /// everything there, and as long as it is not told the lease is renewed, so that a dead agent's successor goes on.
  func keepOutputs(_ end: End, _ note: InterruptionNote, _ log: TaskLog) async -> End {
    guard case .job = end, note.interruption?.isForeign != true else { return end }
    // Who watched the task may have gone with the news that it shall stop.
    async let _: Void = stayHolder()
    do {
      try await outputs(log).upload()
      return end
    } catch {
      return .cancelled
    }
  }

  /// The same, where nobody may wait for long.
  func keepOutputsInHaste(_ log: TaskLog) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await outputs(log).upload(patience: .seconds(5)) }
      group.addTask { try? await Task.sleep(for: Self.haste) }
      await group.next()
      group.cancelAll()
    }
  }
}

extension Interruption {
  /// Whether the task's record is for another run by now, which nothing of this one may spoil.
  var isForeign: Bool {
    switch self {
    case .changed(.created), .changed(.queued), .deleted, .leaseLost: true
    case .aborted, .agentStopped, .changed, .overLimit: false
    }
  }
}
