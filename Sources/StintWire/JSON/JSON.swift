/// A JSON value. Whole numbers that fit stay integers, so that identifiers and time stamps come back as they went in.
package enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])
}

extension JSON {
  /// The text, when this is a string.
  package var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The elements, when this is an array.
  package var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
  /// The members, when this is an object.
  package var object: [String: JSON]? { if case .object(let value) = self { value } else { nil } }
  /// The truth value, when this is one.
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// Whether this is `null`.
  package var isNull: Bool { self == .null }

  /// The number as an integer, when it is one or a whole `double` in range.
  package var int: Int? {
    switch self {
    case .int(let value): Int(exactly: value)
    case .double(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The number, when this is one.
  package var double: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// The member `key` of an object; setting it on anything else makes an object of it, setting `nil` removes the member.
  package subscript(key: String) -> JSON? {
    get { object?[key] }
    set {
      var members = object ?? [:]
      self = .null
      members[key] = newValue
      self = .object(members)
    }
  }

  /// The value below a path of member names, as in `["execution", "queue"]`.
  package subscript(path path: [String]) -> JSON? {
    get {
      var value = self
      for key in path {
        guard let next = value[key] else { return nil }
        value = next
      }
      return value
    }
    set {
      guard let first = path.first else {
        if let newValue { self = newValue }
        return
      }
      if path.count == 1 {
        self[first] = newValue
      } else {
        var child = self[first] ?? .object([:])
        self[first] = nil
        child[path: Array(path.dropFirst())] = newValue
        self[first] = child
      }
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int64) { self = .int(value) }
  package init(floatLiteral value: Double) { self = .double(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(nilLiteral: ()) { self = .null }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
}
