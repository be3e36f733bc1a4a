/// Finds the schemas of types, and keeps those of objects under the types' names: each once, recursive ones too.
package final class SchemaCatalogue {
  /// The properties of the objects that were met, in the order of their declaration.
  package internal(set) var objects: [String: [Schema.Property]] = [:]
  /// Types whose decoding could not be followed; their schema is `anything`.
  package private(set) var opaque: Set<String> = []
  /// The types that are being followed now.
  private var open: Set<String> = []

  package init() {}

  /// The schema of what `type` is decoded from.
  package func schema<Value: Decodable>(of type: Value.Type) -> Schema {
    if let type = type as? any DescribedValue.Type { return type.schema(in: self) }
    if let choices = Choices(type) { return .choice(choices.names) }
    let name = Self.name(of: type)
    if objects[name] == nil, !open.contains(name) {
      guard let properties = try? follow(type).properties else {
        opaque.insert(name)
        return .anything
      }
      objects[name] = properties.detailed(Schema.details[name] ?? [])
    }
    return opaque.contains(name) ? .anything : .named(name)
  }

  /// Some value of `type`, for decoders that must go on.
  func placeholder<Value: Decodable>(for type: Value.Type) throws -> Value {
    if let type = type as? any DescribedValue.Type, let value = type.placeholder as? Value { return value }
    if let value = Choices(type)?.first as? Value { return value }
    return try follow(type).value
  }

  /// Decodes a `type` from nothing, and tells what it asked for.
  private func follow<Value: Decodable>(_ type: Value.Type) throws -> (value: Value, properties: [Schema.Property]) {
    let name = Self.name(of: type)
    guard open.insert(name).inserted else { throw SchemaDecoder.NotFollowed() }
    defer { open.remove(name) }
    let decoder = SchemaDecoder(catalogue: self)
    return (try Value(from: decoder), decoder.properties)
  }

  /// `Tasks.Edit.Request`: the type's name without its module, in letters that OpenAPI allows.
  static func name<Value>(of type: Value.Type) -> String {
    let parts = String(reflecting: type).split(separator: ".").dropFirst()
    return String(
      parts.joined(separator: ".").map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "_" })
  }
}

extension [Schema.Property] {
  /// These properties, with the schemas of those that `details` knows better.
  fileprivate func detailed(_ details: [Schema.Property]) -> [Schema.Property] {
    map { property in
      var property = property
      property.schema = details.first { $0.name == property.name }?.schema ?? property.schema
      return property
    }
  }
}

/// The cases of an enumeration of texts.
private struct Choices {
  let names: [String]
  let first: Any

  init?<Value>(_ type: Value.Type) {
    guard let type = type as? any (CaseIterable & RawRepresentable).Type, let found = Self.cases(of: type) else {
      return nil
    }
    self = found
  }

  private init(names: [String], first: Any) { (self.names, self.first) = (names, first) }

  private static func cases<Value: CaseIterable & RawRepresentable>(of type: Value.Type) -> Self? {
    let names = type.allCases.compactMap { $0.rawValue as? String }
    guard names.count == type.allCases.count, let first = type.allCases.first else { return nil }
    return Self(names: names, first: first)
  }
}

/// A type whose schema is known without following its decoder.
private protocol DescribedValue {
  static func schema(in catalogue: SchemaCatalogue) -> Schema
  static var placeholder: Self { get }
}

extension JSON: DescribedValue {
  fileprivate static func schema(in catalogue: SchemaCatalogue) -> Schema { .anything }
  fileprivate static var placeholder: JSON { .null }
}

extension Bool: DescribedValue {
  fileprivate static func schema(in catalogue: SchemaCatalogue) -> Schema { .boolean }
  fileprivate static var placeholder: Bool { false }
}

extension String: DescribedValue {
  fileprivate static func schema(in catalogue: SchemaCatalogue) -> Schema { .text }
  fileprivate static var placeholder: String { "" }
}

extension Int: DescribedValue {
  fileprivate static func schema(in catalogue: SchemaCatalogue) -> Schema { .integer }
  fileprivate static var placeholder: Int { 0 }
}

extension Int64: DescribedValue {
  fileprivate static func schema(in catalogue: SchemaCatalogue) -> Schema { .integer }
  fileprivate static var placeholder: Int64 { 0 }
}

extension Double: DescribedValue {
  fileprivate static func schema(in catalogue: SchemaCatalogue) -> Schema { .number }
  fileprivate static var placeholder: Double { 0 }
}

extension Optional: DescribedValue where Wrapped: Decodable {
  fileprivate static func schema(in catalogue: SchemaCatalogue) -> Schema {
    .nullable(catalogue.schema(of: Wrapped.self))
  }
  fileprivate static var placeholder: Wrapped? { nil }
}

extension Array: DescribedValue where Element: Decodable {
  fileprivate static func schema(in catalogue: SchemaCatalogue) -> Schema { .list(catalogue.schema(of: Element.self)) }
  fileprivate static var placeholder: [Element] { [] }
}

extension Dictionary: DescribedValue where Key == String, Value: Decodable {
  fileprivate static func schema(in catalogue: SchemaCatalogue) -> Schema { .map(catalogue.schema(of: Value.self)) }
  fileprivate static var placeholder: [String: Value] { [:] }
}
