import StintModel
import StintWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

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

  /// Whether it tells how far the task is: values outside of series do not, nor does the machine's load, which the
  /// ClearML package and agents report by the second.
  var isOfIteration: Bool {
    iteration != Self.singleValueIteration && ![":monitor:machine", ":monitor:gpu"].contains(metric)
  }

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
  /// Whether it is about a model, and not about a task.
  let isOfModel: Bool
  /// Whether it is to be kept though its task is published.
  let allowsLocked: Bool

  /// - Throws: `Refusal`: why the event cannot be kept.
  init(_ members: EventMembers, now: Int) throws(Refusal) {
    if let fault = members.fault { throw Refusal(fault) }
    guard let kind = members.type.flatMap(EventKind.init) else { throw Refusal("Invalid event type") }
    guard let task = members.task, !task.isEmpty, !task.hasNUL else {
      throw Refusal("Event must have a 'task' field")
    }
    self.kind = kind
    self.task = task
    content = try members.content(of: kind)
    timestamp = members.timestamp ?? now
    (metric, variant) = kind == .log ? ("", "") : (members.metric ?? "", members.variant ?? "")
    iteration = members.iteration ?? 0
    source =
      kind == .log ? OutputRange(stream: members.stream, offset: members.offset, size: members.size) : nil
    (isOfModel, allowsLocked) = (members.isOfModel, members.allowsLocked)
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
}

extension String {
  /// Whether SQLite would not take the text whole: it ends one at NUL.
  var hasNUL: Bool {
    var text = self
    return text.withUTF8 { bytes in bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false }
  }
}
