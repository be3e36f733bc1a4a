struct ValueEncoder: Encoder {
  /// Where the value grows; containers share it with the encoder that made them.
  final class Box {
    var value: JSON = .null
    /// Set by a container of this encoder, to put its member into the parent when it is whole.
    var finish: ((JSON) -> Void)?
    deinit { finish?(value) }
  }

  let box = Box()
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if box.value.object == nil { box.value = .object([:]) }
    return KeyedEncodingContainer(Keyed(box: box, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if box.value.array == nil { box.value = .array([]) }
    return Unkeyed(box: box, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(box: box, codingPath: codingPath) }
}

extension ValueEncoder {
  private static func memberName<Key: CodingKey>(_ key: Key) -> String {
    keysArePropertyNames(Key.self) ? wireName(key.stringValue) : key.stringValue
  }

  struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let box: Box
    let codingPath: [any CodingKey]

    private func set(_ value: JSON, _ key: Key) { box.value[ValueEncoder.memberName(key)] = value }

    func encodeNil(forKey key: Key) { set(.null, key) }
    func encode(_ value: Bool, forKey key: Key) { set(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) { set(.string(value), key) }
    func encode(_ value: Double, forKey key: Key) { set(.double(value), key) }
    func encode(_ value: Int, forKey key: Key) { set(.int(Int64(value)), key) }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { set(try JSON(encoding: value), key) }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
      nested(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { nested(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { ValueEncoder(codingPath: codingPath) }
    func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

    private func nested(_ key: Key) -> ValueEncoder {
      let encoder = ValueEncoder(codingPath: codingPath + [key])
      let box = box
      encoder.box.finish = { box.value[ValueEncoder.memberName(key)] = $0 }
      return encoder
    }
  }

  struct Unkeyed: UnkeyedEncodingContainer {
    let box: Box
    let codingPath: [any CodingKey]
    var count: Int { box.value.array?.count ?? 0 }

    private func append(_ value: JSON) {
      var elements = box.value.array ?? []
      box.value = .null
      elements.append(value)
      box.value = .array(elements)
    }

    func encodeNil() { append(.null) }
    func encode<Value: Encodable>(_ value: Value) throws { append(try JSON(encoding: value)) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
      nested().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }
    func superEncoder() -> any Encoder { nested() }

    private func nested() -> ValueEncoder {
      let encoder = ValueEncoder(codingPath: codingPath)
      encoder.box.finish = { [self] in append($0) }
      return encoder
    }
  }

  struct Single: SingleValueEncodingContainer {
    let box: Box
    let codingPath: [any CodingKey]

    func encodeNil() { box.value = .null }
    func encode(_ value: Bool) { box.value = .bool(value) }
    func encode(_ value: String) { box.value = .string(value) }
    func encode(_ value: Double) { box.value = .double(value) }
    func encode(_ value: Float) { box.value = .double(Double(value)) }
    func encode(_ value: Int) { box.value = .int(Int64(value)) }
    func encode(_ value: Int8) { box.value = .int(Int64(value)) }
    func encode(_ value: Int16) { box.value = .int(Int64(value)) }
    func encode(_ value: Int32) { box.value = .int(Int64(value)) }
    func encode(_ value: Int64) { box.value = .int(value) }
    func encode(_ value: UInt) { encode(UInt64(value)) }
    func encode(_ value: UInt8) { box.value = .int(Int64(value)) }
    func encode(_ value: UInt16) { box.value = .int(Int64(value)) }
    func encode(_ value: UInt32) { box.value = .int(Int64(value)) }
    func encode(_ value: UInt64) { box.value = Int64(exactly: value).map(JSON.int) ?? .double(Double(value)) }
    func encode<Value: Encodable>(_ value: Value) throws { box.value = try JSON(encoding: value) }
  }
}
