import StintWire

/// What is worth a new try, and when. The only place that decides this.
package struct RetryPolicy: Sendable {
  /// The pause before the second attempt; it doubles with each further one.
  package var first: Duration
  /// The longest pause.
  package var longest: Duration
  /// How much of a pause is left to chance, so that many clients do not come back at once.
  package var jitter: Double
  /// How long a server is asked again that says that it has failed itself: its disk may be back in a moment. There may be
  /// something in the call, too, that it fails at, so this is not for ever.
  package var patienceWithFaults = Duration.seconds(120)

  package init(first: Duration = .seconds(1), longest: Duration = .seconds(30), jitter: Double = 0.3) {
    (self.first, self.longest, self.jitter) = (first, longest, jitter)
  }

  /// 1 s, 2 s, 4 s … 30 s.
  package static let standard = RetryPolicy()

  /// The pause after the failed attempt number `attempt` (from 1); `chance` is 0 to 1.
  package func pause(afterAttempt attempt: Int, chance: Double) -> Duration {
    let doubled = first * (1 << min(max(0, attempt - 1), 20))
    return min(doubled, longest) * (1 - jitter * chance)
  }

  /// Whether an answer with this HTTP status says "not now".
  package static func isTransient(status: Int) -> Bool { [408, 429, 502, 503, 504, 509].contains(status) }

  /// Runs `attempt` until it succeeds, fails for good, or `patience` is over. `onFailure` hears of the first failure and
  /// then of one a minute.
  package func run<Value: Sendable>(
    patience: Duration?, onFailure: (any Error) -> Void = { _ in }, attempt: () async throws -> Value
  ) async throws -> Value {
    let start = ContinuousClock.now
    var reported: ContinuousClock.Instant?
    var number = 1
    while true {
      do {
        return try await attempt()
      } catch {
        guard let patience = self.patience(with: error, patience) else { throw error }
        let pause = pause(afterAttempt: number, chance: Double.random(in: 0...1))
        if start.duration(to: .now) + pause > patience { throw error }
        if reported.map({ $0.duration(to: .now) > .seconds(60) }) ?? true {
          onFailure(error)
          reported = .now
        }
        try await Task.sleep(for: pause)
        number += 1
      }
    }
  }

  /// How long to try again after `error`; nil: not at all.
  private func patience(with error: any Error, _ patience: Duration?) -> Duration? {
    if case .unavailable? = error as? ClientError { return patience ?? .seconds(Int64.max) }
    guard let error = error as? WireError, error.code == WireError.Kind.internalError.code else { return nil }
    return min(patience ?? patienceWithFaults, patienceWithFaults)
  }
}
