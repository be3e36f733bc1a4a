import StintWire

/// The list language of the protocol: values that are alternatives, `-x` for what must not be, and operators.
///
/// `["a", "b", "-c"]` is (a or b) and not c. `__$all` or `__$and` joins what follows it with "and", `__$any` or `__$or`
/// with "or", each until the next operator; `__$not` negates the next value; `__$nop` goes back to the plain list.
/// `["__$all", "a", "b", "__$or", "c", "__$not", "d"]` is (a and b) and (c or not d).
struct ValueList {
  private struct Group {
    var joinsWithAnd = false
    var terms: [(value: JSON, isNegated: Bool)] = []
  }
  private var groups: [Group] = []
  private var excluded: [JSON] = []

  /// - Throws: `WireError.validation` where a member is a list or an object.
  init(_ value: JSON, field: String) throws(WireError) {
    var group = Group()
    var negatesNext = false
    func checked(_ element: JSON) throws(WireError) -> JSON {
      guard element.array == nil, element.object == nil else {
        throw WireError(.validation, "a value or a list of values was expected: field=\(field)")
      }
      return element
    }
    for element in value.array ?? [value] {
      switch element.string {
      case "__$all", "__$and", "__$any", "__$or", "__$nop":
        groups.append(group)
        group = Group(joinsWithAnd: element == "__$all" || element == "__$and")
        negatesNext = false
      case "__$not": negatesNext = true
      case .some(let text) where text.hasPrefix("-") && text.utf8.count > 1 && !negatesNext:
        excluded.append(.string(String(text.dropFirst())))
      default:
        group.terms.append((try checked(element), negatesNext))
        negatesNext = false
      }
    }
    groups.append(group)
  }

  /// The condition, given what it is for a field to have a value, and to have none.
  func condition(has: (JSON) -> Condition, missing: () -> Condition) -> Condition {
    func term(_ value: JSON) -> Condition { value.isNull ? missing() : has(value) }
    let joined = groups.filter { !$0.terms.isEmpty }.map { group -> Condition in
      let terms = group.terms.map { $0.isNegated ? .not(term($0.value)) : term($0.value) }
      return group.joinsWithAnd ? .and(terms) : Self.or(terms)
    }
    return .and(joined + excluded.map { .not(term($0)) })
  }

  /// Alternatives, with those on one field as one list, which can be looked up at once.
  private static func or(_ terms: [Condition]) -> Condition {
    var values: [JSON] = []
    var path: FieldPath?
    for term in terms {
      switch term {
      case .isOneOf(let field, let some):
        values += some
        path = field
      case .isMissing(let field) where path == nil || path == field: values.append(.null)
      default: return .or(terms)
      }
    }
    guard let path else { return .or(terms) }
    return .isOneOf(path, values)
  }
}
