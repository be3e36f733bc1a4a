/// Reads the syntax: one pass, one byte at a time, no looking back.
struct HOCONParser {
  let source: HOCONSource
  private(set) var position = 0
  private var depth = 0

  init(source: HOCONSource) {
    self.source = source
  }

  mutating func parseDocument() throws(HOCONError) -> HOCONNode {
    skipBlank()
    let root: HOCONNode
    switch current {
    case UInt8(ascii: "["): root = .array(try parseArray())
    case UInt8(ascii: "{"): root = .object(try parseObject())
    default: root = .object(try parseFields(openedAt: nil))
    }
    skipBlank()
    guard current == nil else { throw error("Nothing may follow the end of the document's outermost brackets.") }
    return root
  }

  /// Reads a value that is all there is.
  mutating func parseWholeValue() throws(HOCONError) -> HOCONNode {
    skipBlank()
    let value = try parseValue(of: nil)
    skipBlank()
    guard current == nil else { throw error("Nothing may follow the value.") }
    return value
  }

  // MARK: Objects and lists

  private mutating func parseObject() throws(HOCONError) -> HOCONObject {
    try enter()
    defer { depth -= 1 }
    let opening = position
    position += 1
    return try parseFields(openedAt: opening)
  }

  private mutating func parseFields(openedAt opening: Int?) throws(HOCONError) -> HOCONObject {
    let object = HOCONObject()
    while true {
      skipBlank()
      if try isClosed(by: "}", openedAt: opening) { return object }
      try parseField(into: object)
      try parseSeparator(before: "}", isRoot: opening == nil)
    }
  }

  private mutating func parseArray() throws(HOCONError) -> HOCONArray {
    try enter()
    defer { depth -= 1 }
    let opening = position
    position += 1
    let array = HOCONArray()
    while true {
      skipBlank()
      if try isClosed(by: "]", openedAt: opening) { return array }
      array.elements.append(try parseValue(of: nil))
      try parseSeparator(before: "]", isRoot: false)
    }
  }

  private mutating func isClosed(by close: Unicode.Scalar, openedAt opening: Int?) throws(HOCONError) -> Bool {
    guard let byte = current else {
      guard let opening else { return true }
      let open = source.bytes[opening] == UInt8(ascii: "{") ? "{" : "["
      throw error("The \(open) of line \(source.line(of: opening)) is never closed by \(close).")
    }
    if opening != nil, byte == UInt8(ascii: close) {
      position += 1
      return true
    }
    guard byte != UInt8(ascii: ",") else { throw error("There is nothing before this comma.") }
    return false
  }

  private mutating func parseSeparator(before close: Unicode.Scalar, isRoot: Bool) throws(HOCONError) {
    let sawNewline = skipBlank()
    guard let byte = current else { return }
    if byte == UInt8(ascii: ",") {
      position += 1
    } else if !sawNewline, isRoot || byte != UInt8(ascii: close) {
      throw error("Expected a comma, a line break or \(close) here; text with special characters needs double quotes.")
    }
  }

  private mutating func parseField(into object: HOCONObject) throws(HOCONError) {
    try rejectInclude()
    let start = position
    let path = try parsePath()
    skipBlank()
    var appends = false
    switch (current, next) {
    case (UInt8(ascii: "{"), _): break
    case (UInt8(ascii: ":"), _), (UInt8(ascii: "="), _): position += 1
    case (UInt8(ascii: "+"), UInt8(ascii: "=")):
      position += 2
      appends = true
    default:
      throw source.error(at: start, "This key has no value: expected :, =, += or { after it.")
    }
    skipBlank()
    try enter(path.count - 1)
    defer { depth -= path.count - 1 }
    let value = try parseValue(of: path.last)
    guard let field = object.field(at: path) else { return }
    if appends { field.append(value, offset: start) } else { field.assign(value) }
  }

  private func rejectInclude() throws(HOCONError) {
    guard source.bytes[position...].starts(with: "include".utf8) else { return }
    let rest = source.bytes[(position + 7)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    let isDirective = ["\"", "file(", "url(", "classpath(", "required(", "package("].contains {
      rest.starts(with: $0.utf8)
    }
    guard isDirective else { return }
    throw error("Files cannot be included here; copy the included settings into this file.")
  }

  // MARK: Values

  private mutating func parseValue(of key: String?) throws(HOCONError) -> HOCONNode {
    let start = position
    var parts: [HOCONNode] = []
    var isBareWord = false
    while true {
      let spaceStart = position
      skipSpace()
      let space = source.bytes[spaceStart..<position]
      guard let part = try parsePart(after: parts.last, isAttached: space.isEmpty) else { break }
      if !parts.isEmpty, !space.isEmpty { parts.append(.space(String(decoding: space, as: UTF8.self))) }
      parts.append(part.node)
      isBareWord = part.isBare
    }
    switch parts.count {
    case 0: throw error(missingValue(of: key))
    case 1: return isBareWord ? Self.meaning(of: parts[0]) : parts[0]
    default: return Self.text(of: parts) ?? .joined(parts, offset: start)
    }
  }

  private func missingValue(of key: String?) -> String {
    guard let key else { return "Expected a value here; text with special characters needs double quotes." }
    return "The key \(key) has no value; write \"\" for an empty one, and put special characters in double quotes."
  }

  private mutating func parsePart(
    after previous: HOCONNode?, isAttached: Bool
  ) throws(HOCONError) -> (node: HOCONNode, isBare: Bool)? {
    guard let byte = current, !isAtComment else { return nil }
    switch byte {
    case UInt8(ascii: "\n"), UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"):
      return nil
    case UInt8(ascii: "\""):
      return (.simple(.string(try parseQuoted())), false)
    case UInt8(ascii: "{"):
      return (.object(try parseObject()), false)
    case UInt8(ascii: "["):
      return (.array(try parseArray()), false)
    case UInt8(ascii: "$"):
      return (.reference(try parseReference()), false)
    default:
      var followsReference = false
      if isAttached, case .reference = previous { followsReference = true }
      return (.simple(.string(try parseBare(continuesReference: followsReference))), true)
    }
  }

  private mutating func parseReference() throws(HOCONError) -> HOCONReference {
    let offset = position
    guard next == UInt8(ascii: "{") else { throw error("A $ that does not begin ${name} needs double quotes.") }
    position += 2
    let isOptional = current == UInt8(ascii: "?")
    if isOptional { position += 1 }
    let path = try parsePath()
    guard current == UInt8(ascii: "}") else { throw error("The reference is not closed by }.") }
    position += 1
    return HOCONReference(path: path, isOptional: isOptional, offset: offset)
  }

  private mutating func parseBare(continuesReference: Bool) throws(HOCONError) -> String {
    let start = position
    while let byte = current, whitespaceLength == 0, byte != UInt8(ascii: "\n") {
      if Self.special.contains(byte) {
        let isInside = position > start || continuesReference || next?.isDigit == true
        guard isInside, Self.isGlue(byte, before: next) else { break }
      }
      position += 1
    }
    guard position > start else { throw error(Self.misplaced(source.bytes[position])) }
    return String(decoding: source.bytes[start..<position], as: UTF8.self)
  }

  private static func misplaced(_ byte: UInt8) -> String {
    let character = Character(Unicode.Scalar(byte))
    guard byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") else {
      return "The character \(character) has to be inside double quotes here."
    }
    return "Before this \(character) a comma, a line break or a value is missing; in text it needs double quotes."
  }

  /// A colon within a word, as in `http://host`, and the plus of a number are text.
  private static func isGlue(_ byte: UInt8, before next: UInt8?) -> Bool {
    guard let next else { return false }
    if byte == UInt8(ascii: "+") { return next.isDigit }
    guard byte == UInt8(ascii: ":") else { return false }
    return next > UInt8(ascii: " ") && (next == UInt8(ascii: "$") || !special.contains(next))
  }

  private static func meaning(of node: HOCONNode) -> HOCONNode {
    guard case .simple(.string(let word)) = node else { return node }
    switch word.lowercased() {
    case "true": return .simple(.bool(true))
    case "false": return .simple(.bool(false))
    case "null": return .simple(.null)
    default: return ConfigNumber(word).map { .simple(.number($0)) } ?? node
    }
  }

  private static func text(of parts: [HOCONNode]) -> HOCONNode? {
    var text = ""
    for part in parts {
      switch part {
      case .simple(.string(let word)), .space(let word): text += word
      default: return nil
      }
    }
    return .simple(.string(text))
  }
}

// MARK: - Bytes

extension HOCONParser {
  /// What text without quotes may not contain.
  static let special = Set("$\"{}[]:=,+#`^?!@*&\\".utf8)

  var current: UInt8? { position < source.bytes.count ? source.bytes[position] : nil }
  var next: UInt8? { position + 1 < source.bytes.count ? source.bytes[position + 1] : nil }

  var isAtComment: Bool {
    current == UInt8(ascii: "#") || (current == UInt8(ascii: "/") && next == UInt8(ascii: "/"))
  }

  func error(_ reason: String) -> HOCONError {
    source.error(at: position, reason)
  }

  private mutating func enter(_ levels: Int = 1) throws(HOCONError) {
    depth += levels
    guard depth <= HOCON.Limits.nesting else {
      throw error("Values are nested more than \(HOCON.Limits.nesting) levels deep.")
    }
  }

  mutating func advance(_ count: Int = 1) {
    position += count
  }

  /// Skips white space, line breaks and comments, and says whether there was a line break.
  @discardableResult
  mutating func skipBlank() -> Bool {
    var sawNewline = false
    while true {
      skipSpace()
      if isAtComment {
        while let byte = current, byte != UInt8(ascii: "\n") { position += 1 }
      }
      guard current == UInt8(ascii: "\n") else { return sawNewline }
      sawNewline = true
      position += 1
    }
  }

  mutating func skipSpace() {
    while case let length = whitespaceLength, length > 0 { position += length }
  }

  /// The length of the white space character here, of which Unicode has a few longer than a byte; a line break is none.
  var whitespaceLength: Int {
    guard let byte = current else { return 0 }
    switch byte {
    case 0x09, 0x0B...0x0D, 0x1C...0x20: return 1
    case 0xC2: return next == 0xA0 ? 2 : 0
    case 0xE1, 0xE2, 0xE3, 0xEF:
      guard position + 2 < source.bytes.count else { return 0 }
      switch (byte, source.bytes[position + 1], source.bytes[position + 2]) {
      case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
        (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF):
        return 3
      default: return 0
      }
    default: return 0
    }
  }
}
