import Testing

@testable import StintConfig

@Suite("Rendering")
struct RenderTests {
  @Test("what is rendered parses to the same value", arguments: 0..<500)
  func roundTrip(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let value = ConfigValue.random(depth: 4, isContainer: true, using: &generator)
    let text = value.rendered()
    #expect(try HOCON.parse(text) == value, "\(text)")
    #expect(try HOCON.parse(text).rendered() == text)
  }

  @Test("a layout that people can read")
  func layout() throws {
    let value: ConfigValue = [
      "api": ["server": "http://h", "on": true],
      "empty": [:], "none": [], "list": [1, "a b"], "rules": [["a": .null]], "odd key": "a\n\"b\"",
    ]
    #expect(
      value.rendered() == """
        api {
          server: "http://h"
          on: true
        }
        empty {}
        none: []
        list: [1, "a b"]
        rules: [
          {
            a: null
          },
        ]
        "odd key": "a\\n\\"b\\""

        """)
  }
}

extension ConfigValue {
  static func random(
    depth: Int, isContainer: Bool = false, using generator: inout SeededGenerator
  ) -> ConfigValue {
    let kind =
      isContainer
      ? Int.random(in: 4...5, using: &generator) : Int.random(in: 0...(depth > 0 ? 5 : 3), using: &generator)
    switch kind {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2:
      let numbers = ["0", "-7", "3.14", "1e5", "10.10", "+2", ".5", "6E-3", "99999999999999999999"]
      return numbers.randomElement(using: &generator).flatMap(ConfigNumber.init).map(ConfigValue.number) ?? .null
    case 3: return .string(randomText(using: &generator))
    case 4:
      return .array(
        (0..<Int.random(in: 0...5, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) })
    default:
      var object = ConfigObject()
      for _ in 0..<Int.random(in: 0...5, using: &generator) {
        object[randomText(using: &generator)] = random(depth: depth - 1, using: &generator)
      }
      return .object(object)
    }
  }

  private static func randomText(using generator: inout SeededGenerator) -> String {
    let pieces = [
      "a", "key", ".", " ", "\"", "\\", "\n", "\t", "\r", "\u{0}", "\u{1F}", "\u{7F}", "\u{A0}", "\u{2028}", "\u{FEFF}",
      "é", "e\u{301}", "😀", "${x}", "$", "{", "}", "[", "]", ":", "=", ",", "+=", "#", "//", "true", "null", "1", "-",
      "include", "\"\"\"", "\\u0041", "~/x", "http://h",
    ]
    return (0..<Int.random(in: 0...4, using: &generator))
      .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
  }
}
