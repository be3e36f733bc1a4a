import StintWire
import Testing

@Suite struct JSONTests {
  @Test("what is written is read back, whatever the value")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<2000 {
      let value = JSON.random(depth: 4, using: &random)
      #expect(try JSON(parsing: value.bytes) == value)
      #expect(try JSON(parsing: value.prettyText) == value)
    }
  }

  @Test("damaged texts are refused or read, never a crash")
  func fuzz() {
    var random = SeededGenerator(seed: 11)
    let sample = #"{"a": [1, -2.5e3, true, null, "x\u00e9\ud83d\ude00\n"], "b": {"c": {}}, "d": 12345678901234567890}"#
    for _ in 0..<20_000 {
      var bytes = Array(sample.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        }
      }
      do throws(JSONSyntaxError) {
        let value = try JSON(parsing: bytes)
        #expect((try? JSON(parsing: value.bytes)) != nil)
      } catch {
        #expect(error.offset <= bytes.count)
      }
    }
  }

  @Test(
    "whole numbers stay whole, others are doubles",
    arguments: [
      ("0", JSON.int(0)), ("-7", .int(-7)), ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
      ("9223372036854775808", .double(9.223372036854775808e18)), ("1.0", .double(1)), ("1e3", .double(1000)),
    ])
  func numbers(text: String, value: JSON) throws {
    #expect(try JSON(parsing: text) == value)
  }

  @Test("Python's NaN and Infinity are read, and written as null")
  func nonFinite() throws {
    #expect(try JSON(parsing: "[NaN, Infinity, -Infinity]").text == "[null,null,null]")
  }

  @Test(
    "texts that are not JSON are refused",
    arguments: [
      "", "{", "[1,]", "{\"a\" 1}", "01", "1.", "\"\u{1}\"", "\"\\x\"", "nul", "{\"a\":1}}", "'a'", "[1 2]",
    ])
  func refused(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
  }

  @Test("nesting is bounded, so that a small text cannot exhaust the stack")
  func depth() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: deep) }
  }

  @Test("a request nests less deep than what is read, so that it can be kept inside of something")
  func requestDepth() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    let limit = JSON.maximumRequestDepth
    _ = try JSON(parsing: nested(limit), maximumDepth: limit)
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: nested(limit + 1), maximumDepth: limit) }
    _ = try JSON(parsing: nested(limit + 50))
  }

  @Test("text that is not UTF-8 is refused")
  func invalidUTF8() {
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
  }

  @Test("paths reach into objects, and make them")
  func paths() {
    var value: JSON = ["a": ["b": 1]]
    value[path: ["a", "c", "d"]] = 2
    #expect(value == ["a": ["b": 1, "c": ["d": 2]]])
    value[path: ["a", "b"]] = nil
    #expect(value[path: ["a", "b"]] == nil)
    #expect(value[path: ["a", "c", "d"]] == 2)
  }
}

/// Repeatable random numbers (SplitMix64), so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension JSON {
  static func random(depth: Int, using random: inout SeededGenerator) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: .null
    case 1: .bool(.random(using: &random))
    case 2: .int(.random(in: .min ... .max, using: &random))
    case 3: .double(.random(in: -1e9...1e9, using: &random))
    case 4, 5: .string(text(using: &random))
    case 6:
      .array((0..<Int.random(in: 0...4, using: &random)).map { _ in JSON.random(depth: depth - 1, using: &random) })
    default:
      .object(
        Dictionary(
          (0..<Int.random(in: 0...4, using: &random)).map { _ in
            (text(using: &random), JSON.random(depth: depth - 1, using: &random))
          }, uniquingKeysWith: { first, _ in first }))
    }
  }

  private static func text(using random: inout SeededGenerator) -> String {
    let alphabet: [Character] = ["a", "é", "😀", "\"", "\\", "\n", "\u{0}", "\u{1f}", "/", " ", "日", "\r\n", "\u{2028}"]
    return String(
      (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) })
  }
}
