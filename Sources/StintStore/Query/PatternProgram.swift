/// An expression as instructions for a machine that is in many states at once.
struct PatternProgram: Sendable {
  private enum Instruction: Sendable {
    case character(UInt32)
    case set(CharacterSet)
    case assertion(PatternNode.Assertion)
    case jump(Int)
    case split(Int, Int)
    case match
  }

  /// The most instructions: what bounds the time for each character.
  private static let mostInstructions = 3000

  private var instructions: [Instruction] = []

  init(_ node: PatternNode) throws(PatternError) {
    try compile(node)
    instructions.append(.match)
  }

  private mutating func append(_ instruction: Instruction) throws(PatternError) {
    guard instructions.count < Self.mostInstructions else {
      throw PatternError(reason: "the expression is too large", position: 0)
    }
    instructions.append(instruction)
  }

  private mutating func compile(_ node: PatternNode) throws(PatternError) {
    switch node {
    case .empty: break
    case .character(let value): try append(.character(value))
    case .set(let set): try append(.set(set))
    case .assertion(let assertion): try append(.assertion(assertion))
    case .sequence(let nodes): for node in nodes { try compile(node) }
    case .choice(let options): try compile(options)
    case .repeated(let node, let least, let most):
      for _ in 0..<least { try compileBounded(node) }
      guard let most else { return try compileLoop(node) }
      var splits: [Int] = []
      for _ in least..<most {
        splits.append(instructions.count)
        try append(.jump(0))
        try compile(node)
      }
      for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }
  }

  /// As `compile`, but of what costs no instruction, so that a million repetitions of nothing end as well.
  private mutating func compileBounded(_ node: PatternNode) throws(PatternError) {
    let before = instructions.count
    try compile(node)
    if instructions.count == before { try append(.jump(before + 1)) }
  }

  private mutating func compileLoop(_ node: PatternNode) throws(PatternError) {
    let start = instructions.count
    try append(.jump(0))
    try compile(node)
    try append(.jump(start))
    instructions[start] = .split(start + 1, instructions.count)
  }

  private mutating func compile(_ options: [PatternNode]) throws(PatternError) {
    var jumps: [Int] = []
    for (number, option) in options.enumerated() {
      if number == options.count - 1 {
        try compile(option)
      } else {
        let split = instructions.count
        try append(.jump(0))
        try compile(option)
        jumps.append(instructions.count)
        try append(.jump(0))
        instructions[split] = .split(split + 1, instructions.count)
      }
    }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
  }
}

extension PatternProgram {
  /// The states the machine is in, each once.
  private struct States {
    var list: [Int] = []
    /// For each state, the step at which it was last entered.
    var entered: [Int]
  }

  /// Whether the expression is found anywhere in `text`.
  func matches(_ text: [UInt32]) -> Bool {
    var states = States(entered: Array(repeating: -1, count: instructions.count))
    var next = states
    var pending: [Int] = []
    for position in 0...text.count {
      // A match may begin at every position.
      if enter(0, at: position, of: text, &states, &pending) { return true }
      guard position < text.count else { break }
      let scalar = text[position]
      let folded = CaseFolding.lower(scalar)
      next.list.removeAll(keepingCapacity: true)
      for state in states.list {
        let goesOn =
          switch instructions[state] {
          case .character(let value): value == folded
          case .set(let set): set.contains(scalar)
          default: false
          }
        if goesOn, enter(state + 1, at: position + 1, of: text, &next, &pending) { return true }
      }
      swap(&states, &next)
    }
    return false
  }

  /// Enters a state and those it leads to without a character. True when one of them is the end.
  private func enter(
    _ state: Int, at position: Int, of text: [UInt32], _ states: inout States, _ pending: inout [Int]
  ) -> Bool {
    pending.append(state)
    while let state = pending.popLast() {
      if states.entered[state] == position { continue }
      states.entered[state] = position
      switch instructions[state] {
      case .match:
        pending.removeAll()
        return true
      case .jump(let target): pending.append(target)
      case .split(let first, let second):
        pending.append(second)
        pending.append(first)
      case .assertion(let assertion): if Self.holds(assertion, at: position, of: text) { pending.append(state + 1) }
      case .character, .set: states.list.append(state)
      }
    }
    return false
  }

  private static func holds(_ assertion: PatternNode.Assertion, at position: Int, of text: [UInt32]) -> Bool {
    func isWord(_ index: Int) -> Bool { text.indices.contains(index) && CharacterSet.word.contains(text[index]) }
    return switch assertion {
    case .start: position == 0
    case .end: position == text.count
    case .lineStart: position == 0 || text[position - 1] == 0x0A
    case .lineEnd: position == text.count || text[position] == 0x0A
    case .wordBoundary: isWord(position - 1) != isWord(position)
    case .noWordBoundary: isWord(position - 1) == isWord(position)
    }
  }
}
