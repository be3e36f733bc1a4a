import GRDB
import StintWire

/// How the documents of a page are looked for. Which way is short depends on how many documents a filter holds for,
/// which SQLite cannot know beforehand: it is found out by looks that are bounded.
enum Search {
  /// An index has the documents for which one part of the condition holds in the order of the answer: the rest of the
  /// condition is checked for one after the other, until the page is full. They are few, or the page might never be.
  case fewInOrder(candidates: SQL, check: SQL)
  /// They are few: they are found, and then sorted.
  case few(SQL)
  /// The documents at the beginning of the order are gone through until the page is full. If it gets full, what is on
  /// it is what comes first of all; so it goes, soon, with a filter that holds for many.
  case beginning(SQL)
  /// Whatever SQLite thinks best.
  case all(SQL)
}

extension Query {
  /// How many documents are few.
  private static let few = 5000

  /// The ways to look, one after the other until a page is full. Only the last is sure to find all.
  func searches(in collection: Collection, _ db: Database) throws -> [Search] {
    for (place, part) in condition.parts.enumerated() {
      guard let candidates = part.candidates(in: collection) else { continue }
      let count: SQL = "SELECT count(*) FROM (\(candidates) LIMIT \(Self.few))"
      if try Int.fetchOne(db, SQLRequest(literal: count)) ?? 0 < Self.few { return [few(place, collection)] }
    }
    let all = rows(of: collection, where: condition.sql(for: collection, finding: true))
    return try (beginning(of: collection, db).map { [.beginning($0)] } ?? []) + [.all(all)]
  }

  private func few(_ place: Int, _ collection: Collection) -> Search {
    var others = condition.parts
    let part = others.remove(at: place)
    let rest = others.map { $0.sql(for: collection) }.joined(operator: .and)
    if limit != nil, order.count <= 1, let candidates = inOrder(part, collection) {
      return .fewInOrder(
        candidates: candidates, check: "SELECT 1 FROM \(sql: collection.table) WHERE \(rest) AND rowid = ")
    }
    return .few(rows(of: collection, where: "\(part.sqlFinding(in: collection)) AND \(rest)"))
  }

  /// SQL for the row numbers of the documents for which a part holds, where an index has them in order.
  private func inOrder(_ part: Condition, _ collection: Collection) -> SQL? {
    let key = order.first?.path.description
    if let (field, tag) = part.taskTag(in: collection), key == "last_update" {
      let direction = order.first?.descending == true ? " DESC" : ""
      return """
        SELECT tasks.rowid FROM task_tags CROSS JOIN tasks ON tasks.id = task_tags.task
        WHERE field = \(field) AND tag = \(tag)
        ORDER BY task_tags.last_update\(sql: direction), tasks.rowid\(sql: direction)
        """
    }
    guard let field = part.foundField,
      let index = collection.indexes.first(where: { $0.fields == [field] + (key.map { [$0] } ?? []) })
    else { return nil }
    return rows(
      of: collection, "INDEXED BY \(index.name)", where: part.sql(for: collection), limit: nil, offset: 0)
  }

  private func beginning(of collection: Collection, _ db: Database) throws -> SQL? {
    guard let limit, offset < 100_000, !collection.indexes.isEmpty else { return nil }
    let length = Self.few + offset + limit
    let table = collection.table
    let condition = condition.sql(for: collection)
    guard let key = order.first else {
      let edge = try Int64.fetchOne(db, sql: "SELECT min(rowid) + ? FROM \(table)", arguments: [length])
      return edge.map { rows(of: collection, "NOT INDEXED", where: "\(sql: table).rowid <= \($0) AND \(condition)") }
    }
    guard let index = collection.indexes.first(where: { $0.fields == [key.path.description] }) else { return nil }
    let column = "\(table).\(key.path.field)"
    let direction = key.descending ? " DESC" : ""
    func value(at place: Int) throws -> DatabaseValue? {
      try DatabaseValue.fetchOne(
        db,
        sql: """
          SELECT \(column) FROM \(table) INDEXED BY \(index.name) ORDER BY \(column)\(direction) LIMIT 1 OFFSET ?
          """, arguments: [place])
    }
    // Documents without a value, which come last or first, are in no range.
    guard let edge = try value(at: length), !edge.isNull, try key.descending || value(at: 0)?.isNull == false else {
      return nil
    }
    return rows(
      of: collection, "INDEXED BY \(index.name)",
      where: "\(sql: column) \(sql: key.descending ? ">=" : "<=") \(edge) AND \(condition)")
  }

  /// SQL for the row numbers of a page, in order.
  private func rows(of collection: Collection, _ source: String = "", where condition: SQL) -> SQL {
    rows(of: collection, source, where: condition, limit: limit, offset: offset)
  }

  private func rows(
    of collection: Collection, _ source: String, where condition: SQL, limit: Int?, offset: Int
  ) -> SQL {
    let table = collection.table
    var sql: SQL = "SELECT \(sql: table).rowid FROM \(sql: table) \(sql: source) WHERE \(condition) ORDER BY "
    for key in order {
      let value = collection.value(at: key.path)
      let isColumn = key.path.names.count == 1 && collection.columns.contains(key.path.field)
      // Parameters and metrics are texts that often are numbers: 9 comes before 10.
      sql += "\(value)\(sql: isColumn ? "" : " COLLATE numeric")\(sql: key.descending ? " DESC" : ""), "
    }
    sql += "\(sql: table).rowid\(sql: order.last?.descending == true ? " DESC" : "")"
    return sql + " LIMIT \(limit ?? -1) OFFSET \(offset)"
  }
}

extension Records {
  /// The row numbers that a query selects, in its order.
  func rows(_ collection: Collection, _ query: Query) throws -> [Int64] {
    var found: [Int64] = []
    for search in try query.searches(in: collection, db) {
      switch search {
      case .fewInOrder(let candidates, let check): found = try rows(candidates, check, query)
      case .few(let rows), .beginning(let rows), .all(let rows):
        found = try Int64.fetchAll(db, SQLRequest(literal: rows))
      }
      if found.count == query.limit { break }
    }
    return found
  }

  private func rows(_ candidates: SQL, _ check: SQL, _ query: Query) throws -> [Int64] {
    let (sql, arguments) = try check.build(db)
    let check = try db.makeStatement(sql: sql + "?")
    var found: [Int64] = []
    var left = query.offset
    let candidates = try Int64.fetchCursor(db, SQLRequest(literal: candidates))
    while found.count < query.limit ?? .max, let candidate = try candidates.next() {
      guard try Int.fetchOne(check, arguments: arguments + [candidate]) != nil else { continue }
      if left > 0 { left -= 1 } else { found.append(candidate) }
    }
    return found
  }
}

extension Condition {
  /// What must hold together.
  fileprivate var parts: [Condition] {
    switch self {
    case .and(let conditions): conditions.flatMap(\.parts)
    case .or(let conditions) where conditions.count == 1: conditions[0].parts
    default: [self]
    }
  }

  /// The member of a list field of tasks that has to be there.
  fileprivate func taskTag(in collection: Collection) -> (field: String, tag: DatabaseValue)? {
    guard case .contains(let path, let value, nil) = self, collection == .tasks, value.canBeBound,
      ["tags", "system_tags"].contains(path.description)
    else { return nil }
    return (path.description, value.sqlValue)
  }

  /// The field by whose value an index may find documents.
  fileprivate var foundField: String? {
    switch self {
    case .isOneOf(let path, let values): values.contains(.null) ? nil : path.description
    case .inProjectTree(let path, _): path.description
    default: nil
    }
  }

  /// SQL for as many rows as there are documents for which this holds, all of them read from an index. Nil where there
  /// is none for it.
  fileprivate func candidates(in collection: Collection) -> SQL? {
    if let (field, tag) = taskTag(in: collection) {
      return "SELECT 1 FROM task_tags WHERE field = \(field) AND tag = \(tag)"
    }
    guard let field = foundField, let index = collection.indexes.first(where: { $0.fields[0] == field }) else {
      return nil
    }
    return "SELECT 1 FROM \(sql: collection.table) INDEXED BY \(sql: index.name) WHERE \(sql(for: collection))"
  }

  /// SQL by which the few documents are found for which this holds.
  fileprivate func sqlFinding(in collection: Collection) -> SQL {
    let condition = sql(for: collection, finding: true)
    guard foundField != nil else { return condition }
    // A look of its own: SQLite does not know that they are few.
    return "\(sql: collection.table).rowid IN (SELECT rowid FROM \(sql: collection.table) WHERE \(condition))"
  }
}
