import StintModel
import StintWire

extension Query {
  /// The most documents of a page, whatever the client asks for.
  package static let largestPage = 500

  /// The most conditions that a request may consist of, and the most keys of its order.
  private static let mostConditions = 2000
  private static let mostKeys = 100

  /// Reads the request of a `get_all` call. Members that are no filter are ignored.
  /// - Throws: `WireError`: a malformed regular expression, date, page, field or scroll id.
  package init(parsing request: JSON, for collection: Collection) throws(WireError) {
    guard let members = request.object else { throw WireError(.validation, "the filter is no object") }
    let includesSubprojects = try Self.flag(members, "include_subprojects")
    var conditions: [Condition] = []
    var count = 0
    func add(_ condition: Condition, _ name: String) throws(WireError) {
      count += condition.size
      guard count <= Self.mostConditions else {
        throw WireError(.validation, "there are more than \(Self.mostConditions) conditions: field=\(name.prefix(64))")
      }
      conditions.append(condition)
    }
    for (name, value) in members.sorted(by: { $0.key < $1.key }) where !value.isNull {
      if name == "project", includesSubprojects {
        try add(.inProjectTree("project", try Self.texts(value, name)), name)
      } else if let (path, filter) = collection.filter(on: name) {
        try add(try Self.condition(on: path, filter, value, name), name)
      }
    }
    for name in ["_any_", "_or_", "_all_", "_and_"] {
      guard let value = members[name], !value.isNull else { continue }
      let parts = try Self.patternConditions(value, name, collection)
      try add(name == "_any_" || name == "_or_" ? .or(parts) : .and(parts), name)
    }
    for (name, value) in try Self.object(members["filters"], "filters") {
      try add(try Self.filtersCondition(name, value, collection), name)
    }
    if let text = try Self.text(members, "search_text"), !text.isEmpty {
      conditions.append(.hasText(["name", "id", "comment", "tags"], text))
    }
    // Those of nobody are everybody's.
    let allowsPublic = try Self.flag(members, "allow_public", or: true)
    let isOnlyPrivate = try Self.flag(members, "non_public")
    if isOnlyPrivate || !allowsPublic { conditions.append(.not(.equals("company", ""))) }
    if let hidden = try Self.hidden(members, collection) { conditions.append(.not(hidden)) }
    self.init(.and(conditions), order: try Self.order(members["order_by"], collection))
    projection = try Projection(Self.texts(members["only_fields"], "only_fields"), for: collection)
    try readPage(members)
  }

  /// What is left out unless it is asked for.
  private static func hidden(
    _ members: [String: JSON], _ collection: Collection
  ) throws(WireError) -> Condition? {
    guard try !flag(members, "search_hidden"), members["id"] == nil else { return nil }
    return switch collection {
    case .queues where members["name"] == nil: .contains("system_tags", "k8s-glue")
    case .tasks, .projects: .contains("system_tags", "hidden")
    default: nil
    }
  }

  private static func order(_ value: JSON?, _ collection: Collection) throws(WireError) -> [Order] {
    guard let value, !value.isNull else { return [] }
    // The stock server takes a text for the list of its letters; so do the errors it answers with.
    if let text = value.string { try collection.requireField(FieldPath(String(text.prefix(1)))) }
    var order: [Order] = []
    let keys = try texts(value, "order_by")
    guard keys.count <= mostKeys else {
      throw WireError(.validation, "there are more than \(mostKeys) keys: field=order_by")
    }
    for key in keys {
      let path = key.hasPrefix("-") || key.hasPrefix("+") ? String(key.dropFirst()) : key
      if path == "@text_score" { continue }
      try collection.requireField(FieldPath(path))
      order.append(Order(path, descending: key.hasPrefix("-")))
    }
    return order
  }

  private mutating func readPage(_ members: [String: JSON]) throws(WireError) {
    let page = try Self.number(members["page"], "page")
    let size = try Self.number(members["page_size"], "page_size")
    if let page, page < 0 { throw WireError(.validation, "page must be >=0: field=page") }
    if let size, size < 1 { throw WireError(.validation, "page_size must be >0: field=page_size") }
    if let token = members["scroll_id"] {
      let scrollSize = try Self.number(members["size"], "size") ?? Self.largestPage
      if scrollSize < 1 { throw WireError(.validation, "size must be >0: field=size") }
      scrolls = true
      limit = min(scrollSize, Self.largestPage)
      guard token.isNull || token.string != nil else { throw Self.wrongType("text", "scroll_id") }
      if let text = token.string, !text.isEmpty { offset = try ScrollToken(text).offset }
    } else if page != nil || size != nil {
      let pageSize = min(size ?? Self.largestPage, Self.largestPage)
      limit = pageSize
      offset = (page ?? 0).multipliedReportingOverflow(by: pageSize).overflow ? Int.max : (page ?? 0) * pageSize
    }
  }
}

extension Query {
  private static func condition(
    on path: FieldPath, _ filter: Collection.Filter, _ value: JSON, _ name: String
  ) throws(WireError) -> Condition {
    switch filter {
    case .values:
      return try ValueList(value, field: name).condition {
        .isOneOf(path, [$0])
      } missing: {
        .isMissing(path)
      }
    case .list(let member):
      return try ValueList(value, field: name).condition {
        .contains(path, $0, member: member)
      } missing: {
        .isMissing(path)
      }
    case .pattern:
      guard let text = value.string else {
        return try ValueList(value, field: name).condition {
          .isOneOf(path, [$0])
        } missing: {
          .isMissing(path)
        }
      }
      return text.isEmpty ? .all : .matches(path, try Pattern(text, field: name))
    case .date:
      var parts: [Condition] = []
      for element in value.array ?? [value] where !element.isNull { parts.append(try date(element, path, name)) }
      return .and(parts)
    case .dateRange:
      return try range(value, path, name) { element throws(WireError) in try date(element, name) }
    case .numberRange:
      return try range(value, path, name) { element throws(WireError) in
        guard let number = element.double ?? element.string.flatMap(Double.init) else {
          throw WireError(.validation, "a bound must be a number: field=\(name)")
        }
        return .double(number)
      }
    }
  }

  private static func range(
    _ value: JSON, _ path: FieldPath, _ name: String, _ bound: (JSON) throws(WireError) -> JSON
  ) throws(WireError) -> Condition {
    guard let bounds = value.array, bounds.count == 2 else {
      throw WireError(.validation, "Min and max values should be specified for range field \(name)")
    }
    var parts: [Condition] = []
    for (element, implied) in zip(bounds, [Condition.Comparison.greaterOrEqual, .lessOrEqual]) where !element.isNull {
      let (comparison, rest) = split(element)
      parts.append(.compare(path, comparison ?? implied, try bound(rest)))
    }
    return .and(parts)
  }

  private static func date(_ value: JSON, _ path: FieldPath, _ name: String) throws(WireError) -> Condition {
    let (comparison, rest) = split(value)
    let moment = try date(rest, name)
    return comparison.map { .compare(path, $0, moment) } ?? .equals(path, moment)
  }

  private static func date(_ value: JSON, _ name: String) throws(WireError) -> JSON {
    guard let text = value.string, let moment = Timestamp(text) else {
      throw WireError(.validation, "'\(value.text.prefix(64))' is not a date: field=\(name)")
    }
    return .string(moment.text)
  }

  /// A comparison written before a value, and the value.
  private static func split(_ value: JSON) -> (Condition.Comparison?, JSON) {
    guard let text = value.string else { return (nil, value) }
    for comparison in Condition.Comparison.allCases where text.hasPrefix(comparison.rawValue) {
      return (comparison, .string(String(text.dropFirst(comparison.rawValue.count).drop { $0 == " " })))
    }
    return (nil, .string(String(text.drop { $0 == "=" })))
  }

  /// `{"pattern" or "datetime", "fields"}`: one condition a field.
  private static func patternConditions(
    _ value: JSON, _ name: String, _ collection: Collection
  ) throws(WireError) -> [Condition] {
    let members = try object(value, name)
    let fields = try texts(members["fields"], "\(name).fields")
    guard !fields.isEmpty else { throw WireError(.validation, "no fields are named: field=\(name)") }
    for field in fields { try collection.requireField(FieldPath(field)) }
    if let text = try text(members, "pattern", of: name) {
      let pattern = try Pattern(text, field: "\(name).pattern")
      return fields.map { .matches(FieldPath($0), pattern) }
    }
    guard let moment = members["datetime"], !moment.isNull else {
      throw WireError(.validation, "neither a pattern nor a datetime is given: field=\(name)")
    }
    var conditions: [Condition] = []
    for field in fields {
      var bounds: [Condition] = []
      for element in moment.array ?? [moment] { bounds.append(try date(element, FieldPath(field), name)) }
      conditions.append(.and(bounds))
    }
    return conditions
  }

  /// `{"any": {"include", "exclude"}, "all": {…}, "op": "and" | "or"}` on a list field.
  private static func filtersCondition(
    _ name: String, _ value: JSON, _ collection: Collection
  ) throws(WireError) -> Condition {
    guard let (path, filter) = collection.filter(on: name) else {
      throw WireError(.validation, "there is no filter on this field: field=\(name.prefix(64))")
    }
    func terms(_ list: JSON?) throws(WireError) -> [Condition] {
      guard let list, !list.isNull else { return [] }
      guard let elements = list.array else { throw wrongType("list of values", "filters.\(name.prefix(64))") }
      var terms: [Condition] = []
      for element in elements {
        terms.append(try condition(on: path, filter == .pattern ? .values : filter, .array([element]), name))
      }
      return terms
    }
    var parts: [Condition] = []
    let groups = try object(value, "filters.\(name.prefix(64))")
    for (key, group) in groups.sorted(by: { $0.key < $1.key }) where key != "op" && !group.isNull {
      guard ["any", "all"].contains(key), let sides = group.object,
        Set(sides.keys).isSubset(of: ["include", "exclude"])
      else { throw WireError(.validation, "'\(key.prefix(64))' is not understood: field=\(name.prefix(64))") }
      let all = try terms(sides["include"]) + terms(sides["exclude"]).map { .not($0) }
      if !all.isEmpty { parts.append(key == "any" ? .or(all) : .and(all)) }
    }
    if parts.isEmpty { return .all }
    return try text(groups, "op", of: "filters.\(name.prefix(64))") == "or" ? .or(parts) : .and(parts)
  }
}

// The members of a request. Null is the same as leaving one out.
extension Query {
  private static func wrongType(_ expected: String, _ name: String) -> WireError {
    WireError(.validation, "a \(expected) was expected: field=\(name)")
  }

  static func texts(_ value: JSON?, _ name: String) throws(WireError) -> [String] {
    guard let value, !value.isNull else { return [] }
    var texts: [String] = []
    for element in value.array ?? [value] {
      guard let text = element.string else {
        throw wrongType("list of texts", name)
      }
      texts.append(text)
    }
    return texts
  }

  private static func number(_ value: JSON?, _ name: String) throws(WireError) -> Int? {
    guard let value, !value.isNull else { return nil }
    guard let number = value.int ?? value.string.flatMap({ Int($0) }) else {
      throw wrongType("whole number", name)
    }
    return number
  }

  private static func flag(
    _ members: [String: JSON], _ name: String, or absent: Bool = false
  ) throws(WireError) -> Bool {
    switch members[name] {
    case nil, .null: absent
    case .bool(false), .int(0), "false", "False": false
    case .bool(true), .int(1), "true", "True": true
    default: throw wrongType("truth value", name)
    }
  }

  private static func text(
    _ members: [String: JSON], _ name: String, of parent: String? = nil
  ) throws(WireError) -> String? {
    guard let value = members[name], !value.isNull else { return nil }
    guard let text = value.string else { throw wrongType("text", parent.map { "\($0).\(name)" } ?? name) }
    return text
  }

  private static func object(_ value: JSON?, _ name: String) throws(WireError) -> [String: JSON] {
    guard let value, !value.isNull else { return [:] }
    guard let members = value.object else { throw wrongType("object", name) }
    return members
  }
}
