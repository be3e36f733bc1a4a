/// HOCON, the language of `clearml.conf`: JSON with comments, nesting, references and fewer quotes.
///
/// It reads what the specification allows and, beyond it, what existing files rely on: `True`, `http://host:8008` without
/// quotes, and escapes such as `\d` in quotes, which stay as they are.
package enum HOCON {
  /// Bounds that keep a hostile or broken document from exhausting the stack, the memory or anyone's patience.
  enum Limits {
    static let nesting = 100
    static let references = 200
    static let steps = 1_000_000
    static let copiedBytes = 16 << 20
  }

  /// Reads a document; `${NAME}` that the document does not define is looked up in `environment`.
  package static func parse(
    _ text: String, file: String? = nil, environment: [String: String] = [:]
  ) throws(HOCONError) -> ConfigValue {
    let source = HOCONSource(text: text, file: file)
    var parser = HOCONParser(source: source)
    let root = try parser.parseDocument()
    var resolver = HOCONResolver(root: root, source: source, environment: environment)
    return try resolver.resolveDocument() ?? [:]
  }

  /// Reads a single value, without a key.
  package static func value(_ text: String, environment: [String: String] = [:]) throws(HOCONError) -> ConfigValue {
    let source = HOCONSource(text: text, file: nil)
    var parser = HOCONParser(source: source)
    let node = try parser.parseWholeValue()
    var resolver = HOCONResolver(root: node, source: source, environment: environment)
    return try resolver.resolveDocument() ?? .null
  }

  /// Splits a path expression: `a.b` has two keys, `a."b.c"` too.
  package static func path(_ text: String) throws(HOCONError) -> [String] {
    var parser = HOCONParser(source: HOCONSource(text: text, file: nil))
    return try parser.parseWholePath()
  }
}

/// A document that is not HOCON: where, and what to do about it.
package struct HOCONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file's name, where the text came from one.
  package let file: String?
  /// The line, counted from 1.
  package let line: Int
  /// The character in the line, counted from 1.
  package let column: Int
  /// One sentence that says what is wrong. It never quotes a value.
  package let reason: String

  package var description: String {
    "\(file.map { "\($0):" } ?? "")\(line):\(column): \(reason)"
  }
}

/// The bytes of a document, and how to name a place in it.
struct HOCONSource {
  let bytes: [UInt8]
  let file: String?

  init(text: String, file: String?) {
    bytes = Array(text.utf8)
    self.file = file
  }

  func error(at offset: Int, _ reason: String) -> HOCONError {
    let before = bytes.prefix(offset)
    let line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let column = 1 + before[lineStart...].count { $0 & 0xC0 != 0x80 }
    return HOCONError(file: file, line: line, column: column, reason: reason)
  }

  func line(of offset: Int) -> Int {
    1 + bytes.prefix(offset).count { $0 == UInt8(ascii: "\n") }
  }
}
