/// Compares the requests of an endpoint that reads them as they come with its schema. Endpoints with types of their own
/// need none: decoding does this for them.
package struct RequestCheck: Sendable {
  private let schema: Schema?
  private let properties: [Schema.Property]

  /// For `endpoint`.
  package init<E: Endpoint>(of endpoint: E.Type) {
    let catalogue = SchemaCatalogue()
    let isOpen = E.Request.self == JSON.self && !(endpoint is any BatchEndpoint.Type)
    schema = isOpen ? catalogue.schema(ofEndpoint: endpoint).request : nil
    if case .named(let name)? = schema { properties = catalogue.components[name] ?? [] } else { properties = [] }
  }

  /// - Throws: `FieldError`, which names the field.
  package func check(_ request: JSON) throws(FieldError) {
    guard schema != nil else { return }
    guard request.object != nil else { throw .wrongType(path: [], expected: "object", found: request) }
    try Schema.check(request, properties, at: [])
  }
}

extension Schema {
  /// Compares a value with this schema, as lenient as decoding is: null is nothing, one value stands for a list of it,
  /// numbers may be in text.
  fileprivate func check(_ value: JSON, at path: [String]) throws(FieldError) {
    if value.isNull { return }
    switch self {
    case .anything: return
    case .boolean:
      guard [true, false, 0, 1, "true", "True", "false", "False"].contains(value) else { throw wrong(value, path) }
    case .integer:
      guard value.int ?? value.string.flatMap({ Int($0) }) != nil else { throw wrong(value, path) }
    case .number:
      guard value.double ?? value.string.flatMap(Double.init) != nil else { throw wrong(value, path) }
    case .text, .time:
      guard let text = value.string else { throw wrong(value, path) }
      if text.utf8.contains(0) { throw .outOfRange(path: path, range: "a text without NUL") }
    case .choice(let names):
      guard let text = value.string else { throw wrong(value, path) }
      guard names.contains(text) else { throw .notAChoice(path: path, value: text) }
    case .list(let element):
      guard value.object == nil else { throw wrong(value, path) }
      guard let elements = value.array else { return try element.check(value, at: path) }
      for (index, value) in elements.enumerated() { try element.check(value, at: path + [String(index)]) }
    case .map(let element):
      guard let members = value.object else { throw wrong(value, path) }
      for (name, value) in members { try element.check(value, at: path + [name]) }
    case .nullable(let schema): try schema.check(value, at: path)
    case .either(let options): try Self.check(value, options, at: path)
    case .named(let name):
      guard value.object != nil else { throw wrong(value, path) }
      try Self.check(value, Self.filters[name] ?? Self.parts[name] ?? [], at: path)
    }
  }

  fileprivate static func check(_ value: JSON, _ properties: [Property], at path: [String]) throws(FieldError) {
    for property in properties {
      let member = value[property.name] ?? .null
      if property.isRequired, member.isNull { throw .missing(path: path + [property.name]) }
      try property.schema.check(member, at: path + [property.name])
    }
  }

  private static func check(_ value: JSON, _ options: [Schema], at path: [String]) throws(FieldError) {
    var first: FieldError?
    for option in options {
      do throws(FieldError) {
        return try option.check(value, at: path)
      } catch {
        first = first ?? error
      }
    }
    if let first { throw first }
  }

  private func wrong(_ value: JSON, _ path: [String]) -> FieldError {
    .wrongType(path: path, expected: wireType, found: value)
  }

  /// The type in the protocol's words.
  private var wireType: String {
    switch self {
    case .anything: "any"
    case .boolean: "bool"
    case .integer: "int"
    case .number: "float"
    case .text, .time, .choice: "str"
    case .list: "list"
    case .map, .named: "object"
    case .nullable(let schema): schema.wireType
    case .either(let options): options.map(\.wireType).joined(separator: " or ")
    }
  }
}
