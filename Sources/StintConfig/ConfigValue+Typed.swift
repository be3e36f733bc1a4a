extension ConfigValue {
  /// Text, or the text of a number or a boolean; nil for null, lists and objects.
  package var asString: String? {
    switch self {
    case .string(let text): text
    case .number(let number): number.text
    case .bool(let bool): bool ? "true" : "false"
    case .null, .array, .object: nil
    }
  }

  /// A boolean, or what people write for one: yes, no, on, off, 1, 0.
  package var asBool: Bool? {
    switch self {
    case .bool(let bool): bool
    case .number(let number): number.double != 0
    case .string(let text):
      switch text.lowercased() {
      case "true", "yes", "on", "y", "t", "1": true
      case "false", "no", "off", "n", "f", "0": false
      default: nil
      }
    case .null, .array, .object: nil
    }
  }

  /// A whole number, also from text.
  package var asInt: Int? { asNumber?.int }

  /// A number, also from text.
  package var asDouble: Double? { asNumber?.double }

  /// The elements of a list.
  package var asArray: [ConfigValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The fields of an object.
  package var asObject: ConfigObject? {
    guard case .object(let object) = self else { return nil }
    return object
  }

  /// A list of simple values as text; a single one counts as a list of one.
  package var asStrings: [String]? {
    guard case .array(let elements) = self else { return asString.map { [$0] } }
    let strings = elements.compactMap(\.asString)
    return strings.count == elements.count ? strings : nil
  }

  /// A size such as `512MB` (powers of ten) or `2GiB`, `2g` (powers of two); a bare number is in bytes.
  package var asBytes: Int? {
    guard let (amount, unit) = asQuantity, let scale = Units.bytes(unit) else { return nil }
    return Int(exactly: (amount * scale).rounded())
  }

  /// A time such as `10s` or `5 minutes`; a bare number is in `unit`, by default the milliseconds of HOCON.
  package func asDuration(bareUnit: String = "ms") -> Duration? {
    guard let (amount, unit) = asQuantity, let scale = Units.seconds(unit.isEmpty ? bareUnit : unit) else { return nil }
    let seconds = amount * scale
    guard seconds.magnitude < 1e12 else { return nil }
    return .seconds(seconds)
  }

  /// What kind of value this is, in words for an error message.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  private var asNumber: ConfigNumber? {
    switch self {
    case .number(let number): number
    case .string(let text): ConfigNumber(text.trimmed)
    case .null, .bool, .array, .object: nil
    }
  }

  private var asQuantity: (amount: Double, unit: String)? {
    guard let text = asString?.trimmed else { return nil }
    let unitLength = text.reversed().prefix { $0.isLetter }.count
    guard let number = ConfigNumber(String(text.dropLast(unitLength)).trimmed) else { return nil }
    return (number.double, String(text.suffix(unitLength)))
  }
}

private enum Units {
  static func seconds(_ unit: String) -> Double? {
    switch unit {
    case "ns", "nano", "nanos", "nanosecond", "nanoseconds": 1e-9
    case "us", "micro", "micros", "microsecond", "microseconds": 1e-6
    case "ms", "milli", "millis", "millisecond", "milliseconds": 1e-3
    case "s", "sec", "second", "seconds": 1
    case "m", "min", "minute", "minutes": 60
    case "h", "hour", "hours": 3600
    case "d", "day", "days": 86400
    case "w", "week", "weeks": 604_800
    default: nil
    }
  }

  static func bytes(_ unit: String) -> Double? {
    if ["", "b", "B", "byte", "bytes"].contains(unit) { return 1 }
    let names = ["kilo", "mega", "giga", "tera", "peta", "exa"]
    let binaryNames = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi"]
    for (index, letter) in ["K", "M", "G", "T", "P", "E"].enumerated() {
      var (decimal, binary) = (1.0, 1.0)
      for _ in 0...index { (decimal, binary) = (decimal * 1000, binary * 1024) }
      switch unit {
      case "\(letter)B", "\(letter.lowercased())B", "\(names[index])byte", "\(names[index])bytes": return decimal
      case letter, letter.lowercased(), "\(letter)i", "\(letter)iB": return binary
      case "\(binaryNames[index])byte", "\(binaryNames[index])bytes": return binary
      default: continue
      }
    }
    return nil
  }
}

extension StringProtocol {
  /// Without the white space around it.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
