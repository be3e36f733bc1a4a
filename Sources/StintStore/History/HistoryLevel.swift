import StintModel

/// How finely history is kept, and for how long: what is older is there more coarsely, and in the end not at all.
struct HistoryLevel: Sendable, Hashable {
  /// What is told in so many seconds becomes one row.
  let slot: Int
  /// Seconds after which it goes.
  let life: Int
  /// So many cores or GPUs are told apart. Of more of them one reading is kept, of all together.
  let mostParts: Int

  static let finest = HistoryLevel(slot: 60, life: 7 * 3600, mostParts: 8)
  /// From fine to coarse. What a worker takes up in all of them is told in docs/operate.md.
  static let all = [
    finest, HistoryLevel(slot: 600, life: 8 * 86_400, mostParts: 8),
    HistoryLevel(slot: 3600, life: 90 * 86_400, mostParts: 1),
  ]

  /// The start of the slot that a moment is in.
  func start(at moment: Timestamp) -> Int { start(at: moment.seconds) }

  fileprivate func start(at second: Int) -> Int { second - second % slot }

  /// What is before this has been kept for long enough.
  func end(at moment: Timestamp) -> Int { moment.seconds - life }
}

/// The slots of history that tell of a span of time.
struct HistorySlots: Sendable {
  let level: HistoryLevel
  /// The starts of the first and of the last one.
  let first: Int
  let last: Int
  private let intervals: Intervals

  /// Those that are not needlessly fine, and that reach back to the span's beginning. Nil where nothing can be known.
  init?(of intervals: Intervals, now: Timestamp) {
    let wanted = HistoryLevel.all.last { $0.slot <= intervals.length } ?? .finest
    let lasting = HistoryLevel.all.first { $0.slot >= wanted.slot && $0.end(at: now) <= intervals.from }
    level = lasting ?? HistoryLevel.all.last ?? .finest
    first = level.start(at: max(intervals.from, level.end(at: now)))
    last = level.start(at: min(intervals.to - 1, now.seconds + level.slot))
    self.intervals = intervals
    guard first <= last else { return nil }
  }

  /// Whether a slot that begins at `start` is one of them.
  func contains(_ start: Int) -> Bool { first...last ~= start }

  /// The interval that a slot belongs to. A slot that has begun before the span counts for its first one.
  func interval(of start: Int) -> Int { intervals.start(at: max(start, intervals.from)) }
}

/// The intervals of a span of time. Moments are seconds since 1970.
package struct Intervals: Sendable {
  package let from: Int
  package let to: Int
  package let length: Int

  /// From the second `from` to before `to`. Nil where that is nothing.
  package init?(from: Int, to: Int, length: Int) {
    guard from < to, length > 0 else { return nil }
    (self.from, self.to, self.length) = (from, to, length)
  }

  /// Whether a moment is within the span.
  package func contains(_ moment: Int) -> Bool { from <= moment && moment < to }

  /// The start of the interval that a moment is in.
  package func start(at moment: Int) -> Int { from + (moment - from) / length * length }
}

extension Timestamp {
  /// Seconds since 1970.
  var seconds: Int { Int(milliseconds / 1000) }
}
