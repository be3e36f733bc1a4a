import StintStore
import StintWire

extension Services {
  /// The answer of a `get_all` call: the documents that the request asks for, cut to the fields it asks for. With
  /// `expanding`, as `get_all_ex` does, references are objects and not identifiers; `completing` adds to a document
  /// what is stored elsewhere; `condition` is one more that must hold.
  func list(
    _ collection: Collection, _ request: JSON, expanding: Bool = false, where condition: Condition = .all,
    completing: (@Sendable (Records, JSON, Projection) throws -> JSON)? = nil
  ) async throws -> JSON {
    var asked = try Query(parsing: request, for: collection)
    asked.condition = .and([asked.condition, condition])
    let query = asked
    let documents = try await store.read { records in
      var references = References(records: records)
      return try records.find(collection, query).map { document in
        let whole = try completing?(records, document, query.projection) ?? document
        var cut = query.projection.apply(to: whole, withID: expanding)
        // Kept for the server's own use, and long.
        if collection == .tasks { cut["unique_metrics"] = nil }
        if collection == .projects { cut["path"] = nil }
        if collection == .users { cut["preferences"] = nil }
        return expanding ? try references.expand(cut, of: whole, collection, query.projection) : cut
      }
    }
    var answer: JSON = [collection.rawValue: .array(documents)]
    if query.scrolls { answer["scroll_id"] = query.nextScrollID(returned: documents.count).map(JSON.string) ?? .null }
    return answer
  }
}

/// Turns the identifiers in documents into `{"id", "name"}` objects. Records are looked up once for a whole answer.
struct References {
  let records: Records
  private var known: [String: JSON] = [:]

  init(records: Records) { self.records = records }

  /// The fields that refer to records of other collections.
  private static func fields(of collection: Collection) -> [String: Collection] {
    switch collection {
    case .tasks: ["user": .users, "project": .projects, "parent": .tasks, "execution.queue": .queues]
    case .models: ["user": .users, "project": .projects, "parent": .models, "task": .tasks]
    case .projects: ["user": .users, "parent": .projects]
    default: ["user": .users]
    }
  }

  /// `cut` with its references as objects, and the fields in them that the projection names.
  mutating func expand(
    _ cut: JSON, of whole: JSON, _ collection: Collection, _ projection: Projection
  ) throws -> JSON {
    var cut = cut
    if projection.wants("company"), whole["company"] != nil {
      cut["company"] = ["id": .string(Company.id), "name": .string(Company.name)]
    }
    for (field, target) in Self.fields(of: collection) {
      let path = field.split(separator: ".").map(String.init)
      guard projection.wants(path[0]), let id = whole[path: path]?.string, !id.isEmpty else { continue }
      let inside = projection.subfields(of: path[0])
      if path.count > 1, !inside.isEmpty, !inside.contains(where: { $0.hasPrefix(path[1]) }) { continue }
      let record = try record(id, target)
      var reference: JSON = ["id": .string(id)]
      for name in path.count > 1 ? ["name"] : ["name"] + inside {
        let inner = name.split(separator: ".").map(String.init)
        if let value = record?[path: inner] { reference[path: inner] = value }
      }
      cut[path: path] = reference
    }
    return cut
  }

  private mutating func record(_ id: String, _ collection: Collection) throws -> JSON? {
    let key = collection.rawValue + "/" + id
    if let record = known[key] { return record.isNull ? nil : record }
    let record = try records.get(collection, id: id)
    known[key] = record ?? .null
    return record
  }
}
