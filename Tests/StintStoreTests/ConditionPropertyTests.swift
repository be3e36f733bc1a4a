import StintStore
import StintWire
import Testing

/// Conditions as SQL against the same conditions on values in memory.
@Suite struct ConditionPropertyTests {
  private static let paths: [FieldPath] = [
    "name", "status", "hyperparams.Args.x", "runtime.a b", "last_iteration", "tags",
  ]
  private static let values: [JSON] = ["a", "B", "", "a'b", "10", "9", 3, 4.5, true, nil]

  @Test("any condition finds in the database what it finds in memory", arguments: 1...12)
  func sqlAgreesWithMemory(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let documents = (0..<40).map { Self.document($0, &generator) }
    let conditions = try (0..<40).map { _ in try Self.condition(depth: 3, &generator) }
    try await withStore { store, _ in
      try await store.add(documents, to: .tasks)
      for condition in conditions {
        let found = try await store.read { try $0.find(.tasks, Query(condition)).compactMap { $0["id"]?.string } }
        let expected = documents.filter { Self.holds(condition, $0) }.compactMap { $0["id"]?.string }
        #expect(found == expected, "\(condition)")
        #expect(try await store.read { try $0.count(.tasks, condition) } == expected.count)
      }
    }
  }

  private static func document(_ number: Int, _ generator: inout SeededGenerator) -> JSON {
    var document: JSON = ["id": .string("\(number)")]
    for path in paths where path != "tags" && Bool.random(using: &generator) {
      document[path: path.names] = values.randomElement(using: &generator) ?? nil
    }
    if Bool.random(using: &generator) {
      let count = Int.random(in: 0...3, using: &generator)
      document["tags"] = .array((0..<count).map { _ in values.randomElement(using: &generator) ?? nil })
    }
    return document
  }

  private static func condition(depth: Int, _ generator: inout SeededGenerator) throws -> Condition {
    let path = paths.randomElement(using: &generator) ?? "name"
    func value() -> JSON { values.randomElement(using: &generator) ?? nil }
    switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &generator) {
    case 0: return .isOneOf(path, (0..<Int.random(in: 1...3, using: &generator)).map { _ in value() })
    case 1: return .contains("tags", value())
    case 2: return .isMissing(path)
    case 3:
      return .matches(
        path, try Pattern(["a", "^a$", "^$", "1|b", "'"].randomElement(using: &generator) ?? "a", field: "name"))
    case 4: return .hasText([path, "tags"], ["a", "b", "'", "1"].randomElement(using: &generator) ?? "a")
    case 5:
      let comparison = Condition.Comparison.allCases.randomElement(using: &generator) ?? .less
      return .compare("last_iteration", comparison, .int(Int64.random(in: 0...5, using: &generator)))
    case 6: return .not(try condition(depth: depth - 1, &generator))
    case 7: return .and([try condition(depth: depth - 1, &generator), try condition(depth: depth - 1, &generator)])
    default: return .or([try condition(depth: depth - 1, &generator), try condition(depth: depth - 1, &generator)])
    }
  }

  private static func holds(_ condition: Condition, _ document: JSON) -> Bool {
    switch condition {
    case .all: true
    case .none: false
    case .isOneOf(let path, let values):
      values.contains { wanted in
        wanted.isNull ? isMissing(document[path: path.names]) : isEqual(document[path: path.names], wanted)
      }
    case .contains(let path, let value, _):
      (document[path: path.names]?.array ?? []).contains { isEqual($0, value) }
    case .isMissing(let path): isMissing(document[path: path.names])
    case .compare(let path, let comparison, let bound):
      compares(document[path: path.names], comparison, bound.double ?? 0)
    case .matches(let path, let pattern): texts(document[path: path.names]).contains { pattern.matches($0) }
    case .hasText(let paths, let text):
      paths.contains { path in
        texts(document[path: path.names]).contains { $0.lowercased().contains(text.lowercased()) }
      }
    case .inProjectTree: false
    case .not(let condition): !holds(condition, document)
    case .and(let conditions): conditions.allSatisfy { holds($0, document) }
    case .or(let conditions): conditions.contains { holds($0, document) }
    }
  }

  private static func isMissing(_ value: JSON?) -> Bool { [nil, .null, "", .array([])].contains(value) }

  /// As SQLite sees values: a truth value is a number, and null equals nothing.
  private static func number(_ value: JSON?) -> Double? { value?.bool.map { $0 ? 1 : 0 } ?? value?.double }

  private static func isEqual(_ value: JSON?, _ wanted: JSON) -> Bool {
    guard let value, !value.isNull, !wanted.isNull else { return false }
    return number(wanted) != nil ? number(value) == number(wanted) : value == wanted
  }

  private static func compares(_ value: JSON?, _ comparison: Condition.Comparison, _ bound: Double) -> Bool {
    guard let value, !value.isNull else { return false }
    // SQLite has every text after every number.
    guard let number = number(value) else { return comparison == .greater || comparison == .greaterOrEqual }
    return switch comparison {
    case .greater: number > bound
    case .greaterOrEqual: number >= bound
    case .less: number < bound
    case .lessOrEqual: number <= bound
    }
  }

  private static func texts(_ value: JSON?) -> [String] {
    (value?.array ?? [value ?? nil]).compactMap { element in
      element.string ?? element.bool.map { $0 ? "1" : "0" } ?? (element.isNull ? nil : element.text)
    }
  }
}
