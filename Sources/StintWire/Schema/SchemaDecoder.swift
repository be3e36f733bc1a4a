/// A decoder without a value: it has something for every key that it is asked for, and notes the key and the type.
final class SchemaDecoder: Decoder {
  /// Decoding took a way on which no schema can be found.
  struct NotFollowed: Error {}

  let catalogue: SchemaCatalogue
  fileprivate(set) var properties: [Schema.Property] = []
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(catalogue: SchemaCatalogue) { self.catalogue = catalogue }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard keysArePropertyNames(type) else { throw NotFollowed() }
    return KeyedDecodingContainer(Keyed(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw NotFollowed() }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw NotFollowed() }
}

extension SchemaDecoder {
  private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: SchemaDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }

    /// Whoever asks whether a member is null can do without it. The `decodeIfPresent` family asks this first.
    func decodeNil(forKey key: Key) -> Bool {
      decoder[wireName(key.stringValue)].isRequired = false
      return false
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      decoder[wireName(key.stringValue)].schema = decoder.catalogue.schema(of: type)
      return try decoder.catalogue.placeholder(for: type)
    }

    /// Nothing: what is optional may contain its own type.
    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
      decoder[wireName(key.stringValue)].isRequired = false
      decoder[wireName(key.stringValue)].schema = decoder.catalogue.schema(of: type)
      return nil
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
      throw NotFollowed()
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw NotFollowed() }
    func superDecoder() throws -> any Decoder { throw NotFollowed() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw NotFollowed() }
  }

  fileprivate subscript(name: String) -> Schema.Property {
    get { properties.first { $0.name == name } ?? Schema.Property(name, .anything, isRequired: true) }
    set {
      if let index = properties.firstIndex(where: { $0.name == name }) {
        properties[index] = newValue
      } else {
        properties.append(newValue)
      }
    }
  }
}
