/// Why a text is not JSON, and where.
package struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
  /// What was wrong.
  package let reason: String
  /// The byte at which it was noticed, from 0.
  package let offset: Int

  package var description: String { "\(reason) at byte \(offset)" }
}

extension JSON {
  /// How deep arrays and objects may nest: enough for any document, too little to exhaust a stack.
  package static let maximumDepth = 200
  /// How deep a request may nest: less, as it is kept and answered inside of other objects, which must be read again.
  package static let maximumRequestDepth = 100

  /// Parses one JSON text (RFC 8259). `NaN` and `Infinity`, which Python writes, are taken as numbers.
  /// - Throws: `JSONSyntaxError`.
  package init(
    parsing bytes: some Sequence<UInt8>, maximumDepth: Int = maximumDepth
  ) throws(JSONSyntaxError) {
    let result =
      bytes.withContiguousStorageIfAvailable { Self.parse($0, maximumDepth) }
      ?? Array(bytes).withUnsafeBufferPointer { Self.parse($0, maximumDepth) }
    self = try result.get()
  }

  /// Parses one JSON text.
  /// - Throws: `JSONSyntaxError`.
  package init(parsing text: String) throws(JSONSyntaxError) {
    try self.init(parsing: text.utf8)
  }

  private static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, _ maximumDepth: Int
  ) -> Result<JSON, JSONSyntaxError> {
    var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
    do throws(JSONSyntaxError) {
      let value = try parser.value(depth: 0)
      try parser.end()
      return .success(value)
    } catch {
      return .failure(error)
    }
  }

  /// Hands over the members of the object that a text of a request is, in its order, which costs less than to make
  /// the object of them. False where it is another value.
  /// - Throws: `JSONSyntaxError`, maybe after some members.
  package static func readMembers(
    of bytes: UnsafeBufferPointer<UInt8>, _ take: (String, JSON) -> Void
  ) throws(JSONSyntaxError) -> Bool {
    var parser = JSONParser(bytes: bytes, maximumDepth: maximumRequestDepth)
    parser.skipSpace()
    let isObject = parser.current == UInt8(ascii: "{")
    if isObject { try parser.object(depth: 0, take) } else { _ = try parser.value(depth: 0) }
    try parser.end()
    return isObject
  }
}

private struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let maximumDepth: Int
  var position = 0

  init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) { (self.bytes, self.maximumDepth) = (bytes, maximumDepth) }

  func failure(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(reason: reason, offset: position) }

  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  mutating func end() throws(JSONSyntaxError) {
    skipSpace()
    if position < bytes.count { throw failure("unexpected text after the value") }
  }

  mutating func value(depth: Int) throws(JSONSyntaxError) -> JSON {
    guard depth < maximumDepth else { throw failure("nested deeper than \(maximumDepth) levels") }
    skipSpace()
    switch current {
    case UInt8(ascii: "{"):
      var members: [String: JSON] = [:]
      try object(depth: depth) { members[$0] = $1 }
      return .object(members)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "N"): return try word("NaN", .double(.nan))
    case UInt8(ascii: "I"): return try word("Infinity", .double(.infinity))
    case nil: throw failure("unexpected end")
    case .some(let byte):
      guard byte == UInt8(ascii: "-") || 0x30...0x39 ~= byte else { throw failure("unexpected character") }
      return try number()
    }
  }

  mutating func word(_ word: StaticString, _ value: JSON) throws(JSONSyntaxError) -> JSON {
    let count = word.utf8CodeUnitCount
    guard position + count <= bytes.count else { throw failure("unexpected character") }
    for index in 0..<count where bytes[position + index] != word.utf8Start[index] {
      throw failure("unexpected character")
    }
    position += count
    return value
  }

  @inline(__always)
  mutating func object(depth: Int, _ take: (String, JSON) -> Void) throws(JSONSyntaxError) {
    position += 1
    skipSpace()
    if current == UInt8(ascii: "}") {
      position += 1
      return
    }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw failure("expected a member name in quotes") }
      let key = try string()
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw failure("expected ':'") }
      position += 1
      take(key, try value(depth: depth + 1))
      skipSpace()
      switch current {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "}"):
        position += 1
        return
      default: throw failure("expected ',' or '}'")
      }
    }
  }

  mutating func array(depth: Int) throws(JSONSyntaxError) -> JSON {
    position += 1
    var elements: [JSON] = []
    skipSpace()
    if current == UInt8(ascii: "]") {
      position += 1
      return .array(elements)
    }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      switch current {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: "]"):
        position += 1
        return .array(elements)
      default: throw failure("expected ',' or ']'")
      }
    }
  }

  mutating func number() throws(JSONSyntaxError) -> JSON {
    let start = position
    let isNegative = current == UInt8(ascii: "-")
    if isNegative { position += 1 }
    if isNegative, current == UInt8(ascii: "I") { return try word("Infinity", .double(-.infinity)) }
    var isWhole = true
    var magnitude: UInt64 = 0
    var overflow = false
    let firstDigit = position
    while let digit = current, digit >= 0x30, digit <= 0x39 {
      let (product, first) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, second) = product.addingReportingOverflow(UInt64(digit - 0x30))
      overflow = overflow || first || second
      magnitude = sum
      position += 1
    }
    guard position > firstDigit else { throw failure("expected a digit") }
    if position - firstDigit > 1, bytes[firstDigit] == 0x30 { throw failure("a number cannot start with 0") }
    if current == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    if isWhole, !overflow {
      if !isNegative, let value = Int64(exactly: magnitude) { return .int(value) }
      if isNegative, magnitude <= UInt64(Int64.max) { return .int(-Int64(magnitude)) }
      if isNegative, magnitude == UInt64(Int64.max) + 1 { return .int(.min) }
    }
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw failure("not a number")
    }
    return .double(value)
  }

  mutating func digits() throws(JSONSyntaxError) {
    let start = position
    while let digit = current, digit >= 0x30, digit <= 0x39 { position += 1 }
    if position == start { throw failure("expected a digit") }
  }

  mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    let start = position
    var union: UInt8 = 0
    while position < bytes.count {
      let byte = bytes[position]
      union |= byte
      switch byte {
      case UInt8(ascii: "\""):
        let units = UnsafeBufferPointer(rebasing: bytes[start..<position])
        // Most are ASCII, which needs no validation.
        let text = union < 0x80 ? String(decoding: units, as: UTF8.self) : try utf8(units)
        position += 1
        return text
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw failure("a control character in a string must be escaped")
      default: position += 1
      }
    }
    throw failure("unexpected end of a string")
  }

  mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return try utf8(text)
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &text)
      case 0..<0x20: throw failure("a control character in a string must be escaped")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw failure("unexpected end of a string")
  }

  mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
    guard let letter = current else { throw failure("unexpected end of a string") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): try unicodeEscape(into: &text)
    default: throw failure("unknown escape in a string")
    }
  }

  mutating func unicodeEscape(into text: inout [UInt8]) throws(JSONSyntaxError) {
    let first = try hex4()
    var scalar = UInt32(first)
    if 0xD800...0xDBFF ~= first {
      // A lone surrogate, which Python writes for undecodable bytes, becomes the replacement character.
      let mark = position
      if current == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") {
        position += 2
        let second = try hex4()
        if 0xDC00...0xDFFF ~= second {
          scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        } else {
          position = mark
        }
      }
    }
    text.append(contentsOf: String(Unicode.Scalar(scalar).map(Character.init) ?? "\u{FFFD}").utf8)
  }

  mutating func hex4() throws(JSONSyntaxError) -> UInt16 {
    guard position + 4 <= bytes.count else { throw failure("unexpected end of a string") }
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw failure("expected four hexadecimal digits")
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }

  func utf8(_ units: some Sequence<UInt8>) throws(JSONSyntaxError) -> String {
    guard let text = String(validating: units, as: UTF8.self) else { throw failure("the text is not UTF-8") }
    return text
  }
}
