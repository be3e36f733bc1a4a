import StintModel
import StintWire

/// What an event is; the raw value is the protocol's `type`.
package enum EventKind: String, Sendable, CaseIterable {
  case log
  case scalar = "training_stats_scalar"
  case vector = "training_stats_vector"
  case debugImage = "training_debug_image"
  case plot

  /// The number in the database.
  var number: Int {
    switch self {
    case .log: 0
    case .scalar: 1
    case .vector: 2
    case .debugImage: 3
    case .plot: 4
    }
  }
}

/// One event as a client sent it, checked.
struct Event: Sendable {
  /// The iteration of a value that is no series.
  static let singleValueIteration = -2_147_483_648

  let kind: EventKind
  let task: String
  let timestamp: Int
  let metric: String
  let variant: String
  let iteration: Int
  /// The event as it came; what a kind stores apart is read from it.
  let json: JSON

  /// - Throws: `Refusal`: why the event cannot be kept.
  init(_ json: JSON, now: Int) throws(Refusal) {
    guard json.object != nil else { throw Refusal("Event is not an object") }
    guard let type = json["type"]?.string, let kind = EventKind(rawValue: type) else {
      throw Refusal("Invalid event type")
    }
    guard let task = json["task"]?.string, !task.isEmpty, !task.utf8.contains(0) else {
      throw Refusal("Event must have a 'task' field")
    }
    if kind == .log, json["msg"]?.string == nil { throw Refusal("Log event must have a 'msg' field") }
    if kind == .scalar, json["value"]?.double == nil { throw Refusal("Scalar event must have a numeric 'value' field") }
    self.kind = kind
    self.task = task
    self.json = json
    timestamp = json["timestamp"]?.double.flatMap { Int(exactly: $0.rounded()) } ?? now
    metric = Self.withoutNUL(json["metric"]?.string ?? "")
    variant = Self.withoutNUL(json["variant"]?.string ?? "")
    iteration = json["iter"]?.double.flatMap { Int(exactly: $0.rounded(.towardZero)) } ?? 0
  }

  /// Why an event is not kept, in words that are counted.
  struct Refusal: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// SQLite would end the text at NUL.
  static func withoutNUL(_ text: String) -> String {
    guard text.utf8.contains(0) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
  }
}
