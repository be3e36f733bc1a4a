import GRDB
import StintWire

/// One transaction's view of the records. It lives inside the body of `Store.read` or `Store.write`.
package struct Records {
  let db: Database

  /// The document `id`, or nil.
  package func get(_ collection: Collection, id: String) throws -> JSON? {
    guard !id.hasNUL else { return nil }
    let statement = try db.cachedStatement(sql: "SELECT doc FROM \(collection.table) WHERE id = ?")
    return try String.fetchOne(statement, arguments: [id]).map { try JSON(parsing: $0) }
  }

  /// Those documents of `ids` that exist.
  package func get(_ collection: Collection, ids: [String]) throws -> [String: JSON] {
    var found: [String: JSON] = [:]
    for id in Set(ids) { found[id] = try get(collection, id: id) }
    return found
  }

  /// Some of the fields of the document `id`, without reading it where they are kept beside it; nil where there is none.
  package func columns(_ collection: Collection, id: String, _ fields: [String]) throws -> JSON? {
    guard !id.hasNUL else { return nil }
    let values = fields.map { collection.columns.contains($0) ? $0 : "doc ->> '$.\($0)'" }.joined(separator: ", ")
    let statement = try db.cachedStatement(sql: "SELECT \(values) FROM \(collection.table) WHERE id = ?")
    guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
    var found: JSON = .object([:])
    for (number, field) in fields.enumerated() { found[field] = (row[number] as String?).map(JSON.string) }
    return found
  }

  /// Whether there is a document `id`.
  package func exists(_ collection: Collection, id: String) throws -> Bool {
    guard !id.hasNUL else { return false }
    let statement = try db.cachedStatement(sql: "SELECT 1 FROM \(collection.table) WHERE id = ?")
    return try Int.fetchOne(statement, arguments: [id]) != nil
  }

  /// Inserts a document, or replaces the one with the same `id` member.
  /// - Throws: `WireError.invalidID` where that is no text.
  package func put(_ collection: Collection, _ document: JSON) throws {
    guard let id = document["id"]?.string, !id.isEmpty, !id.hasNUL else {
      throw WireError(.invalidID, "a document needs a text as its id")
    }
    // An upsert keeps the row's number, which orders documents that are otherwise equal.
    let statement = try db.cachedStatement(
      sql: "INSERT INTO \(collection.table) (id, doc) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc")
    try statement.execute(arguments: [id, document.text])
  }

  /// Changes the document `id` and returns what it became, or nil where there is none.
  @discardableResult
  package func update(
    _ collection: Collection, id: String, _ change: (inout JSON) throws -> Void
  ) throws -> JSON? {
    guard var document = try get(collection, id: id) else { return nil }
    try change(&document)
    document["id"] = .string(id)
    try put(collection, document)
    return document
  }

  /// Runs `body`; where it throws, what it wrote is undone, and what was written before stays.
  package func undoingFailure<T>(_ body: () throws -> T) throws -> T {
    try GroupedDatabase.inSavepoint(db) { _ in try body() }
  }

  /// Deletes the document `id`. False where there is none.
  @discardableResult
  package func delete(_ collection: Collection, id: String) throws -> Bool {
    guard !id.hasNUL else { return false }
    let statement = try db.cachedStatement(sql: "DELETE FROM \(collection.table) WHERE id = ?")
    try statement.execute(arguments: [id])
    return db.changesCount > 0
  }
}

extension Records {
  /// The documents that `query` selects, in its order, whole.
  package func find(_ collection: Collection, _ query: Query = Query()) throws -> [JSON] {
    // Rows first, documents after: a sort that no index serves then moves numbers, not documents.
    let rows = try rows(collection, query)
    let statement = try db.cachedStatement(sql: "SELECT doc FROM \(collection.table) WHERE rowid = ?")
    return try rows.compactMap { row in
      try String.fetchOne(statement, arguments: [row]).map { try JSON(parsing: $0) }
    }
  }

  /// The oldest document for which `condition` holds.
  package func first(_ collection: Collection, _ condition: Condition) throws -> JSON? {
    try find(collection, Query(condition, limit: 1)).first
  }

  /// How many documents `condition` holds for.
  package func count(_ collection: Collection, _ condition: Condition = .all) throws -> Int {
    // Little is left out most often, and found sooner than all that stays.
    if condition != .all, let leftOut = condition.leftOut {
      return try count(collection) - count(collection, leftOut)
    }
    let sql = condition.sql(for: collection, finding: true)
    return try Int.fetchOne(db, SQLRequest(literal: "SELECT count(*) FROM \(sql: collection.table) WHERE \(sql)")) ?? 0
  }

  /// How many documents have each value of a field; those without one are counted under the empty text.
  package func counts(
    _ collection: Collection, by field: String, _ condition: Condition = .all
  ) throws -> [String: Int] {
    let value = collection.value(at: FieldPath(field))
    let request: SQL = """
      SELECT CAST(\(value) AS TEXT), count(*) FROM \(sql: collection.table)
      WHERE \(condition.sql(for: collection)) GROUP BY 1
      """
    let rows = try Row.fetchAll(db, SQLRequest(literal: request))
    return Dictionary(rows.map { ($0[0] as String? ?? "", $0[1] as Int) }, uniquingKeysWith: +)
  }
}
