extension HOCONParser {
  // MARK: Paths

  /// Reads a path expression up to the character that cannot be part of one.
  mutating func parsePath() throws(HOCONError) -> [String] {
    var keys: [String] = []
    var key: [UInt8] = []
    var isQuoted = false
    skipSpace()
    let start = position
    while let byte = current, !isAtComment {
      let spaceStart = position
      skipSpace()
      let space = source.bytes[spaceStart..<position]
      if !space.isEmpty {
        if let byte = current, Self.continuesKey(byte), !isAtComment { key += space }
        continue
      }
      if byte == UInt8(ascii: ".") {
        keys.append(try finish(key, isQuoted: isQuoted))
        (key, isQuoted) = ([], false)
        advance()
        skipSpace()
      } else if byte == UInt8(ascii: "\"") {
        key += Array(try parseQuoted().utf8)
        isQuoted = true
      } else if Self.continuesKey(byte) {
        key.append(byte)
        advance()
      } else {
        break
      }
    }
    guard position > start else { throw error("Expected a key here; special characters in a key need double quotes.") }
    keys.append(try finish(key, isQuoted: isQuoted))
    guard keys.count <= HOCON.Limits.nesting else {
      throw error("The path has more than \(HOCON.Limits.nesting) parts.")
    }
    return keys
  }

  /// Reads a path expression that is all there is.
  mutating func parseWholePath() throws(HOCONError) -> [String] {
    let path = try parsePath()
    skipSpace()
    guard current == nil else { throw error("This character needs double quotes in a path.") }
    return path
  }

  private func finish(_ key: [UInt8], isQuoted: Bool) throws(HOCONError) -> String {
    guard isQuoted || !key.isEmpty else {
      throw error("A part of the path is empty; write it as \"\" if that is meant.")
    }
    return String(decoding: key, as: UTF8.self)
  }

  private static func continuesKey(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || (byte != UInt8(ascii: "\n") && byte != UInt8(ascii: ".") && !special.contains(byte))
  }

  // MARK: Quotes

  /// Reads text in double quotes, or in three of them.
  mutating func parseQuoted() throws(HOCONError) -> String {
    source.bytes[position...].starts(with: Self.tripleQuote) ? try parseTripleQuoted() : try parseSingleQuoted()
  }

  private static let tripleQuote = Array("\"\"\"".utf8)

  private mutating func parseTripleQuoted() throws(HOCONError) -> String {
    let opening = position
    advance(3)
    let start = position
    while !source.bytes[position...].starts(with: Self.tripleQuote) {
      guard current != nil else { throw source.error(at: opening, "The text in triple quotes is never closed.") }
      advance()
    }
    advance(3)
    while current == UInt8(ascii: "\"") { advance() }
    return String(decoding: source.bytes[start..<(position - 3)], as: UTF8.self)
  }

  private mutating func parseSingleQuoted() throws(HOCONError) -> String {
    let opening = position
    var text: [UInt8] = []
    advance()
    while let byte = current, byte != UInt8(ascii: "\n") {
      advance()
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): parseEscape(into: &text)
      default: text.append(byte)
      }
    }
    throw source.error(at: opening, "The text in quotes does not end on its line; text of several lines needs \"\"\".")
  }

  /// An escape that JSON does not know stays as it is: regular expressions in existing files count on it.
  private mutating func parseEscape(into text: inout [UInt8]) {
    guard let byte = current, byte != UInt8(ascii: "\n") else {
      text.append(UInt8(ascii: "\\"))
      return
    }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    default:
      if byte == UInt8(ascii: "u"), let (scalar, length) = unicodeEscape() {
        text += Array(String(Character(scalar)).utf8)
        advance(length)
        return
      }
      text.append(UInt8(ascii: "\\"))
      return
    }
    advance()
  }

  /// The scalar of `u` and four digits here, or of two such escapes that form a pair, and their length.
  private func unicodeEscape() -> (Unicode.Scalar, length: Int)? {
    guard let first = hexadecimal(at: position + 1) else { return nil }
    if let scalar = Unicode.Scalar(first) { return (scalar, 5) }
    let second = position + 5
    guard source.bytes[min(second, source.bytes.count)...].starts(with: "\\u".utf8), 0xD800...0xDBFF ~= first,
      let low = hexadecimal(at: second + 2), 0xDC00...0xDFFF ~= low,
      let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
    else { return nil }
    return (scalar, 11)
  }

  private func hexadecimal(at offset: Int) -> UInt16? {
    guard offset + 4 <= source.bytes.count else { return nil }
    let digits = source.bytes[offset..<(offset + 4)]
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
