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

/// One event as a client sent it, checked and taken apart, so that the writer only writes.
struct Event: Sendable {
  /// The iteration of a value that is no series.
  static let singleValueIteration = -2_147_483_648

  /// What is kept beside the identity.
  enum Content: Sendable {
    case line(message: String, worker: String?, level: String?)
    case point(Double)
    /// The JSON text of the other members.
    case document(String)
  }

  let kind: EventKind
  let task: String
  let timestamp: Int
  let metric: String
  let variant: String
  let iteration: Int
  let content: Content
  /// Which part of its output a log line was cut from, where the sender tells.
  let source: OutputRange?

  /// - Throws: `Refusal`: why the event cannot be kept.
  init(_ json: JSON, now: Int) throws(Refusal) {
    guard let members = json.object else { throw Refusal("Event is not an object") }
    guard let type = members["type"]?.string, let kind = EventKind(rawValue: type) else {
      throw Refusal("Invalid event type")
    }
    guard let task = members["task"]?.string, !task.isEmpty, !task.utf8.contains(0) else {
      throw Refusal("Event must have a 'task' field")
    }
    func text(_ name: String) -> String? { members[name]?.string.map(Self.withoutNUL) }
    func number(_ name: String) -> Int? { members[name]?.double.flatMap { Int(exactly: $0.rounded(.towardZero)) } }

    content = try Self.content(kind, members, text)
    self.kind = kind
    self.task = task
    timestamp = number("timestamp") ?? now
    (metric, variant) = kind == .log ? ("", "") : (text("metric") ?? "", text("variant") ?? "")
    iteration = number("iter") ?? 0
    source = kind == .log ? OutputRange(stream: text("stream"), offset: number("offset"), size: number("size")) : nil
  }

  private static func content(
    _ kind: EventKind, _ members: [String: JSON], _ text: (String) -> String?
  ) throws(Refusal) -> Content {
    switch kind {
    case .log:
      guard let message = text("msg") else { throw Refusal("Log event must have a 'msg' field") }
      return .line(message: message, worker: text("worker"), level: text("level"))
    case .scalar:
      guard let value = members["value"]?.double else {
        throw Refusal("Scalar event must have a numeric 'value' field")
      }
      return .point(value)
    case .vector, .debugImage, .plot:
      let identity: Set = ["type", "task", "timestamp", "metric", "variant", "iter", "method"]
      return .document(JSON.object(members.filter { !identity.contains($0.key) }).text)
    }
  }

  /// Why an event is not kept, in words that are counted.
  struct Refusal: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// A part of a stream of output, in bytes.
  struct OutputRange: Sendable {
    let stream: String
    let offset: Int
    let end: Int

    init?(stream: String?, offset: Int?, size: Int?) {
      guard let stream, let offset, let size, offset >= 0, size >= 0 else { return nil }
      let (end, overflows) = offset.addingReportingOverflow(size)
      if overflows { return nil }
      (self.stream, self.offset, self.end) = (stream, offset, end)
    }
  }

  /// SQLite would end the text at NUL.
  private static func withoutNUL(_ text: String) -> String {
    guard text.utf8.contains(0) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
  }
}
