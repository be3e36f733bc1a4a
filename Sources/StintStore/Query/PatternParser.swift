/// Reads the expressions that Python and JavaScript share, without what needs going back: look-around and references.
struct PatternParser {
  private static let deepestNesting = 60

  private let text: [UInt32]
  private var position = 0
  private var depth = 0
  private var dotMatchesNewline = false
  private var isMultiline = false

  init(_ regex: String) { text = regex.unicodeScalars.map(\.value) }

  /// The whole expression.
  mutating func parse() throws(PatternError) -> PatternNode {
    let node = try choice()
    if position < text.count { throw failure("unbalanced parenthesis") }
    return node
  }

  private func failure(_ reason: String) -> PatternError { PatternError(reason: reason, position: position) }

  private var current: Unicode.Scalar? { position < text.count ? Unicode.Scalar(text[position]) : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard current == scalar else { return false }
    position += 1
    return true
  }

  private mutating func choice() throws(PatternError) -> PatternNode {
    var options = [try sequence()]
    while take("|") { options.append(try sequence()) }
    return options.count == 1 ? options[0] : .choice(options)
  }

  private mutating func sequence() throws(PatternError) -> PatternNode {
    var nodes: [PatternNode] = []
    while let scalar = current, scalar != "|", scalar != ")" {
      let atom = try atom()
      nodes.append(try repetition(of: atom))
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func repetition(of atom: PatternNode) throws(PatternError) -> PatternNode {
    guard let (least, most) = try quantifier() else { return atom }
    // Which repetition is preferred does not change whether there is a match.
    if !take("?") { _ = take("+") }
    if try quantifier() != nil { throw failure("multiple repeat") }
    return .repeated(atom, least: least, most: most)
  }

  private mutating func quantifier() throws(PatternError) -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let start = position
    guard take("{") else { return nil }
    let least = number()
    let hasComma = take(",")
    let most = hasComma ? number() : least
    // As in Python, braces that are no bounds stand for themselves.
    guard least != nil || hasComma, hasComma || most != nil, take("}") else {
      position = start
      return nil
    }
    if let most, most < least ?? 0 { throw failure("min repeat greater than max repeat") }
    return (least ?? 0, most)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let digit = current, ("0"..."9").contains(digit) {
      value = min((value ?? 0) * 10 + Int(digit.value - 0x30), 1_000_000)
      position += 1
    }
    return value
  }

  private mutating func atom() throws(PatternError) -> PatternNode {
    guard let scalar = current else { throw failure("unexpected end") }
    switch scalar {
    case "(": return try group()
    case "[": return .set(try bracket())
    case "\\": return try escape()
    case "*", "+", "?": throw failure("nothing to repeat")
    default: break
    }
    if scalar == "{", try quantifier() != nil { throw failure("nothing to repeat") }
    position += 1
    switch scalar {
    case ".": return .set(dotMatchesNewline ? CharacterSet().negated : CharacterSet.newline.negated)
    case "^": return .assertion(isMultiline ? .lineStart : .start)
    case "$": return .assertion(isMultiline ? .lineEnd : .end)
    default: return .character(CaseFolding.lower(scalar.value))
    }
  }

  private mutating func group() throws(PatternError) -> PatternNode {
    position += 1
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestNesting else { throw failure("groups are nested too deep") }
    let outerFlags = (dotMatchesNewline, isMultiline)
    if take("?") {
      if try isFlagsOnly() { return .empty }
    }
    let node = try choice()
    guard take(")") else { throw failure("missing ), unterminated subpattern") }
    (dotMatchesNewline, isMultiline) = outerFlags
    return node
  }

  /// Reads what stands between `(?` and a group's content. True for `(?flags)`, which is no group.
  private mutating func isFlagsOnly() throws(PatternError) -> Bool {
    if take(":") { return false }
    let named = take("P")
    if take("<") {
      if !named, current == "=" || current == "!" { throw failure("look-behind is not supported") }
      while let scalar = current, scalar != ">" {
        guard scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) else { break }
        position += 1
      }
      guard take(">") else { throw failure("bad name of a group") }
      return false
    }
    if named { throw failure("references are not supported") }
    if current == "=" || current == "!" { throw failure("look-ahead is not supported") }
    var isSet = true
    while let flag = current {
      position += 1
      switch flag {
      case "-": isSet = false
      case "i", "u", "a", "x": continue
      case "s": dotMatchesNewline = isSet
      case "m": isMultiline = isSet
      case ":": return false
      case ")": return true
      default: throw failure("unknown extension of a group")
      }
    }
    throw failure("missing ), unterminated subpattern")
  }

  private mutating func escape() throws(PatternError) -> PatternNode {
    switch try escaped() {
    case .set(let set): return .set(set)
    case .character(let value): return .character(CaseFolding.lower(value))
    case .letter("b"): return .assertion(.wordBoundary)
    case .letter("B"): return .assertion(.noWordBoundary)
    case .letter("A"): return .assertion(.start)
    case .letter("Z"), .letter("z"): return .assertion(.end)
    case .letter(let letter): throw failure("bad escape \\\(letter)")
    }
  }

  private enum Escaped {
    case set(CharacterSet)
    case character(UInt32)
    case letter(Unicode.Scalar)
  }

  /// Reads `\` and what it escapes, inside or outside of brackets.
  private mutating func escaped() throws(PatternError) -> Escaped {
    position += 1
    guard let scalar = current else { throw failure("bad escape at the end") }
    position += 1
    switch scalar {
    case "d": return .set(.digit)
    case "D": return .set(CharacterSet.digit.negated)
    case "w": return .set(.word)
    case "W": return .set(CharacterSet.word.negated)
    case "s": return .set(.space)
    case "S": return .set(CharacterSet.space.negated)
    case "n": return .character(0x0A)
    case "r": return .character(0x0D)
    case "t": return .character(0x09)
    case "f": return .character(0x0C)
    case "v": return .character(0x0B)
    case "a": return .character(0x07)
    case "0": return .character(0)
    case "x": return .character(try hex(digits: 2))
    case "u": return .character(try hex(digits: 4))
    case "1"..."9": throw failure("references are not supported")
    case "a"..."z", "A"..."Z": return .letter(scalar)
    default: return .character(scalar.value)
    }
  }

  private mutating func hex(digits: Int) throws(PatternError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let scalar = current, let digit = Character(scalar).hexDigitValue else {
        throw failure("incomplete escape")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func bracket() throws(PatternError) -> CharacterSet {
    let start = position
    position += 1
    var set = CharacterSet()
    let isNegated = take("^")
    var isFirst = true
    while let scalar = current {
      if scalar == "]", !isFirst {
        position += 1
        return isNegated ? set.negated : set
      }
      isFirst = false
      guard let low = try bracketMember(into: &set) else { continue }
      guard current == "-", position + 1 < text.count, text[position + 1] != 0x5D else {
        set.ranges.append(low...low)
        continue
      }
      position += 1
      guard let high = try bracketMember(into: &set), high >= low else { throw failure("bad character range") }
      set.ranges.append(low...high)
    }
    position = start
    throw failure("unterminated character set")
  }

  /// One character, or nil where it was a class, which is then in `set`.
  private mutating func bracketMember(into set: inout CharacterSet) throws(PatternError) -> UInt32? {
    guard let scalar = current else { throw failure("unterminated character set") }
    guard scalar == "\\" else {
      position += 1
      return scalar.value
    }
    switch try escaped() {
    case .set(let inner):
      set.insert(inner)
      return nil
    case .character(let value): return value
    case .letter("b"): return 0x08
    case .letter(let letter): throw failure("bad escape \\\(letter)")
    }
  }
}
