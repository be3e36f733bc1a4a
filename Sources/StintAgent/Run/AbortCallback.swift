import StintWire

/// What code registered to be called before its task is stopped (the SDK's `Task.register_abort_callback`), as the
/// task's record has it. The code notices by itself that the task shall stop, now and then.
struct AbortCallback: Sendable, Equatable {
  /// The time it may take, from the moment when somebody asks for the stop.
  let time: Duration
  /// Whether it has returned.
  let isOver: Bool
  /// Whether it is code that has registered it, and not its agent for a command.
  let isOfCode: Bool

  private static let timeKey = "_abort_callback_timeout"
  private static let pauseKey = "_abort_poll_freq"
  private static let overKey = "_abort_callback_completed"

  /// What a record's runtime properties say; nil where nothing is to be waited for.
  init?(runtime: [String: JSON]) {
    guard let time = Self.seconds(runtime[Self.timeKey]), time > 0 else { return nil }
    self.time = .seconds(time + max(0, Self.seconds(runtime[Self.pauseKey]) ?? 0))
    isOfCode = runtime[Self.overKey] != nil
    isOver =
      switch runtime[Self.overKey] {
      case .string(let text)?: !text.isEmpty
      case .bool(let isOver)?: isOver
      case let number?: number.double.map { $0 != 0 } ?? false
      case nil: false
      }
  }

  /// The names of those runtime properties that an earlier run of the task has left of its own.
  static func names(in runtime: [String: JSON]) -> [String] {
    [timeKey, pauseKey, overKey].filter { runtime[$0] != nil }
  }

  /// What registers a command, which does not say whether it is over before it is.
  static func properties(seconds: Int, pause: Int) -> [String: JSON] {
    [timeKey: .string("\(seconds)"), pauseKey: .string("\(pause)")]
  }

  /// What tells that a command is over.
  static let over: [String: JSON] = [overKey: "1"]

  /// Numbers come as such and as text.
  private static func seconds(_ value: JSON?) -> Double? {
    let number = value?.double ?? value?.string.flatMap(Double.init)
    return number.flatMap { $0.isFinite && $0 < 1e9 ? $0 : nil }
  }
}
