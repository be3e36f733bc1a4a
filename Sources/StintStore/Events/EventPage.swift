import GRDB
import StintWire

/// Some of a task's events.
package struct EventPage: Sendable, Hashable {
  package let events: [JSON]
  /// How many there are in all.
  package let total: Int
  /// For the call that goes on.
  package var scrollID: String?
}

/// The direction of an order, as the protocol spells it.
package enum SortOrder: String, Sendable, Codable {
  case ascending = "asc"
  case descending = "desc"

  var sql: String { self == .ascending ? "ASC" : "DESC" }
}

/// A metric and some of its variants, or all of them where none is named (`metric_variants` of the protocol).
package struct MetricFilter: Sendable, Hashable {
  package let metric: String
  package var variants: [String]

  package init(metric: String, variants: [String] = []) { (self.metric, self.variants) = (metric, variants) }

  /// Reads `{"metric": …, "variants": […]}`.
  package init?(_ json: JSON) {
    guard let metric = json["metric"]?.string else { return nil }
    self.init(metric: metric, variants: (json["variants"]?.array ?? []).compactMap(\.string))
  }

  /// Reads a list of them; what is none is left out.
  package static func list(_ json: JSON?) -> [MetricFilter] { (json?.array ?? []).compactMap(MetricFilter.init) }

  /// Whether one of `filters` lets a variant pass. An empty list lets all pass.
  static func passes(_ filters: [MetricFilter], metric: String, variant: String) -> Bool {
    filters.isEmpty
      || filters.contains { $0.metric == metric && ($0.variants.isEmpty || $0.variants.contains(variant)) }
  }
}

/// A metric's variant of a task, as stored.
struct StoredSeries {
  let id: Int64
  let summary: MetricSummary
  var metric: String { summary.metric }
  var variant: String { summary.variant }
}

extension Database {
  /// The series of a task, by metric and variant.
  func series(task: Int64, kind: EventKind, _ filters: [MetricFilter] = []) throws -> [StoredSeries] {
    let statement = try cachedStatement(
      sql: "SELECT id, \(MetricSummary.columns) FROM series WHERE task = ? AND kind = ? ORDER BY metric, variant")
    return try Row.fetchAll(statement, arguments: [task, kind.number])
      .map { StoredSeries(id: $0[0], summary: MetricSummary(row: $0, from: 1)) }
      .filter { MetricFilter.passes(filters, metric: $0.metric, variant: $0.variant) }
  }
}
