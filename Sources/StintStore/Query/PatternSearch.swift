import StintWire

/// Looks for one pattern in many texts, and gives up when that takes too long: who asks for it must not keep others from
/// reading.
package struct PatternSearch: Sendable {
  /// The most time for all texts together.
  package static let longestTime = Duration.seconds(10)

  private let pattern: Pattern
  private let limit: Duration
  private var spent = Duration.zero

  package init(_ pattern: Pattern, within limit: Duration = longestTime) {
    (self.pattern, self.limit) = (pattern, limit)
  }

  /// Whether the pattern is found in `text`.
  /// - Throws: `PatternSearch.tookTooLong`.
  package mutating func finds(in text: String) throws(WireError) -> Bool {
    guard spent < limit else { throw Self.tookTooLong }
    let begin = ContinuousClock.now
    defer { spent += begin.duration(to: .now) }
    return pattern.matches(text)
  }

  static let tookTooLong = WireError(
    .invalidRegex, "to look for it took over \(longestTime.components.seconds) s: simplify it, or filter by more fields"
  )
}
