// Typed requests and answers are read from and written to `JSON` values. Swift names are camelCase, the wire's are
// snake_case; the translation happens here and nowhere else.

extension JSON {
  /// Reads a typed value. Unknown members are ignored; numbers in text and 0/1 for truth values are accepted, as the
  /// stock server does.
  /// - Throws: `FieldError`, which names the field.
  package func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    if Value.self == JSON.self, let value = self as? Value { return value }
    return try Value(from: ValueDecoder(value: self, codingPath: []))
  }

  /// Writes a typed value. Members that are `nil` are left out.
  package init<Value: Encodable>(encoding value: Value) throws {
    if let value = value as? JSON {
      self = value
    } else {
      let encoder = ValueEncoder(codingPath: [])
      try value.encode(to: encoder)
      self = encoder.box.value
    }
  }
}

/// A field of a request that is missing or of the wrong type.
package enum FieldError: Error, Hashable {
  case missing(path: [String])
  case wrongType(path: [String], expected: String, found: JSON)
  case notAChoice(path: [String], value: String)
  /// A value of the right type that cannot be meant; `range` says what can.
  case outOfRange(path: [String], range: String)
}

extension JSON: Codable {
  package init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? ValueDecoder else {
      throw FieldError.wrongType(path: [], expected: "json", found: .null)
    }
    self = decoder.value
  }

  package func encode(to encoder: any Encoder) throws {
    guard let encoder = encoder as? ValueEncoder else {
      throw FieldError.wrongType(path: [], expected: "json", found: self)
    }
    encoder.box.value = self
  }
}

/// A key of the wire: `get_task_info` for a property named `getTaskInfo`.
func wireName(_ name: String) -> String {
  guard name.utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5A }) else { return name }
  var output: [UInt8] = []
  for byte in name.utf8 {
    if byte >= 0x41, byte <= 0x5A {
      output.append(UInt8(ascii: "_"))
      output.append(byte + 0x20)
    } else {
      output.append(byte)
    }
  }
  return String(decoding: output, as: UTF8.self)
}

/// Whether keys are a type's property names, which are translated, and not a dictionary's, which are data: only the
/// latter take any number.
func keysArePropertyNames<Key: CodingKey>(_ type: Key.Type) -> Bool { Key(intValue: 0) == nil }

struct PathKey: CodingKey {
  let stringValue: String
  let intValue: Int?
  init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
  init(intValue: Int) { (stringValue, self.intValue) = (String(intValue), intValue) }
}
