import StintModel
import StintWire

// Small words for reading and changing documents.

extension JSON {
  /// The identifier or other text in a field, unless it is empty.
  func text(_ field: String) -> String? {
    guard let text = self[field]?.string, !text.isEmpty else { return nil }
    return text
  }

  /// The texts of a list field.
  func texts(_ field: String) -> [String] { self[field]?.array?.compactMap(\.string) ?? [] }

  /// Sets fields given by dotted paths.
  mutating func set(_ fields: [String: JSON]) {
    for (path, value) in fields { self[path: path.split(separator: ".").map(String.init)] = value }
  }

  /// Tags as they are stored: each once, in order.
  static func tags(_ tags: [String]) -> JSON { .array(Set(tags).sorted().map(JSON.string)) }

  /// A list of texts.
  static func list(_ texts: some Sequence<String>) -> JSON { .array(texts.map(JSON.string)) }

  /// A number.
  static func number(_ number: Int) -> JSON { .int(Int64(number)) }
}

extension WireError {
  /// An error about a record that does not exist.
  init(_ kind: Kind, id: String) {
    let id = id.count <= 100 ? id : id.prefix(100) + "…"
    self.init(kind, "id=\(id), company=\(Company.id)", data: ["id": .string(id), "company": .string(Company.id)])
  }
}

/// A record's name without the spaces around it.
/// - Throws: `WireError` 400/800 when it is shorter than 3 characters.
func checkedName(_ name: String) throws(WireError) -> String {
  let trimmed = trimmed(name)
  guard trimmed.count >= 3 else {
    throw WireError(
      code: 400, subcode: 800, message: "Data validation error: name=\(trimmed) is shorter than 3 characters")
  }
  return trimmed
}

/// A moment as it is stored.
/// - Throws: `FieldError` for what is none.
func checkedTime(_ value: JSON, field: String) throws(FieldError) -> JSON {
  guard let moment = value.string.flatMap({ Timestamp($0) }) else {
    throw .wrongType(path: [field], expected: "date-time", found: value)
  }
  return .string(moment.text)
}

/// `text` without white space around it.
func trimmed(_ text: String) -> String {
  let tail = text.drop(while: \.isWhitespace)
  return String(tail.reversed().drop(while: \.isWhitespace).reversed())
}
