import Crypto
import GRDB
import StintWire

/// What is known of a metric's variant without reading its points (`last_metrics_event` of the protocol).
package struct MetricSummary: Sendable, Hashable {
  package let metric: String
  package let variant: String
  package internal(set) var count = 0
  /// The value at the highest iteration.
  package internal(set) var value = Double.nan
  package internal(set) var iteration = 0
  package internal(set) var timestamp = 0
  package internal(set) var first = Double.nan
  package internal(set) var firstIteration = 0
  package internal(set) var min = Double.nan
  package internal(set) var minIteration = 0
  package internal(set) var max = Double.nan
  package internal(set) var maxIteration = 0
  var sum = 0.0

  init(metric: String, variant: String) { (self.metric, self.variant) = (metric, variant) }

  /// The mean of all values.
  package var mean: Double { count == 0 ? .nan : sum / Double(count) }

  /// The protocol's `last_metrics_event`.
  package var json: JSON {
    [
      "metric": .string(metric), "variant": .string(variant), "value": .double(value),
      "min_value": .double(min), "min_value_iteration": .int(Int64(minIteration)),
      "max_value": .double(max), "max_value_iteration": .int(Int64(maxIteration)),
      "first_value": .double(first), "first_value_iteration": .int(Int64(firstIteration)),
      "mean_value": .double(mean), "count": .int(Int64(count)),
    ]
  }

  /// Where a task's document keeps it: `last_metrics.<hash of metric>.<hash of variant>`.
  package var path: [String] { ["last_metrics", metricHash(metric), metricHash(variant)] }

  /// Takes in a point; `replaced` is the value that was at its iteration. False when that one was an extreme, so that
  /// only the points themselves can tell what is one now.
  mutating func add(_ point: Double, at pointIteration: Int, timestamp: Int, replacing replaced: Double?) -> Bool {
    guard replaced == nil || count == 1 || (pointIteration != minIteration && pointIteration != maxIteration) else {
      return false
    }
    count += replaced == nil ? 1 : 0
    sum += point - (replaced ?? 0)
    let isOnly = count == 1
    if isOnly || pointIteration >= iteration { (value, iteration, self.timestamp) = (point, pointIteration, timestamp) }
    if isOnly || pointIteration <= firstIteration { (first, firstIteration) = (point, pointIteration) }
    if isOnly || point < min { (min, minIteration) = (point, pointIteration) }
    if isOnly || point > max { (max, maxIteration) = (point, pointIteration) }
    return true
  }
}

extension MetricSummary {
  static let columns = """
    metric, variant, count, sum, first, first_iter, last, last_iter, last_timestamp, min, min_iter, max, max_iter
    """

  /// Reads the columns of `columns`, the first of which is at `offset`.
  init(row: Row, from offset: Int = 0) {
    self.init(metric: row[offset], variant: row[offset + 1])
    count = row[offset + 2]
    guard count > 0 else { return }
    (sum, first, firstIteration) = (row[offset + 3], row[offset + 4], row[offset + 5])
    (value, iteration, timestamp) = (row[offset + 6], row[offset + 7], row[offset + 8])
    (min, minIteration, max, maxIteration) = (row[offset + 9], row[offset + 10], row[offset + 11], row[offset + 12])
  }

  /// The summary's values in the order of `columns`, without the names.
  var arguments: StatementArguments {
    let isKnown = count > 0
    return [
      count, isKnown ? sum : nil, isKnown ? first : nil, isKnown ? firstIteration : nil, isKnown ? value : nil,
      isKnown ? iteration : nil, isKnown ? timestamp : nil, isKnown ? min : nil, isKnown ? minIteration : nil,
      isKnown ? max : nil, isKnown ? maxIteration : nil,
    ]
  }
}

/// The name under which `last_metrics` keeps a metric or a variant: MD5, in hexadecimal.
package func metricHash(_ name: String) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in Insecure.MD5.hash(data: Array(name.utf8)) { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
  return String(decoding: text, as: UTF8.self)
}
