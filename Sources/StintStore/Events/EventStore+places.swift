import GRDB
import StintWire

/// Which of a series' events is meant: what is looked at, one after the other.
package struct EventPlace: Sendable, Hashable {
  package let metric: String
  package let variant: String
  package let iteration: Int

  package init(metric: String, variant: String, iteration: Int) {
    (self.metric, self.variant, self.iteration) = (metric, variant, iteration)
  }
}

/// A step from a place to the next one.
package struct EventStep: Sendable, Hashable {
  package let isEarlier: Bool
  /// Leaves the iteration, however many events it has.
  package let leavesIteration: Bool
  /// Takes all variants of a metric for one.
  package let joinsVariants: Bool

  package init(isEarlier: Bool, leavesIteration: Bool, joinsVariants: Bool) {
    (self.isEarlier, self.leavesIteration) = (isEarlier, leavesIteration)
    self.joinsVariants = joinsVariants
  }
}

extension EventStore {
  /// The last image or plot at an iteration or before it; of all where none is given.
  package func lastPlace(
    task: String, kind: EventKind, metrics: [MetricFilter], upTo iteration: Int?
  ) async throws -> EventPlace? {
    try await database.read { db in
      guard let id = try db.eventTask(task) else { return nil }
      let places = try db.series(task: id, kind: kind, metrics).compactMap { series in
        try db.iteration(of: series, "max", "<=", iteration ?? .max).map(series.place)
      }
      return places.max { $0.key(joinsVariants: false) < $1.key(joinsVariants: false) }
    }
  }

  /// The place one step from another: iterations one after the other, in each the metrics and variants by name.
  package func place(
    after place: EventPlace, task: String, kind: EventKind, metrics: [MetricFilter], _ step: EventStep
  ) async throws -> EventPlace? {
    let here = place.key(joinsVariants: step.joinsVariants)
    return try await database.read { db in
      guard let id = try db.eventTask(task) else { return nil }
      let places = try db.series(task: id, kind: kind, metrics).compactMap { series in
        let there = series.place(at: place.iteration).key(joinsVariants: step.joinsVariants)
        let isAhead = step.isEarlier ? there < here : here < there
        let mayStay = isAhead && !step.leavesIteration
        return try db.iteration(
          of: series, step.isEarlier ? "max" : "min", (step.isEarlier ? "<" : ">") + (mayStay ? "=" : ""),
          place.iteration
        ).map(series.place)
      }
      let sorted = places.sorted { $0.key(joinsVariants: false) < $1.key(joinsVariants: false) }
      guard let nearest = step.isEarlier ? sorted.last : sorted.first, step.leavesIteration else {
        return step.isEarlier ? sorted.last : sorted.first
      }
      let there = sorted.filter { $0.iteration == nearest.iteration }
      return there.first { $0.metric == place.metric && $0.variant == place.variant } ?? there.first
    }
  }

  /// The events of a kind at an iteration, by metric and variant.
  package func documents(
    task: String, kind: EventKind, metrics: [MetricFilter], at iteration: Int
  ) async throws -> [JSON] {
    try await database.read { db in
      guard let id = try db.eventTask(task) else { return [] }
      return try db.series(task: id, kind: kind, metrics).flatMap { series in
        try db.documents(of: series, kind, at: iteration).map { $0.json(task: task, kind: kind) }
      }
    }
  }

  /// The first and the last iteration of images or plots.
  package func iterations(
    task: String, kind: EventKind, metrics: [MetricFilter]
  ) async throws -> ClosedRange<Int>? {
    try await database.read { db in
      guard let id = try db.eventTask(task) else { return nil }
      let series = try db.series(task: id, kind: kind, metrics)
      let first = try series.compactMap { try db.iteration(of: $0, "min", ">=", .min) }.min()
      let last = try series.compactMap { try db.iteration(of: $0, "max", "<=", .max) }.max()
      return first.flatMap { first in last.map { first...$0 } }
    }
  }
}

extension EventPlace {
  fileprivate func key(joinsVariants: Bool) -> (Int, String, String) {
    (iteration, metric, joinsVariants ? "" : variant)
  }
}

extension StoredSeries {
  fileprivate func place(at iteration: Int) -> EventPlace {
    EventPlace(metric: metric, variant: variant, iteration: iteration)
  }
}

extension Database {
  /// The lowest or highest iteration of a series that compares with `bound`.
  fileprivate func iteration(
    of series: StoredSeries, _ extreme: String, _ comparison: String, _ bound: Int
  ) throws -> Int? {
    let statement = try cachedStatement(
      sql: "SELECT \(extreme)(iter) FROM documents WHERE series = ? AND iter \(comparison) ?")
    return try Int.fetchOne(statement, arguments: [series.id, bound])
  }
}
