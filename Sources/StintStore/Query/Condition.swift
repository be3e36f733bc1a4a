import GRDB
import StintWire

/// What must hold of a document. `Condition+SQL.swift` is the one place that translates it.
package indirect enum Condition: Sendable, Hashable {
  /// Holds of every document.
  case all
  /// Holds of none.
  case none
  /// The field has one of the values; null stands for a missing field, as in `isMissing`.
  case isOneOf(FieldPath, [JSON])
  /// The list at the path has the value; where its members are objects, one whose `member` is the value.
  case contains(FieldPath, JSON, member: String? = nil)
  /// The field is absent, null, an empty text or an empty list.
  case isMissing(FieldPath)
  case compare(FieldPath, Comparison, JSON)
  /// The text, or a member of the list, matches.
  case matches(FieldPath, Pattern)
  /// One of the texts, or of the lists' members, has the text within it, in any case.
  case hasText([FieldPath], String)
  /// The field names a project that is one of these or below one of them.
  case inProjectTree(FieldPath, [String])
  case not(Condition)
  case and([Condition])
  case or([Condition])

  /// How a value is compared.
  package enum Comparison: String, Sendable, CaseIterable {
    case greaterOrEqual = ">="
    case lessOrEqual = "<="
    case greater = ">"
    case less = "<"
  }

  /// The field has the value.
  package static func equals(_ path: FieldPath, _ value: JSON) -> Condition { .isOneOf(path, [value]) }

  /// The list has the value.
  package static func contains(_ path: FieldPath, _ value: String) -> Condition { .contains(path, .string(value)) }

  /// The field is there, and neither null nor empty.
  package static func exists(_ path: FieldPath) -> Condition { .not(.isMissing(path)) }
}

extension Condition {
  /// What this does not hold of, where it only says what is left out; nil for other conditions.
  var leftOut: Condition? {
    switch self {
    case .all: return Condition.none
    case .not(let condition): return condition
    case .and(let conditions):
      let parts = conditions.compactMap(\.leftOut)
      return parts.count == conditions.count ? .or(parts) : nil
    default: return nil
    }
  }

  /// Of how many conditions this consists.
  var size: Int {
    switch self {
    case .not(let condition): condition.size
    case .and(let conditions), .or(let conditions): conditions.reduce(0) { $0 + $1.size }
    case .hasText(let paths, _): paths.count
    default: 1
    }
  }
}

/// One key of an order.
package struct Order: Sendable, Hashable {
  package let path: FieldPath
  package let descending: Bool

  package init(_ path: String, descending: Bool = false) {
    (self.path, self.descending) = (FieldPath(path), descending)
  }
}
