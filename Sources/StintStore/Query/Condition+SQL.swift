import GRDB
import StintWire

// Names of tables and columns come from `Collection`; everything that a client can choose is a bound parameter.

extension Condition {
  /// An SQL expression that is true of the documents this holds for; of others it is false or NULL. With `finding` it
  /// is meant to find them among many; otherwise to check those that are found another way, which is quick for each.
  func sql(for collection: Collection, finding: Bool = false) -> SQL {
    switch self {
    case .all: "TRUE"
    case .none: "FALSE"
    case .isOneOf(let path, let values): Self.isOneOf(values, path, collection)
    case .contains(let path, let value, let member):
      Self.contains(value, member, path, collection, finding: finding)
    case .isMissing(let path): Self.isMissing(path, collection)
    case .compare(let path, let comparison, let value):
      "\(collection.value(at: path)) \(sql: comparison.rawValue) \(value.sqlValue)"
    case .matches(let path, let pattern): Self.matches(pattern, path, collection)
    case .hasText(let paths, let text):
      Self.joined(paths.map { Self.hasText(text, $0, collection) }, "OR", empty: "FALSE")
    case .inProjectTree(let path, let roots): "\(collection.value(at: path)) IN (\(Self.projectTree(roots)))"
    case .not(let condition): "(\(condition.sql(for: collection))) IS NOT TRUE"
    case .and(let conditions):
      Self.joined(conditions.map { $0.sql(for: collection, finding: finding) }, "AND", empty: "TRUE")
    case .or(let conditions):
      Self.joined(conditions.map { $0.sql(for: collection, finding: finding) }, "OR", empty: "FALSE")
    }
  }

  /// In halves and not as a chain: SQLite bounds how deep an expression nests.
  private static func joined(_ parts: some RandomAccessCollection<SQL>, _ word: String, empty: SQL) -> SQL {
    guard parts.count > 1 else { return parts.first ?? empty }
    let half = parts.count / 2
    let left = joined(parts.prefix(half), word, empty: empty)
    let right = joined(parts.dropFirst(half), word, empty: empty)
    return "(\(left) \(sql: word) \(right))"
  }

  private static func isOneOf(_ values: [JSON], _ path: FieldPath, _ collection: Collection) -> SQL {
    let value = collection.value(at: path)
    let present = Set(values).subtracting([.null]).filter(\.canBeBound)
    var parts: [SQL] = present.count < values.count && values.contains(.null) ? [isMissing(path, collection)] : []
    if present.count == 1, let only = present.first {
      parts.append("\(value) = \(only.sqlValue)")
    } else if !present.isEmpty {
      // One parameter however long the list is: the statement stays the same and SQLite's limit out of reach.
      let list = JSON.array(present.sorted { $0.text < $1.text }).text
      parts.append("\(value) IN (SELECT value FROM json_each(\(list)))")
    }
    return joined(parts, "OR", empty: "FALSE")
  }

  /// SQL for the identifiers of projects and all that are below them.
  static func projectTree(_ roots: [String]) -> SQL {
    """
    WITH RECURSIVE tree(id) AS (
      SELECT value FROM json_each(\(JSON.array(roots.map(JSON.string)).text))
      UNION SELECT projects.id FROM tree JOIN projects ON projects.parent = tree.id)
    SELECT id FROM tree
    """
  }

  private static func contains(
    _ value: JSON, _ member: String?, _ path: FieldPath, _ collection: Collection, finding: Bool
  ) -> SQL {
    guard value.canBeBound else { return "FALSE" }
    let isTag = member == nil && ["tags", "system_tags"].contains(path.description)
    if finding, collection == .tasks, isTag {
      return "tasks.id IN (SELECT task FROM task_tags WHERE field = \(path.description) AND tag = \(value.sqlValue))"
    }
    // What has a project in its path is below it, and that is found by the parents.
    if collection == .projects, path == "path", let root = value.string {
      return "(projects.id IN (\(projectTree([root]))) AND projects.id <> \(root))"
    }
    var found: SQL = "value"
    if let member {
      guard let json = FieldPath(member).json else { return "FALSE" }
      found = "CASE type WHEN 'object' THEN value ->> \(json) END"
    }
    return "EXISTS (SELECT 1 FROM \(collection.members(at: path)) WHERE \(found) = \(value.sqlValue))"
  }

  private static func isMissing(_ path: FieldPath, _ collection: Collection) -> SQL {
    let value = collection.value(at: path)
    return "(\(value) IS NULL OR \(value) = '' OR \(value) = '[]')"
  }

  private static func matches(_ pattern: Pattern, _ path: FieldPath, _ collection: Collection) -> SQL {
    if Collection.listFields.contains(path.description) {
      return
        "EXISTS (SELECT 1 FROM \(collection.members(at: path)) WHERE matches(\(pattern.text), value, \(pattern.id)))"
    }
    let value = collection.value(at: path)
    // A name that is asked for whole can use the index.
    if let literal = pattern.wholeLiteral { return "\(value) = \(literal) COLLATE NOCASE" }
    return "matches(\(pattern.text), \(value), \(pattern.id))"
  }

  private static func hasText(_ text: String, _ path: FieldPath, _ collection: Collection) -> SQL {
    if Collection.listFields.contains(path.description) {
      let members = collection.members(at: path)
      return "EXISTS (SELECT 1 FROM \(members) WHERE instr(lower(value), lower(\(text))) > 0)"
    }
    return "instr(lower(\(collection.value(at: path))), lower(\(text))) > 0"
  }
}

extension JSON {
  /// The value as SQLite compares it.
  var sqlValue: DatabaseValue {
    switch self {
    case .null: .null
    case .bool(let value): (value ? 1 : 0).databaseValue
    case .int(let value): value.databaseValue
    case .double(let value): value.databaseValue
    case .string(let value): value.databaseValue
    case .array, .object: text.databaseValue
    }
  }

  /// Whether SQLite takes the value whole: it would cut a text at NUL.
  var canBeBound: Bool {
    if case .string(let value) = self { !value.utf8.contains(0) } else { true }
  }
}
