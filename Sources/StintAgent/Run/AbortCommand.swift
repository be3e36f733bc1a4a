import StintPlan
import StintWire

/// A command that is run before a task is stopped, beside what the task's code has registered for that moment: the
/// variable CLEARML_AGENT_ABORT_CALLBACK_CMD, as clearml-agent knows it.
struct AbortCommand: Codable, Sendable, Equatable {
  private static let commandVariable = "CLEARML_AGENT_ABORT_CALLBACK_CMD"
  private static let timeVariable = "CLEARML_AGENT_ABORT_CALLBACK_TIMEOUT"
  private static let usualSeconds = 180
  /// What clearml-agent adds to the time.
  private static let reserveSeconds = 10

  var argv: [String]
  var workingDirectory: String
  var variables: [String: String]
  var seconds: Int

  /// What `variables`, those of the task's code, or else those of its agent, ask for.
  init?(variables: [String: String], agent: [String: String], workingDirectory: String) {
    func value(_ name: String) -> String { variables[name] ?? agent[name] ?? "" }
    guard let argv = ShellWords.split(value(Self.commandVariable)), !argv.isEmpty else { return nil }
    let seconds = Int(value(Self.timeVariable).filter { !$0.isWhitespace }).flatMap { 0..<1_000_000 ~= $0 ? $0 : nil }
    (self.argv, self.workingDirectory, self.seconds) = (argv, workingDirectory, seconds ?? Self.usualSeconds)
    self.variables = Self.withoutOwn(variables)
  }

  /// Variables without those that are the agent's own business.
  static func withoutOwn(_ variables: [String: String]) -> [String: String] {
    variables.filter { $0.key != commandVariable && $0.key != timeVariable }
  }

  /// The time it may take.
  var time: Duration { .seconds(seconds + Self.reserveSeconds) }

  /// What the task's record says of it.
  var properties: [String: JSON] { AbortCallback.properties(seconds: seconds, pause: Self.reserveSeconds) }
}
