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
    var parts: [(name: String, content: String)] = []
    var ended = 0
    let bytes = Array(body.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      for event in try parser.feed(bytes[start..<min(start + size, bytes.count)]) {
        switch event {
        case .part(let name, _): parts.append((name, ""))
        case .data(let data): parts[parts.count - 1].content += String(decoding: data, as: UTF8.self)
        case .endOfPart: ended += 1
        }
      }
    }
    #expect(parser.isComplete)
    #expect(parts.map(\.name) == ["a/b c.txt", "e"])
    #expect(parts.map(\.content) == ["one\r\n--Bnot\r\n", ""])
    #expect(ended == 2)
  }

  @Test("a body that is no form, or a part without a name, is refused")
  func refused() throws {
    #expect(throws: WireError.self) { try MultipartParser(contentType: "application/json") }
    var parser = try MultipartParser(contentType: "multipart/form-data; boundary=B")
    #expect(throws: WireError.self) { try parser.feed("--B\r\nX: y\r\n\r\nz".utf8) }
  }

  @Test(
    "ranges follow RFC 9110",
    arguments: [
      ("bytes=0-0", 0..<1), ("bytes=5-", 5..<10), ("bytes=-3", 7..<10), ("bytes=2-100", 2..<10),
    ])
  func ranges(header: String, range: Range<Int>) throws {
    #expect(try FilesListener.range(header, size: 10) == range)
  }

  @Test(
    "ranges outside of the file are refused",
    arguments: ["bytes=10-", "bytes=5-2", "bytes=-0", "lines=1-2", "bytes=0-1,4-5"])
  func badRanges(header: String) {
    let error = #expect(throws: WireError.self) { try FilesListener.range(header, size: 10) }
    #expect(error?.code == 416)
  }
}
