struct ValueDecoder: Decoder {
  let value: JSON
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  var path: [String] { codingPath.map(\.stringValue) }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw wrongType("object") }
    return KeyedDecodingContainer(Keyed(decoder: self, members: members))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw wrongType("list") }
    return Unkeyed(decoder: self, elements: elements)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

  func wrongType(_ expected: String) -> FieldError { .wrongType(path: path, expected: expected, found: value) }

  func child(_ value: JSON, _ key: any CodingKey) -> ValueDecoder {
    ValueDecoder(value: value, codingPath: codingPath + [key])
  }

  func bool() throws -> Bool {
    switch value {
    case .bool(let value): return value
    case .int(0), .string("false"), .string("False"): return false
    case .int(1), .string("true"), .string("True"): return true
    default: throw wrongType("bool")
    }
  }

  /// What people and programs write, in which a NUL may stand by accident.
  private static let freeTexts: Set = [
    "value", "preview", "diff", "comment", "description", "report", "status_message", "status_reason",
  ]

  /// Databases end a text at NUL: in free texts it is replaced, elsewhere, where it could only be meant to deceive, refused.
  func string() throws -> String {
    guard case .string(let value) = value else { throw wrongType("str") }
    guard value.utf8.contains(0) else { return value }
    guard let name = path.last, Self.freeTexts.contains(name) else {
      throw FieldError.outOfRange(path: path, range: "a text without NUL")
    }
    return String(String.UnicodeScalarView(value.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
  }

  func double() throws -> Double {
    if let number = value.double { return number }
    guard let text = value.string, let number = Double(text) else { throw wrongType("float") }
    return number
  }

  func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
    switch value {
    case .int(let value): if let number = Number(exactly: value) { return number }
    case .double(let value): if let number = Number(exactly: value.rounded(.towardZero)) { return number }
    case .string(let text): if let number = Number(text) { return number }
    default: break
    }
    throw wrongType("int")
  }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if type == JSON.self, let result = value as? Value { return result }
    if type == String.self, let result = try string() as? Value { return result }
    do {
      return try Value(from: self)
    } catch DecodingError.dataCorrupted {
      throw FieldError.notAChoice(path: path, value: value.string ?? value.text)
    }
  }
}

extension ValueDecoder {
  struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ValueDecoder
    let members: [String: JSON]
    let translates = keysArePropertyNames(Key.self)

    init(decoder: ValueDecoder, members: [String: JSON]) { (self.decoder, self.members) = (decoder, members) }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { members.keys.compactMap(Key.init(stringValue:)) }

    func name(_ key: Key) -> String { translates ? wireName(key.stringValue) : key.stringValue }
    func member(_ key: Key) -> JSON? { members[name(key)] }

    func contains(_ key: Key) -> Bool { member(key) != nil }

    func required(_ key: Key) throws -> ValueDecoder {
      guard let value = member(key), value != .null else {
        throw FieldError.missing(path: decoder.path + [name(key)])
      }
      return decoder.child(value, PathKey(stringValue: name(key)))
    }

    func decodeNil(forKey key: Key) -> Bool { member(key).map(\.isNull) ?? true }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try required(key).bool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try required(key).string() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try required(key).double() }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try required(key).integer(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try required(key).integer(type) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      if type == JSON.self, let value = member(key) as? Value { return value }
      return try required(key).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
      try required(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try required(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try required(key) }
  }

  struct Unkeyed: UnkeyedDecodingContainer {
    let decoder: ValueDecoder
    let elements: [JSON]
    var currentIndex = 0
    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    init(decoder: ValueDecoder, elements: [JSON]) { (self.decoder, self.elements) = (decoder, elements) }

    mutating func next() throws -> ValueDecoder {
      guard currentIndex < elements.count else {
        throw FieldError.missing(path: decoder.path + [String(currentIndex)])
      }
      defer { currentIndex += 1 }
      return decoder.child(elements[currentIndex], PathKey(intValue: currentIndex))
    }

    mutating func decodeNil() throws -> Bool {
      guard currentIndex < elements.count, elements[currentIndex].isNull else { return false }
      currentIndex += 1
      return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next().decode(type) }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
      try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try next() }
  }

  struct Single: SingleValueDecodingContainer {
    let decoder: ValueDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.value.isNull }
    func decode(_ type: Bool.Type) throws -> Bool { try decoder.bool() }
    func decode(_ type: String.Type) throws -> String { try decoder.string() }
    func decode(_ type: Double.Type) throws -> Double { try decoder.double() }
    func decode(_ type: Float.Type) throws -> Float { Float(try decoder.double()) }
    func decode(_ type: Int.Type) throws -> Int { try decoder.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoder.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoder.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoder.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoder.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try decoder.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.integer(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.decode(type) }
  }
}
