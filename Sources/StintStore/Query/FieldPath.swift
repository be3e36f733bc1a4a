import GRDB

/// A field of a document: member names from the outermost in, written `execution.queue`.
package struct FieldPath: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
  package let names: [String]

  /// Reads `a.b`; a dot that belongs to a name is written `%2E`, as the stock server's clients do.
  package init(_ dotted: String) {
    names = dotted.split(separator: ".", omittingEmptySubsequences: false).map { name in
      name.contains("%")
        ? name.split(separator: "%2E", omittingEmptySubsequences: false).joined(separator: ".") : String(name)
    }
  }

  /// A path of names that may have dots themselves.
  package init(names: [String]) { self.names = names.isEmpty ? [""] : names }

  package init(stringLiteral value: String) { self.init(value) }

  package var description: String { names.joined(separator: ".") }

  /// The outermost name.
  package var field: String { names[0] }

  /// SQLite's spelling, `$."execution"."queue"`. Nil for names that it cannot spell.
  var json: String? {
    for name in names {
      guard !name.isEmpty, !name.unicodeScalars.contains(where: { $0 == "\"" || $0 == "\\" || $0.value < 0x20 }) else {
        return nil
      }
    }
    return "$" + names.map { ".\"\($0)\"" }.joined()
  }
}

extension Collection {
  /// SQL for the value at a path: NULL where it is missing.
  func value(at path: FieldPath) -> SQL {
    if let column = column(of: path) { return column }
    guard let json = path.json else { return "NULL" }
    return "doc ->> \(json)"
  }

  /// SQL for a table whose `value` is each member of the list at a path, or the value itself where that is no list.
  func members(at path: FieldPath) -> SQL {
    if Self.listFields.contains(path.description), let column = column(of: path) { return "json_each(\(column))" }
    return "json_each(doc, \(path.json ?? "$.\"\".\"\""))"
  }

  private func column(of path: FieldPath) -> SQL? {
    guard path.names.count == 1 else { return nil }
    let isColumn = path.field == "id" || columns.contains(path.field)
    // Qualified, as `json_each` has columns named `id`, `type`, `parent` and `path` itself.
    return isColumn ? "\(sql: table).\(sql: path.field)" : nil
  }
}
