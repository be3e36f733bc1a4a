import Testing

@testable import StintConfig

@Suite("HOCON errors")
struct HOCONErrorTests {
  @Test(
    "an error names line and column",
    arguments: [
      ("a: {", 1, 5), ("a: 1\nb: [1, 2", 2, 9), ("a: \"x", 1, 4), ("a: 1\n  b: \"x\ny\"", 2, 6), ("a: \"\"\"x", 1, 4),
      ("a: 1\nb 2\n", 2, 1), ("a:", 1, 3), ("a: ,", 1, 4), ("a: }", 1, 4), ("}", 1, 1), ("]", 1, 1), ("a: 1 }", 1, 6),
      ("[1,,2]", 1, 4), ("[,1]", 1, 2), (",a: 1", 1, 1), ("a: 1,,b: 2", 1, 6), ("a..b: 1", 1, 3), (".a: 1", 1, 1),
      ("a.: 1", 1, 3), ("é: ${x}", 1, 4), ("a: ${x", 1, 7), ("a: ${}", 1, 6), ("a: $x", 1, 4), ("a: x@y", 1, 5),
      ("a: 1 b: 2", 1, 7), ("a: {x: 1} b: 2", 1, 12), ("a: [1] {b: 2}", 1, 4), ("a: x [1]", 1, 4), ("[1] 2", 1, 5),
      ("{a: 1} b: 2", 1, 8), ("\n\n  include \"x\"", 3, 3), ("include file(\"x\")", 1, 1), ("a b", 1, 1),
    ])
  func place(document: String, line: Int, column: Int) throws {
    let error = try #require(throws: HOCONError.self) { try HOCON.parse(document, file: "clearml.conf") }
    #expect(error.line == line, "\(error)")
    #expect(error.column == column, "\(error)")
    #expect(error.description.hasPrefix("clearml.conf:\(line):\(column): "))
  }

  @Test("an error does not repeat values, which may be secret")
  func noValues() throws {
    for document in ["a: hunter2@x", "a: \"hunter2", "a: hunter2 [1]", "a: hunter2\" b"] {
      let error = try #require(throws: HOCONError.self) { try HOCON.parse(document) }
      #expect(!error.description.contains("hunter2"))
    }
  }

  @Test("an unknown reference says its name and what to do")
  func unknownReference() throws {
    let error = try #require(throws: HOCONError.self) { try HOCON.parse("a: 1\nb: x ${no.such}") }
    #expect(error.line == 2 && error.column == 6)
    #expect(error.reason.contains("${no.such}") && error.reason.contains("${?no.such}"))
  }

  @Test(
    "depth is bounded, however it comes about",
    arguments: [
      String(repeating: "[", count: 100_000),
      String(repeating: "{a:", count: 100_000),
      String(repeating: "a{", count: 100_000),
      String(repeating: "a.", count: 100_000) + "a: 1",
      "k: ${" + String(repeating: "a.", count: 100_000) + "a}",
      String(repeating: "a.", count: 60) + "b {" + String(repeating: "c.", count: 60) + "d: 1}",
      (1...5000).map { "a\($0) = [${a\($0 + 1)}]" }.joined(separator: "\n") + "\na5001 = []",
      (1...5000).map { "a\($0) = [${?a\($0 - 1)}]" }.joined(separator: "\n"),
      (1...5000).map { "a\($0) = ${a\($0 + 1)}" }.joined(separator: "\n") + "\na5001 = 1",
      "a: 1\n" + String(repeating: "a: ${a}x\n", count: 5000),
    ])
  func depth(document: String) throws {
    let error = try #require(throws: HOCONError.self) { try HOCON.parse(document) }
    #expect(error.line >= 1)
  }

  @Test("references cannot multiply a small document into a huge value")
  func growth() throws {
    let texts = "a0 = 0123456789\n" + (1...60).map { "a\($0) = ${a\($0 - 1)}${a\($0 - 1)}" }.joined(separator: "\n")
    let lists = "a0 = []\n" + (1...60).map { "a\($0) = [${a\($0 - 1)}, ${a\($0 - 1)}]" }.joined(separator: "\n")
    let misses = "a0 = {}\n" + (1...60).map { "a\($0) = ${a\($0 - 1)} ${a\($0 - 1)}" }.joined(separator: "\n")
    let ownMisses = "a: {}\n" + String(repeating: "a: ${a} ${a}\n", count: 60)
    #expect(throws: HOCONError.self) { try HOCON.parse(texts) }
    #expect(throws: HOCONError.self) { try HOCON.parse(lists) }
    #expect(throws: HOCONError.self) { try HOCON.parse(misses + "\nk = ${?a60.x}") }
    #expect(throws: HOCONError.self) { try HOCON.parse(ownMisses) }
  }

  @Test("a long document is read in full")
  func long() throws {
    let count = 20_000
    var document = ""
    for index in 0..<count {
      document += "section\(index % 10).key\(index): value \(index) # comment\nall += ${?section0.key0}\n"
    }
    document += "joined: " + String(repeating: "[0]", count: count)
    document += "\nmerged: " + (0..<count).map { "{k\($0): 1}" }.joined()
    let config = try HOCON.parse(document)
    #expect(config["section7.key17"] == "value 17")
    #expect(config["all"]?.asArray?.count == count)
    #expect(config["joined"]?.asArray?.count == count)
    #expect(config["merged"]?.asObject?.count == count)
  }
}
