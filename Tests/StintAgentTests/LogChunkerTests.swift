import Testing

@testable import StintAgent

@Suite struct LogChunkerTests {
  let chunker = LogChunker(masker: Masker(["hunter2hunter2"]))

  private func texts(_ output: String, tail: LogChunker.Tail) -> [String] {
    chunker.chunks(Array(output.utf8), tail: tail).map(\.text)
  }

  @Test("whole lines are sent, the start of a line waits for its rest")
  func wholeLines() {
    let chunks = chunker.chunks(Array("a\nb\nc".utf8), tail: .wait)
    #expect(chunks == [.init(text: "a\nb\n", count: 4)])
    #expect(texts("c", tail: .wait).isEmpty)
    #expect(texts("c", tail: .send) == ["c"])
    #expect(texts("c", tail: .end) == ["c"])
  }

  @Test("of a progress bar the last state of each line is kept")
  func progressBars() {
    #expect(texts("\r 1%\r 50%\r100%\ndone\r\n", tail: .wait) == ["100%\ndone\n"])
    #expect(texts(" 1%\r 50%\r 5", tail: .wait).isEmpty)
    #expect(chunker.chunks(Array(" 1%\r 50%\r 5".utf8), tail: .send) == [.init(text: " 50%\n", count: 9)])
  }

  @Test("progress bars are kept whole where that is wanted")
  func unfolded() {
    let chunker = LogChunker(masker: Masker([]), foldsCarriageReturns: false)
    #expect(chunker.chunks(Array("1%\r2%\n".utf8), tail: .wait).map(\.text) == ["1%\r2%\n"])
  }

  @Test("a character is not cut in two; what is no UTF-8 is repaired")
  func characters() {
    let smile = Array("a🙂".utf8)
    #expect(chunker.chunks(Array(smile.dropLast()), tail: .send) == [.init(text: "a", count: 1)])
    #expect(chunker.chunks(smile, tail: .send) == [.init(text: "a🙂", count: 5)])
    #expect(chunker.chunks([0x61, 0xFF, 0x0A], tail: .wait).map(\.text) == ["a\u{FFFD}\n"])
    #expect(chunker.chunks(Array(smile.dropLast()), tail: .end).map(\.count) == [4])
  }

  @Test("a secret that arrives in two parts is hidden")
  func secretAcrossWindows() {
    let output = Array("key hunter2hunter2 end".utf8)
    for cut in output.indices {
      let first = chunker.chunks(Array(output[..<cut]), tail: .send)
      let sent = first.reduce(0) { $0 + $1.count }
      let rest = chunker.chunks(Array(output[sent...]), tail: .end)
      #expect((first + rest).map(\.text).joined() == "key **** end", "cut at \(cut)")
    }
  }

  @Test("output without line breaks is cut to the limit, and all of it is accounted for")
  func endlessLine() {
    let output = [UInt8](repeating: UInt8(ascii: "x"), count: LogChunker.limit * 3 + 5)
    let waiting = chunker.chunks(output, tail: .wait)
    #expect(waiting.allSatisfy { $0.count <= LogChunker.limit })
    let all = chunker.chunks(output, tail: .end)
    #expect(all.reduce(0) { $0 + $1.count } == output.count)
    #expect(all.map(\.text).joined().utf8.count == output.count)
  }

  @Test("however the output is cut into windows, the same text comes out")
  func anyWindows() {
    var generator = SystemRandomNumberGenerator()
    let output = Array("first\nsecond é🙂 line\n\nlast without an end".utf8)
    for _ in 0..<200 {
      var text = ""
      var offset = 0
      var end = 0
      while end < output.count {
        end = min(output.count, end + Int.random(in: 1...9, using: &generator))
        let tail: LogChunker.Tail = Bool.random(using: &generator) ? .send : .wait
        for chunk in chunker.chunks(Array(output[offset..<end]), tail: tail) {
          text += chunk.text
          offset += chunk.count
        }
      }
      text += chunker.chunks(Array(output[offset...]), tail: .end).map(\.text).joined()
      #expect(text == String(decoding: output, as: UTF8.self))
    }
  }
}
