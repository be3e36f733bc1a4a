import StintWire

/// What of each document a client wants: `only_fields` of the protocol, which may name nested fields, and exclude with
/// a leading `-`.
package struct Projection: Sendable, Hashable {
  private var included: [[String]] = []
  private var excluded: [[String]] = []

  /// Everything.
  package init() {}

  /// - Throws: `WireError.unknownField` for a field that documents of the kind do not have.
  package init(_ fields: [String], for collection: Collection) throws(WireError) {
    for field in fields {
      let isExclusion = field.hasPrefix("-")
      let path = FieldPath(String(isExclusion ? field.dropFirst() : field[...]))
      try collection.requireField(path)
      if isExclusion { excluded.append(path.names) } else { included.append(path.names) }
    }
  }

  /// The wanted part of a document; `withID` keeps its `id`, as the `_ex` calls do.
  package func apply(to document: JSON, withID: Bool = false) -> JSON {
    var result = document
    if !included.isEmpty {
      result = Self.keeping(withID ? included + [["id"]] : included, of: document) ?? .object([:])
    }
    if !excluded.isEmpty { result = Self.removing(withID ? excluded.filter { $0 != ["id"] } : excluded, from: result) }
    return result
  }

  /// Whether anything of a top-level field is wanted.
  package func wants(_ field: String) -> Bool {
    (included.isEmpty || included.contains { $0[0] == field }) && !excluded.contains([field])
  }

  /// What is wanted inside a top-level field: `["name"]` for `project.name`. Empty for all of it or nothing.
  package func subfields(of field: String) -> [String] {
    let paths = included.filter { $0[0] == field }
    return paths.contains([field]) ? [] : paths.map { $0.dropFirst().joined(separator: ".") }
  }

  private static func keeping(_ paths: [[String]], of value: JSON) -> JSON? {
    if paths.contains([]) { return value }
    switch value {
    case .object(let members):
      var kept: [String: JSON] = [:]
      for (name, inner) in Dictionary(grouping: paths, by: { $0[0] }) {
        guard let member = members[name] else { continue }
        kept[name] = keeping(inner.map { Array($0.dropFirst()) }, of: member)
      }
      return .object(kept)
    case .array(let elements): return .array(elements.compactMap { keeping(paths, of: $0) })
    default: return nil
    }
  }

  private static func removing(_ paths: [[String]], from value: JSON) -> JSON {
    switch value {
    case .object(var members):
      for (name, inner) in Dictionary(grouping: paths, by: { $0[0] }) {
        guard let member = members[name] else { continue }
        let rest = inner.map { Array($0.dropFirst()) }
        if rest.contains([]) { members.removeValue(forKey: name) } else { members[name] = removing(rest, from: member) }
      }
      return .object(members)
    case .array(let elements): return .array(elements.map { removing(paths, from: $0) })
    default: return value
    }
  }
}
