import Testing

@testable import StintConfig

@Suite("Fuzzing")
struct FuzzTests {
  private static let samples = [
    SampleConfig.text,
    "a: ${?b} [1, 2] ${c}\nb += {x: ${a}}, c = ${b} # d\n\"e.f\".g: \"\"\"h\"\"\" 'i'",
    "{\"a\": [1, -2.5e3, true, null, \"\\u00e9\\n\"], \"b\": {\"c\": {}}}",
    "a = 1 b\n a = ${a} ${HOME}/x // c\n[", "x: ${x}, y: {z: ${y.w}, w: ${x}}",
  ]
  private static let tokens = [
    "${", "${?", "}", "{", "[", "]", "\"", "\"\"\"", ":", "=", "+=", ",", "\n", "#", "//", "\\", "\\u", ".", " ", "a",
    "${a}", "${b}", "include \"x\"", "1e", "\u{A0}", "\u{0}", "é", "[[[[[[[[", "a.b.c.d",
  ]

  @Test("a broken document is an error with a place, never a crash or a hang", arguments: 0..<20)
  func mutations(batch: Int) throws {
    var generator = SeededGenerator(seed: UInt64(batch))
    for _ in 0..<250 {
      let document = mutated(using: &generator)
      let lines = 1 + document.utf8.count { $0 == UInt8(ascii: "\n") }
      do throws(HOCONError) {
        let config = try HOCON.parse(document, environment: ["HOME": "/home/me"])
        #expect(try HOCON.parse(config.rendered()) == config, "\(document)")
        _ = config.masked.rendered()
        _ = try? AgentSettings(raw: config, file: "", environment: [:])
      } catch {
        #expect(1...lines ~= error.line && error.column >= 1 && !error.reason.isEmpty, "\(error)")
      }
    }
  }

  private func mutated(using generator: inout SeededGenerator) -> String {
    var bytes = Array((Self.samples.randomElement(using: &generator) ?? "").utf8)
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      let end = min(bytes.count, place + Int.random(in: 0...12, using: &generator))
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
      case 2: bytes.removeSubrange(place...)
      case 3 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      default: bytes.insert(contentsOf: (Self.tokens.randomElement(using: &generator) ?? "").utf8, at: place)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
