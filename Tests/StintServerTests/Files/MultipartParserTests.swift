import StintWire
import Testing

@testable import StintServer

@Suite struct MultipartParserTests {
  private let body =
    "--B\r\nContent-Disposition: form-data; name=\"a/b c.txt\"; filename=\"a/b c.txt\"\r\nContent-Type: text/plain\r\n\r\n"
    + "one\r\n--Bnot\r\n\r\n--B\r\nContent-Disposition: form-data; name=\"e\"\r\n\r\n\r\n--B--\r\n"

  @Test("parts come out whole, however the body is cut", arguments: [1, 2, 3, 7, 50, 1000])
  func pieces(size: Int) throws {
    var parser = try MultipartParser(contentType: "multipart/form-data; boundary=B")
    var form = Form()
    let bytes = Array(body.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      try form.take(parser.feed(bytes[start..<min(start + size, bytes.count)]))
    }
    #expect(parser.isComplete)
    #expect(form.parts.map(\.name) == ["a/b c.txt", "e"])
    #expect(form.parts.map(\.content) == [Array("one\r\n--Bnot\r\n".utf8), []])
    #expect(form.parts.map(\.isWhole) == [true, true])
  }

  @Test("a body that is no form, or a part without a name, is refused")
  func refused() throws {
    #expect(throws: WireError.self) { try MultipartParser(contentType: "application/json") }
    var parser = try MultipartParser(contentType: "multipart/form-data; boundary=B")
    #expect(throws: WireError.self) { try parser.feed("--B\r\nX: y\r\n\r\nz".utf8) }
  }

  @Test("any content comes out as it went in, however the body is cut", arguments: 1...20)
  func anyContent(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let contents = (0..<Int.random(in: 1...4, using: &generator)).map { _ in Self.content(&generator) }
      var bytes = Array("what comes before is no part".utf8)
      for (number, content) in contents.enumerated() {
        bytes += Array("\r\n--Bo-Undary\r\nContent-Disposition: form-data; name=\"\(number)\"\r\n\r\n".utf8) + content
      }
      bytes += Array("\r\n--Bo-Undary--\r\n".utf8)
      let form = try Self.parse(bytes, &generator)
      #expect(form.parts.map(\.content) == contents)
      #expect(form.parts.map(\.name) == contents.indices.map(String.init))
      #expect(form.isComplete)
    }
  }

  @Test("a damaged body is refused or read the same way however it is cut", arguments: 1...20)
  func damaged(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      var bytes = Array(body.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(contentsOf: "\r\n--B".utf8, at: index)
        default: bytes.removeSubrange(index...)
        }
        if bytes.isEmpty { bytes = [0] }
      }
      let whole = try? Self.parse([bytes])
      let cut = try? Self.parse(bytes, &generator, boundary: "B")
      #expect(whole == cut)
    }
  }

  /// Bytes in which the delimiter nearly stands.
  private static func content(_ generator: inout SeededGenerator) -> [UInt8] {
    let pieces = ["\r\n", "--", "\r\n--Bo-Undar", "\r\n--Bo-Undaryx", "\n--Bo-Undary", "\u{0}", "é", "x"]
    return (0..<Int.random(in: 0...12, using: &generator)).flatMap { _ in
      Array((pieces.randomElement(using: &generator) ?? "").utf8)
    }
  }

  private static func parse(
    _ bytes: [UInt8], _ generator: inout SeededGenerator, boundary: String = "Bo-Undary"
  ) throws -> Form {
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      pieces.append(Array(rest.prefix(Int.random(in: 1...30, using: &generator))))
      rest = rest.dropFirst(pieces[pieces.count - 1].count)
    }
    return try parse(pieces, boundary: boundary)
  }

  private static func parse(_ pieces: [[UInt8]], boundary: String = "B") throws -> Form {
    var parser = try MultipartParser(contentType: "multipart/form-data; boundary=\(boundary)")
    var form = Form()
    for piece in pieces { try form.take(parser.feed(piece)) }
    form.isComplete = parser.isComplete
    return form
  }
}

/// What a form consists of.
private struct Form: Equatable {
  struct Part: Equatable {
    let name: String
    let type: String?
    var content: [UInt8] = []
    var isWhole = false
  }

  /// The content of a part that has not begun.
  struct Misplaced: Error {}

  var parts: [Part] = []
  var isComplete = false

  mutating func take(_ events: [MultipartParser.Event]) throws {
    for event in events {
      if case .part(let name, let type) = event {
        parts.append(Part(name: name, type: type))
        continue
      }
      guard let last = parts.indices.last, !parts[last].isWhole else { throw Misplaced() }
      if case .data(let bytes) = event { parts[last].content += bytes } else { parts[last].isWhole = true }
    }
  }
}
