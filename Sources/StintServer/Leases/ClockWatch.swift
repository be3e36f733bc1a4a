import StintModel

/// Notices when somebody sets the machine's clock. How long something has waited or was silent is told by times in
/// records, which mean nothing across such a moment.
struct ClockWatch: Sendable {
  /// More than this between two looks is no adjustment by little and little.
  private static let tolerance = Duration.seconds(5)

  private var last: (steady: ContinuousClock.Instant, wall: Timestamp)
  /// Since when the clock has gone on by itself, as far as anybody saw.
  private(set) var steadySince: ContinuousClock.Instant
  /// Whether it was ever set, as far as anybody saw.
  private(set) var wasEverSet = false

  init(steady: ContinuousClock.Instant = .now, wall: Timestamp = .now) {
    (last, steadySince) = ((steady, wall), steady)
  }

  /// Whether it was never set, or so long ago.
  func isTrusted(after duration: Duration, steady: ContinuousClock.Instant = .now) -> Bool {
    !wasEverSet || steadySince.duration(to: steady) > duration
  }

  /// Whether the clock was set since the last look.
  mutating func look(steady: ContinuousClock.Instant = .now, wall: Timestamp = .now) -> Bool {
    let shown = Duration.microseconds(wall.microseconds - last.wall.microseconds)
    let passed = last.steady.duration(to: steady)
    let wasSet = abs((shown - passed) / .seconds(1)) > Self.tolerance / .seconds(1)
    last = (steady, wall)
    if wasSet { (steadySince, wasEverSet) = (steady, true) }
    return wasSet
  }
}
