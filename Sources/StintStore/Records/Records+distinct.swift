import GRDB

extension Records {
  /// The different values at a path, sorted; of a list, its members.
  package func distinct(
    _ collection: Collection, _ path: FieldPath, _ condition: Condition = .all
  ) throws -> [String] {
    let members = collection.members(at: path)
    let request: SQL = """
      SELECT DISTINCT CAST(member.value AS TEXT) FROM \(sql: collection.table), \(members) AS member
      WHERE member.value IS NOT NULL AND \(condition.sql(for: collection)) ORDER BY 1
      """
    return try String.fetchAll(db, SQLRequest(literal: request))
  }

  /// The different names of the members of the object at a path, sorted.
  package func distinctNames(
    _ collection: Collection, in path: FieldPath, _ condition: Condition = .all
  ) throws -> [String] {
    let request: SQL = """
      SELECT DISTINCT member.key FROM \(sql: collection.table), \(collection.members(at: path)) AS member
      WHERE typeof(member.key) = 'text' AND \(condition.sql(for: collection)) ORDER BY 1
      """
    return try String.fetchAll(db, SQLRequest(literal: request))
  }

  /// The different objects two levels below a path, as in `hyperparams.<section>.<name>`: what their fields `first` and
  /// `second` say, sorted.
  package func distinctPairs(
    _ collection: Collection, in path: FieldPath, _ first: FieldPath, _ second: FieldPath,
    _ condition: Condition = .all
  ) throws -> [(String, String)] {
    guard let first = first.json, let second = second.json else { return [] }
    let request: SQL = """
      SELECT DISTINCT member.value ->> \(first), member.value ->> \(second)
      FROM \(sql: collection.table), \(collection.members(at: path)) AS part,
        json_each(CASE part.type WHEN 'object' THEN part.value END) AS member
      WHERE member.type = 'object' AND \(condition.sql(for: collection)) ORDER BY 1, 2
      """
    return try Row.fetchAll(db, SQLRequest(literal: request)).compactMap { row in
      guard let one = row[0] as String?, let two = row[1] as String? else { return nil }
      return (one, two)
    }
  }
}
