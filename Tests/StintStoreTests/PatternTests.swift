import StintStore
import StintWire
import Testing

@Suite struct PatternTests {
  @Test(
    "an expression is found as Python would find it",
    arguments: [
      ("task [12]", "find task 1", true), ("task [12]", "find task 3", false), ("^golden$", "Golden", true),
      ("^golden$", "golden/x", false), ("a|b|", "zzz", true), ("^(a|bc)+$", "abcbca", true),
      ("^(a|bc)+$", "abcb", false),
      ("x{2,3}$", "wxx", true), ("^x{2,3}$", "xxxx", false), ("^x{,2}$", "xx", true), ("a{b", "A{B", true),
      (#"\bcat\b"#, "a cat!", true), (#"\bcat\b"#, "concat", false), (#"^\d+\.\w*$"#, "12.ab_3", true),
      (#"[^\W\d]"#, "12_", true), (#"[^\W\d]"#, "12-", false), ("[]a]", "]", true), ("[a-]", "-", true),
      ("[A-C]+$", "abc", true), ("(?i:Ä)", "ä", true), ("(?P<x>a)(?<y>b)(?:c)", "abc", true), ("^.$", "\n", false),
      ("(?s)^.$", "\n", true), ("(?m)^b$", "a\nb\nc", true),
      (#"\.\*\+\?\(\)\[\]\{\}\\\^\$\|"#, #".*+?()[]{}\^$|"#, true),
      (#"\x41\u00e9"#, "aÉ", true), ("", "anything", true), ("(a*)*$", "b", true), ("^(a?){3}$", "aa", true),
      ("^\\ a\\-b\\/c$", " a-b/c", true), ("a*?b+?", "b", true),
    ])
  func matching(regex: String, text: String, expected: Bool) throws {
    #expect(try Pattern(regex, field: "name").matches(text) == expected)
  }

  @Test(
    "a malformed or unsupported expression is refused",
    arguments: [
      "[", "(", ")", "a)", "*", "a**", "(?=a)", "(?<!a)", #"(a)\1"#, "x{3,2}", "[z-a]", #"\"#, #"\q"#, "(?P=a)", "{3}",
      "(((a{1000}){1000}){1000}){1000}", "(){1000000}", String(repeating: "(", count: 4000),
      String(repeating: "a", count: 5000), "a\u{0}",
    ])
  func malformed(regex: String) {
    let error = #expect(throws: WireError.self) { try Pattern(regex, field: "name") }
    #expect(error?.is(.invalidRegex) == true)
  }

  @Test("an expression that makes others go back for ever ends at once")
  func catastrophic() throws {
    let text = String(repeating: "a", count: 5000) + "!"
    #expect(try !Pattern("^(a+)+$", field: "name").matches(text))
    #expect(try !Pattern("^(a|aa)+$", field: "name").matches(text))
  }

  @Test("a search that takes too long ends, one that does not goes on")
  func tooLong() throws {
    let pattern = try Pattern("a", field: "name")
    var patient = PatternSearch(pattern)
    var impatient = PatternSearch(pattern, within: .nanoseconds(1))
    #expect(try patient.finds(in: "a"))
    #expect(try impatient.finds(in: "a"))
    #expect(try patient.finds(in: "a"))
    let error = #expect(throws: WireError.self) { try impatient.finds(in: "a") }
    #expect(error?.is(.invalidRegex) == true)
  }

  @Test("random expressions find what Swift's own find", arguments: 1...40)
  func agreesWithSwift(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func expression(_ depth: Int) -> String {
      switch Int.random(in: 0..<(depth > 0 ? 9 : 4), using: &generator) {
      case 0, 1: ["a", "b", "c"].randomElement(using: &generator) ?? "a"
      case 2: ["[ab]", "[^a]", "."].randomElement(using: &generator) ?? "."
      case 3: ["^", "$", "a"].randomElement(using: &generator) ?? "$"
      case 4: "(\(expression(depth - 1))|\(expression(depth - 1)))"
      case 5: "(?:\(expression(depth - 1)))*"
      case 6: "(\(expression(depth - 1))){1,2}"
      case 7: "(\(expression(depth - 1)))?"
      default: expression(depth - 1) + expression(depth - 1)
      }
    }
    for _ in 0..<20 {
      let regex = expression(4)
      let pattern = try Pattern(regex, field: "name")
      let reference = try Regex(regex).ignoresCase()
      for _ in 0..<10 {
        let length = Int.random(in: 0...6, using: &generator)
        let text = String((0..<length).map { _ in "abcABC".randomElement(using: &generator) ?? "a" })
        let isFound = try reference.firstMatch(in: text) != nil
        #expect(pattern.matches(text) == isFound, "\(regex) on \(text)")
      }
    }
  }
}
