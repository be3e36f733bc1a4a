/// The shape of a value on the wire.
package indirect enum Schema: Sendable, Hashable {
  /// Any JSON value.
  case anything
  case boolean, integer, number, text
  /// A moment, written as in `Timestamp`.
  case time
  /// One of these texts.
  case choice([String])
  case list(Schema)
  /// An object whose keys are data.
  case map(Schema)
  case nullable(Schema)
  /// One of these shapes.
  case either([Schema])
  /// An object whose properties a `SchemaCatalogue` holds under this name.
  case named(String)

  /// An object of which nobody but its owner knows what is in it.
  package static let object = Schema.map(.anything)

  /// A property of an object.
  package struct Property: Sendable, Hashable {
    package let name: String
    package internal(set) var schema: Schema
    package internal(set) var isRequired: Bool

    package init(_ name: String, _ schema: Schema, isRequired: Bool = false) {
      (self.name, self.schema, self.isRequired) = (name, schema, isRequired)
    }
  }
}

extension Schema {
  /// This schema in the words of JSON Schema 2020-12, objects as references into an OpenAPI document.
  package var json: JSON {
    switch self {
    case .anything: [:]
    case .boolean: ["type": "boolean"]
    case .integer: ["type": "integer", "format": "int64"]
    case .number: ["type": "number"]
    case .text: ["type": "string"]
    case .time: ["type": "string", "format": "date-time"]
    case .choice(let names): ["type": "string", "enum": .array(names.map(JSON.string))]
    case .list(let element): ["type": "array", "items": element.json]
    case .map(let value): ["type": "object", "additionalProperties": value.json]
    case .nullable(let value): ["anyOf": [value.json, ["type": "null"]]]
    case .either(let options): ["anyOf": .array(options.map(\.json))]
    case .named(let name): ["$ref": .string("#/components/schemas/" + name)]
    }
  }

  /// An object with these properties in the words of JSON Schema. Others are allowed: the protocol ignores them.
  package static func object(_ properties: [Property]) -> JSON {
    var json: JSON = ["type": "object"]
    if !properties.isEmpty {
      json["properties"] = .object(
        Dictionary(properties.map { ($0.name, $0.schema.json) }, uniquingKeysWith: { first, _ in first }))
    }
    let required = properties.filter(\.isRequired).map { JSON.string($0.name) }
    if !required.isEmpty { json["required"] = .array(required) }
    return json
  }

  /// Properties of one shape.
  static func of(_ schema: Schema, _ names: String...) -> [Property] { names.map { Property($0, schema) } }

  /// Properties of one shape that are always there.
  static func required(_ schema: Schema, _ names: String...) -> [Property] {
    names.map { Property($0, schema, isRequired: true) }
  }

  /// All properties of an object. (Not `+`: the compiler takes long to understand many of them.)
  static func fields(_ groups: [Property]...) -> [Property] { groups.flatMap(\.self) }
}
