import StintWire
import Testing

@testable import StintServer

@Suite struct FileRangeTests {
  @Test(
    "ranges follow RFC 9110",
    arguments: [
      ("bytes=0-0", 0..<1), ("bytes=5-", 5..<10), ("bytes=-3", 7..<10), ("bytes=2-100", 2..<10), ("Bytes=0-3", 0..<4),
      ("bytes=-100", 0..<10), ("bytes=3-99999999999999999999999", 3..<10), ("bytes=-99999999999999999999999", 0..<10),
    ])
  func ranges(header: String, range: Range<Int>) throws {
    #expect(try FilesListener.range(header, size: 10) == range)
  }

  @Test("other units and several ranges get the whole file", arguments: ["lines=1-2", "bytes=0-1,4-5", "", "none"])
  func whole(header: String) throws {
    #expect(try FilesListener.range(header, size: 10) == nil)
  }

  @Test(
    "ranges that are outside of the file, or none, are refused",
    arguments: [
      "bytes=10-", "bytes=5-2", "bytes=-0", "bytes=", "bytes=-", "bytes=+1-2", "bytes=1-+2", "bytes=a-b", "bytes=1",
      "bytes=1-2-3", "bytes=--1", "bytes= 1-2", "bytes=١-٢", "bytes=99999999999999999999999-",
    ])
  func refused(header: String) {
    let error = #expect(throws: WireError.self) { try FilesListener.range(header, size: 10) }
    #expect(error?.code == 416)
  }

  @Test("whatever is asked for, what is given lies in the file", arguments: 1...10)
  func anything(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let pieces = ["0", "1", "9", "18446744073709551616", "-", "-", "+", ",", " ", "x", "\u{0}", "٣"]
    for _ in 0..<500 {
      let size = [0, 1, 2, 10, .max].randomElement(using: &generator) ?? 0
      let text = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      do throws(WireError) {
        guard let range = try FilesListener.range("bytes=" + text, size: size) else { continue }
        #expect(0 <= range.lowerBound && range.upperBound <= size && !range.isEmpty, "\(text) of \(size)")
      } catch {
        #expect(error.code == 416)
      }
    }
  }
}
