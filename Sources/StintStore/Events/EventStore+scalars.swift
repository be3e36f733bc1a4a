import GRDB
import StintModel
import StintWire

/// What the points of a curve are drawn over, as the protocol spells it.
package enum ScalarKey: String, Sendable, Codable {
  case iteration = "iter"
  case timestamp
  case isoTime = "iso_time"
}

extension EventStore {
  /// The most points of a curve that a client can ask for.
  private static let mostPoints = 100_000

  /// The curves of a task, `{metric: {variant: {name, x, y}}}`, each of at most `maxPoints` points, its first and last
  /// among them. Single values are no curves. With `range` it is the part of the curve between two places on the axis,
  /// and the points next to it: who looks closer sees more. With `keepsExtremes` what sticks out of the curve is among its
  /// points, which takes reading them all.
  package func scalars(
    task: String, metrics: [MetricFilter] = [], maxPoints: Int = 5000, key: ScalarKey = .iteration,
    within range: ClosedRange<Double>? = nil, keepsExtremes: Bool = false
  ) async throws -> JSON {
    try await database.read { db in
      guard let id = try db.eventTask(task) else { return .object([:]) }
      var curves: [String: [String: JSON]] = [:]
      for series in try db.series(task: id, kind: .scalar, metrics) {
        let part = try range.map { try db.iterations(of: series, within: $0, key) }
        let limit = min(max(maxPoints, 2), Self.mostPoints)
        var points = try db.points(of: series, atMost: limit, part, keepsExtremes)
        guard !points.isEmpty else { continue }
        if key != .iteration { points.sort { ($0.timestamp, $0.iteration) < ($1.timestamp, $1.iteration) } }
        curves[series.metric, default: [:]][series.variant] = [
          "name": .string(series.variant), "x": .array(points.map { $0.x(key) }), "y": .array(points.map(\.y)),
        ]
      }
      return .object(curves.mapValues(JSON.object))
    }
  }

  /// The values of a task that are no series, `{metric, variant, value, timestamp}` each.
  package func singleValues(task: String, metrics: [MetricFilter] = []) async throws -> [JSON] {
    try await database.read { db in
      guard let id = try db.eventTask(task) else { return [] }
      let statement = try db.cachedStatement(sql: "SELECT value, timestamp FROM scalars WHERE series = ? AND iter = ?")
      return try db.series(task: id, kind: .scalar, metrics).compactMap { series in
        try Row.fetchOne(statement, arguments: [series.id, Event.singleValueIteration]).map { row in
          [
            "metric": .string(series.metric), "variant": .string(series.variant),
            "value": (row[0] as Double?).map(JSON.double) ?? .null, "timestamp": .int(row[1]),
          ]
        }
      }
    }
  }

  /// What is known of each scalar of a task without reading its points; single values too.
  package func summaries(task: String) async throws -> [MetricSummary] {
    try await database.read { db in
      guard let id = try db.eventTask(task) else { return [] }
      return try db.series(task: id, kind: .scalar).map(\.summary).filter { $0.count > 0 }
    }
  }

  /// The metrics of a task that have events of a kind, with all their variants.
  package func metrics(task: String, kind: EventKind) async throws -> [MetricFilter] {
    try await database.read { db in
      guard let id = try db.eventTask(task) else { return [] }
      return try db.series(task: id, kind: kind).reduce(into: []) { metrics, series in
        if metrics.last?.metric != series.metric { metrics.append(MetricFilter(metric: series.metric)) }
        metrics[metrics.count - 1].variants.append(series.variant)
      }
    }
  }
}

/// A point of a curve. The value is nil where it was no number.
struct Point {
  let iteration: Int
  let timestamp: Int
  let value: Double?

  var y: JSON { value.map(JSON.double) ?? .null }

  func x(_ key: ScalarKey) -> JSON {
    switch key {
    case .iteration: .int(Int64(iteration))
    case .timestamp: .int(Int64(timestamp))
    case .isoTime: .string(Timestamp(milliseconds: Int64(timestamp)).text)
    }
  }
}

extension Database {
  /// At most `limit` points of a series, evenly spread. A long series is not read: its points are looked up.
  fileprivate func points(
    of series: StoredSeries, atMost limit: Int, _ part: ClosedRange<Int>?, _ keepsExtremes: Bool
  ) throws -> [Point] {
    let part = part ?? Event.singleValueIteration + 1...Int.max
    if keepsExtremes, let points = try extremes(of: series, atMost: limit, part) { return points }
    let isShort = part.upperBound.subtractingReportingOverflow(part.lowerBound)
    if series.summary.count > 8 * limit, isShort.overflow || isShort.partialValue > 8 * limit {
      return try points(of: series, nearest: limit, part)
    }
    let statement = try cachedStatement(
      sql: "SELECT iter, timestamp, value FROM scalars WHERE series = ? AND iter BETWEEN ? AND ? ORDER BY iter")
    let points = try Row.fetchAll(statement, arguments: [series.id, part.lowerBound, part.upperBound]).map(Point.init)
    guard points.count > limit else { return points }
    return (0..<limit).map { points[$0 * (points.count - 1) / (limit - 1)] }
  }

  /// The points next to `count` iterations that are evenly spread from the first to the last.
  private func points(of series: StoredSeries, nearest count: Int, _ part: ClosedRange<Int>) throws -> [Point] {
    guard let first = try point(of: series, from: part.lowerBound) else { return [] }
    let span = min(series.summary.iteration, part.upperBound) - first.iteration
    var points = [first]
    for step in 1..<count {
      // In two parts, as the product of a large span and a step may overflow.
      let offset = span / (count - 1) * step + span % (count - 1) * step / (count - 1)
      let target = first.iteration + offset
      guard target > points[points.count - 1].iteration else { continue }
      guard let point = try point(of: series, from: target) else { break }
      points.append(point)
    }
    return points
  }

  /// The first point at an iteration or after it.
  func point(of series: StoredSeries, from iteration: Int) throws -> Point? {
    let next = try cachedStatement(
      sql: "SELECT iter, timestamp, value FROM scalars WHERE series = ? AND iter >= ? ORDER BY iter LIMIT 1")
    return try Row.fetchOne(next, arguments: [series.id, iteration]).map(Point.init)
  }

  /// The iterations of a series' points between two places on the axis, and of those next to them.
  fileprivate func iterations(
    of series: StoredSeries, within range: ClosedRange<Double>, _ key: ScalarKey
  ) throws -> ClosedRange<Int> {
    let all = Event.singleValueIteration + 1...series.summary.iteration.clamped(from: Event.singleValueIteration + 1)
    let (first, last): (Int, Int)
    switch key {
    case .iteration:
      (first, last) = (Int(clamping: range.lowerBound.rounded(.up)), Int(clamping: range.upperBound.rounded(.down)))
    case .timestamp, .isoTime:
      first = try iteration(of: series, firstAfter: range.lowerBound, in: all)
      last = try iteration(of: series, firstAfter: range.upperBound, in: all)
    }
    let before = try Int.fetchOne(
      cachedStatement(
        sql: "SELECT iter FROM scalars WHERE series = ? AND iter < ? AND iter > ? ORDER BY iter DESC LIMIT 1"),
      arguments: [series.id, first, Event.singleValueIteration])
    let after = try point(of: series, from: last == Int.max ? last : last + 1)
    let start = min(before ?? first, all.upperBound)
    return start...max(start, after?.iteration ?? all.upperBound)
  }

  /// The first iteration whose point is not before a time, if points come in the order of their iterations, as they do.
  private func iteration(of series: StoredSeries, firstAfter time: Double, in all: ClosedRange<Int>) throws -> Int {
    guard var low = try point(of: series, from: all.lowerBound)?.iteration else { return all.lowerBound }
    var high = all.upperBound
    while low < high {
      let middle = low + (high - low) / 2
      guard let point = try point(of: series, from: middle) else {
        high = middle
        continue
      }
      if Double(point.timestamp) < time { low = point.iteration + 1 } else { high = middle }
    }
    return low
  }
}

extension Int {
  /// The nearest whole number of those there are; nothing for what is no number.
  fileprivate init(clamping number: Double) {
    self = number.isNaN ? 0 : Int(exactly: number) ?? (number < 0 ? .min : .max)
  }

  fileprivate func clamped(from least: Int) -> Int { Swift.max(self, least) }
}

extension Point {
  init(_ row: Row) { self.init(iteration: row[0], timestamp: row[1], value: row[2]) }
}
