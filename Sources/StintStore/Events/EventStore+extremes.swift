import GRDB

extension Database {
  /// More points than these take longer to read than one who looks at a curve may be kept waiting.
  private static let mostToRead = 5_000_000

  /// The lowest and the highest point of each even part of a series, `limit` at most, and its first and last: what is
  /// drawn through them looks like the whole, spikes included. All points where there are no more than that; nil where
  /// there are too many to read.
  func extremes(of series: StoredSeries, atMost limit: Int, _ part: ClosedRange<Int>) throws -> [Point]? {
    let some = try Row.fetchAll(
      cachedStatement(
        sql: """
          SELECT iter, timestamp, value FROM scalars WHERE series = ? AND iter BETWEEN ? AND ? ORDER BY iter LIMIT ?
          """),
      arguments: [series.id, part.lowerBound, part.upperBound, limit + 1]
    ).map(Point.init)
    guard let first = some.first, some.count > limit else { return some }
    let last = min(series.summary.iteration, part.upperBound)
    let (distance, isTooFar) = last.subtractingReportingOverflow(first.iteration)
    guard !isTooFar, min(series.summary.count, distance) <= Self.mostToRead else { return nil }
    let width = distance / max(1, (limit - 2) / 2) + 1
    var points = [first]
    for start in stride(from: first.iteration, through: last, by: width) {
      for point in try extremes(of: series, start...min(last, start + (width - 1)))
      where point.iteration > points[points.count - 1].iteration { points.append(point) }
    }
    if let end = try point(of: series, from: last), end.iteration > points[points.count - 1].iteration {
      points.append(end)
    }
    return points
  }

  /// The lowest and the highest point of a part, in their order.
  private func extremes(of series: StoredSeries, _ part: ClosedRange<Int>) throws -> [Point] {
    try ["min", "max"].compactMap { which in
      // SQLite takes the other columns from the row that has the least or the most.
      let row = try Row.fetchOne(
        cachedStatement(
          sql: "SELECT iter, timestamp, \(which)(value) FROM scalars WHERE series = ? AND iter BETWEEN ? AND ?"),
        arguments: [series.id, part.lowerBound, part.upperBound])
      return row.flatMap { $0.hasNull(atIndex: 0) ? nil : Point($0) }
    }.sorted { $0.iteration < $1.iteration }
  }
}
