import StintWire
import Synchronization

/// A regular expression that a client sent, found anywhere in a text in any case. Matching takes time in proportion to
/// the text, whatever the expression: it keeps all states it may be in and never goes back.
package struct Pattern: Sendable, Hashable {
  /// The longest expression, and the most of a text that is looked at, in characters.
  private static let longestText = 4096
  private static let longestSubject = 20_000

  private static let lastID = Atomic(0)

  /// The expression as it came.
  package let text: String
  /// Tells this use of the expression from others.
  let id: Int
  /// The text that it asks for whole, where it is `^text$` of plain ASCII.
  let wholeLiteral: String?
  private let program: PatternProgram

  /// Reads the expression in a `field` of a request.
  /// - Throws: `WireError.invalidRegex`.
  package init(_ regex: String, field: String) throws(WireError) {
    guard regex.utf8.count <= 4 * Self.longestText, regex.unicodeScalars.count <= Self.longestText,
      !regex.utf8.contains(0)
    else {
      throw WireError(
        .invalidRegex, "it is longer than \(Self.longestText) characters or contains NUL: field=\(field)")
    }
    do throws(PatternError) {
      var parser = PatternParser(regex)
      let node = try parser.parse()
      program = try PatternProgram(node)
      wholeLiteral = node.wholeLiteral
    } catch {
      throw WireError(.invalidRegex, "\(error.reason) at position \(error.position): field=\(field)")
    }
    text = regex
    id = Self.lastID.add(1, ordering: .relaxed).newValue
  }

  /// Whether the expression is found in `subject`.
  package func matches(_ subject: String) -> Bool {
    program.matches(subject.unicodeScalars.prefix(Self.longestSubject).map(\.value))
  }

  package static func == (lhs: Self, rhs: Self) -> Bool { lhs.text == rhs.text }
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// Why an expression is none.
struct PatternError: Error {
  let reason: String
  let position: Int
}

/// An expression as a tree.
indirect enum PatternNode {
  case empty
  case character(UInt32)
  case set(CharacterSet)
  case assertion(Assertion)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// `most` is nil for any number.
  case repeated(PatternNode, least: Int, most: Int?)

  enum Assertion: Sendable {
    case start, end, lineStart, lineEnd, wordBoundary, noWordBoundary
  }

  fileprivate var wholeLiteral: String? {
    guard case .sequence(let nodes) = self, nodes.count > 2, case .assertion(.start) = nodes[0],
      case .assertion(.end) = nodes[nodes.count - 1]
    else { return nil }
    var text = ""
    for node in nodes.dropFirst().dropLast() {
      guard case .character(let value) = node, value < 0x80, let scalar = Unicode.Scalar(value) else { return nil }
      text.unicodeScalars.append(scalar)
    }
    return text
  }
}

/// A class of characters, `[a-z_]`, `\d`, `.`.
struct CharacterSet: Sendable, Hashable {
  var ranges: [ClosedRange<UInt32>] = []
  var isNegated = false

  /// Whether the set has the character, in any case.
  func contains(_ scalar: UInt32) -> Bool {
    let folded = CaseFolding.lower(scalar)
    let found = ranges.contains { $0.contains(folded) || $0.contains(scalar) || $0.contains(CaseFolding.upper(scalar)) }
    return found != isNegated
  }

  mutating func insert(_ set: CharacterSet) {
    guard set.isNegated else {
      ranges += set.ranges
      return
    }
    var next: UInt32 = 0
    for range in set.ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { ranges.append(next...(range.lowerBound - 1)) }
      next = max(next, range.upperBound + 1)
    }
    ranges.append(next...0x10FFFF)
  }

  static let digit = CharacterSet(ranges: [0x30...0x39])
  static let word = CharacterSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  static let space = CharacterSet(ranges: [0x09...0x0D, 0x20...0x20])
  static let newline = CharacterSet(ranges: [0x0A...0x0A])

  var negated: CharacterSet { CharacterSet(ranges: ranges, isNegated: !isNegated) }
}

/// Letters without their case, where that is one character for one.
enum CaseFolding {
  static func lower(_ scalar: UInt32) -> UInt32 {
    if scalar < 0x80 { return 0x41...0x5A ~= scalar ? scalar + 0x20 : scalar }
    return single(scalar) { $0.lowercaseMapping }
  }

  static func upper(_ scalar: UInt32) -> UInt32 {
    if scalar < 0x80 { return 0x61...0x7A ~= scalar ? scalar - 0x20 : scalar }
    return single(scalar) { $0.uppercaseMapping }
  }

  private static func single(_ scalar: UInt32, _ mapping: (Unicode.Scalar.Properties) -> String) -> UInt32 {
    guard let value = Unicode.Scalar(scalar) else { return scalar }
    let mapped = mapping(value.properties).unicodeScalars
    return mapped.count == 1 ? mapped.first?.value ?? scalar : scalar
  }
}
