import Logging

/// The agent's own lines in a task's output.
struct TaskLog: Sendable {
  let folder: JobFolder
  let masker: Masker
  let logger: Logger
  /// Gets the lines, too.
  var echo: (@Sendable (String) -> Void)?

  /// Writes one line; it reaches the server in order with the job's output.
  func say(_ line: String) {
    do {
      try folder.say(line)
      echo?(masker.mask(line))
      logger.debug("task \(folder.task): \(masker.mask(line))")
    } catch {
      logger.error("\(error)")
    }
  }

  /// `say`, to be handed on.
  var sayTold: @Sendable (String) -> Void { { say($0) } }

  /// Does one step of a plan and writes how long it took.
  func step<Value: Sendable>(
    _ name: String, _ detail: (Value) -> String = { _ in "" }, _ work: () async throws -> Value
  ) async throws -> Value {
    let start = ContinuousClock.now
    let value = try await work()
    let time = start.duration(to: .now)
    let text = detail(value)
    say("[stint] \(name)\(text.isEmpty ? "" : ": \(text)") (\(Self.text(time)))")
    return value
  }

  static func text(_ time: Duration) -> String {
    let milliseconds = Int(time / .milliseconds(1))
    return milliseconds < 10_000 ? "\(milliseconds) ms" : "\(milliseconds / 1000) s"
  }
}
