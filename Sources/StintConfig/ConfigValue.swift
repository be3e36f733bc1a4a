/// One value of a configuration: what a HOCON or JSON document is made of.
package enum ConfigValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(ConfigNumber)
  case string(String)
  case array([ConfigValue])
  case object(ConfigObject)
}

/// A number as it was written, so that `10.10` stays `10.10` when it is used as text.
package struct ConfigNumber: Sendable, Hashable {
  /// The number as written in the document.
  package let text: String
  /// The nearest floating-point value; always finite.
  package let double: Double

  /// Reads a decimal number with optional sign, fraction and exponent; nil for anything else.
  package init?(_ text: String) {
    guard Self.isDecimal(text.utf8), let double = Double(text), double.isFinite else { return nil }
    self.text = text
    self.double = double
  }

  /// The number for a whole value.
  package init(_ int: Int) {
    text = String(int)
    double = Double(int)
  }

  /// The exact whole value, or nil where the number has a fraction or does not fit.
  package var int: Int? {
    Int(text) ?? Int(exactly: double)
  }

  private static func isDecimal(_ text: String.UTF8View) -> Bool {
    var rest = text[...]
    rest.skip { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
    var digits = rest.skipAll(\.isDigit)
    if rest.skip({ $0 == UInt8(ascii: ".") }) {
      digits += rest.skipAll(\.isDigit)
    }
    guard digits > 0 else { return false }
    if rest.skip({ $0 | 0x20 == UInt8(ascii: "e") }) {
      rest.skip { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
      guard rest.skipAll(\.isDigit) > 0 else { return false }
    }
    return rest.isEmpty
  }
}

extension Substring.UTF8View {
  @discardableResult
  fileprivate mutating func skip(_ matches: (UInt8) -> Bool) -> Bool {
    guard let first, matches(first) else { return false }
    removeFirst()
    return true
  }

  fileprivate mutating func skipAll(_ matches: (UInt8) -> Bool) -> Int {
    var count = 0
    while skip(matches) { count += 1 }
    return count
  }
}

extension UInt8 {
  var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}

extension ConfigValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .number(ConfigNumber(value)) }
  package init(arrayLiteral elements: ConfigValue...) { self = .array(elements) }
  package init(nilLiteral: ()) { self = .null }

  package init(dictionaryLiteral elements: (String, ConfigValue)...) {
    var object = ConfigObject()
    for (key, value) in elements { object[key] = value }
    self = .object(object)
  }
}
