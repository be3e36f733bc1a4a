import StintWire

/// What an event's members say. Null is the same as leaving one out.
struct EventMembers {
  /// Beyond these a `Double` does not have every whole number.
  private static let iterations = -(1 << 53)...(1 << 53)
  /// In milliseconds: the years 1 to 9999, those that can be written.
  private static let timestamps = -62_135_596_800_000...253_402_300_799_999

  var type, task, metric, variant, message, worker, level, stream: String?
  var timestamp, iteration, offset, size: Int?
  var value: Double?
  var isOfModel = false
  var allowsLocked = false
  /// What only documents keep.
  var others: [String: JSON] = [:]
  /// What is wrong with the first member that is.
  private(set) var fault: String?

  /// Takes in a member.
  mutating func set(_ name: String, _ value: JSON) {
    switch name {
    case "type": type = value.string
    case "task": task = text(name, value)
    case "timestamp": timestamp = number(name, value, in: Self.timestamps)
    case "metric": metric = text(name, value)
    case "variant": variant = text(name, value)
    case "iter": iteration = number(name, value, in: Self.iterations)
    case "method": break
    default: setContent(name, value)
    }
  }

  private mutating func setContent(_ name: String, _ value: JSON) {
    switch name {
    case "msg": message = text(name, value)
    case "worker": worker = text(name, value)
    case "level": level = text(name, value)
    case "value": self.value = value.double ?? refused(name, value, "a number is expected")
    case "stream": stream = text(name, value)
    case "offset": offset = number(name, value, in: 0...Int.max)
    case "size": size = number(name, value, in: 0...Int.max)
    case "model_event": isOfModel = flag(name, value)
    case "allow_locked": allowsLocked = flag(name, value)
    case "plot_str", "key", "url": _ = text(name, value)
    case "values": if value.array == nil { refuse(name, value, "a list is expected") }
    default: break
    }
    // Log lines and points, of which there are many, have no other members.
    if type != EventKind.log.rawValue, type != EventKind.scalar.rawValue { others[name] = value }
  }

  func content(of kind: EventKind) throws(Event.Refusal) -> Event.Content {
    switch kind {
    case .log:
      guard let message else { throw Event.Refusal("Log event must have a 'msg' field") }
      return .line(message: message, worker: worker, level: level)
    case .scalar:
      guard let value else { throw Event.Refusal("Scalar event must have a numeric 'value' field") }
      return .point(value)
    case .vector, .debugImage, .plot: return .document(JSON.object(others).text)
    }
  }
}

extension EventMembers {
  private mutating func text(_ name: String, _ value: JSON) -> String? {
    value.textWithoutNUL ?? refused(name, value, "a text is expected")
  }

  private mutating func number(_ name: String, _ value: JSON, in range: ClosedRange<Int>) -> Int? {
    guard let number = value.wholePart, range.contains(number) else {
      return refused(name, value, "a number from \(range.lowerBound) to \(range.upperBound) is expected")
    }
    return number
  }

  private mutating func flag(_ name: String, _ value: JSON) -> Bool {
    if value == true || value == 1 { return true }
    if value != false, value != 0 { refuse(name, value, "a truth value is expected") }
    return false
  }

  private mutating func refused<Value>(_ name: String, _ value: JSON, _ expectation: String) -> Value? {
    refuse(name, value, expectation)
    return nil
  }

  private mutating func refuse(_ name: String, _ value: JSON, _ expectation: String) {
    if !value.isNull { fault = fault ?? "Event has a wrong '\(name)' field: \(expectation)" }
  }
}

extension JSON {
  fileprivate var wholePart: Int? {
    guard let number = double ?? string.flatMap(Double.init) else { return nil }
    return Int(exactly: number.rounded(.towardZero))
  }

  /// The text; SQLite would end it at NUL.
  fileprivate var textWithoutNUL: String? {
    guard let text = string, text.hasNUL else { return string }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
  }
}
