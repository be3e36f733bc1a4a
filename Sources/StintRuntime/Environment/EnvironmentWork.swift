/// The making of one environment in an empty folder: what all installers need.
struct EnvironmentWork: Sendable {
  let folder: EnvironmentFolder
  /// The variables of all programs that take part.
  let variables: [String: String]
  let isOffline: Bool
  let log: @Sendable (String) -> Void
  /// What comes before each command, such as what leads it into an overlay.
  var prefix: [String] = []

  /// Runs a program that has little to say.
  @discardableResult
  func run(_ argv: [String], in place: String? = nil, variables more: [String: String] = [:]) async throws(CommandError)
    -> CommandOutput
  {
    try await command(argv, place, more).run()
  }

  /// Runs an installer; what it says goes to the log.
  @discardableResult
  func install(
    _ manager: String, _ argv: [String], in place: String? = nil, variables more: [String: String] = [:]
  ) async throws -> CommandOutput {
    do {
      return try await command(argv, place, more).run(onLine: log)
    } catch {
      guard !EnvironmentError.saysDiskFull(error), !error.lastLines.isEmpty else { throw error }
      throw EnvironmentError.installFailed(manager: manager, lastLines: error.lastLines)
    }
  }

  /// Runs an installer for what it may not be able to do; returns what it said, nil where it failed.
  func attempt(_ argv: [String]) async throws(CommandError) -> [String]? {
    do {
      return try await command(argv, nil, [:]).run(onLine: { _ in }).lines
    } catch {
      if case .cancelled = error { throw error }
      return nil
    }
  }

  private func command(_ argv: [String], _ place: String?, _ more: [String: String]) -> Command {
    Command(prefix + argv, environment: variables.merging(more) { $1 }, workingDirectory: place ?? folder.path)
  }
}

extension CommandOutput {
  var lines: [String] {
    text.split(whereSeparator: \.isNewline).map(String.init)
  }
}
