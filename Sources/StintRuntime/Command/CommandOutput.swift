/// What a helper program printed.
package struct CommandOutput: Sendable, Equatable {
  /// The first bytes of its standard output, up to the command's limit.
  package var standardOutput: [UInt8]
  /// The last bytes of its standard error, up to the command's limit.
  package var standardError: [UInt8]

  /// The standard output without the line break at its end.
  package var text: String {
    var bytes = standardOutput[...]
    while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The end of what went wrong: standard error, or standard output where the former is empty. Where a long story
  /// follows what the program itself calls its error, as a build's own output, that comes first.
  func lastLines(_ count: Int = 20) -> [String] {
    let source = standardError.isEmpty ? standardOutput : standardError
    let lines = source.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    let before = lines.dropLast(count)
    let marks = ["error:", "ERROR:", "fatal:", "  ×"].map { Array($0.utf8) }
    let start = before.lastIndex { line in marks.contains { line.starts(with: $0) } }
    let title = start.map { before[$0...].prefix(4) } ?? []
    return (title + lines.suffix(count)).map { Secrets.mask(String(decoding: $0, as: UTF8.self)) }
  }
}

/// Bytes with a bound: the first ones are kept, or the last.
struct KeptBytes {
  private(set) var bytes: [UInt8] = []
  private let limit: Int
  private let keepsEnd: Bool

  init(limit: Int, keepsEnd: Bool) {
    self.limit = limit
    self.keepsEnd = keepsEnd
  }

  mutating func append(_ more: UnsafeRawBufferPointer) {
    guard keepsEnd else {
      bytes.append(contentsOf: more.prefix(limit - bytes.count))
      return
    }
    bytes.append(contentsOf: more.suffix(limit))
    if bytes.count > limit { bytes.removeFirst(bytes.count - limit) }
  }
}

/// Cuts a stream of bytes into lines. A carriage return ends a line, too, so that progress bars do not pile up.
struct LineSplitter {
  private static let longest = 64 << 10
  private var rest: [UInt8] = []

  mutating func append(_ bytes: UnsafeRawBufferPointer, _ onLine: (String) -> Void) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        finish(onLine)
      } else {
        rest.append(byte)
        if rest.count >= Self.longest { finish(onLine) }
      }
    }
  }

  mutating func finish(_ onLine: (String) -> Void) {
    guard !rest.isEmpty else { return }
    onLine(Secrets.mask(String(decoding: rest, as: UTF8.self)))
    rest.removeAll(keepingCapacity: true)
  }
}
