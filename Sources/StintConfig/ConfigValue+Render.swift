extension ConfigValue {
  /// This value as readable HOCON, which parses to the same value. An object at the outermost level has no braces.
  package func rendered() -> String {
    var renderer = Renderer()
    switch self {
    case .object(let object): renderer.writeFields(of: object, indent: "")
    default: renderer.write(self, indent: "")
    }
    return renderer.text
  }
}

private struct Renderer {
  var text = ""
  private static let lineLength = 100

  mutating func writeFields(of object: ConfigObject, indent: String) {
    for (key, value) in object {
      text += indent + Self.key(key)
      if case .object = value { text += " " } else { text += ": " }
      write(value, indent: indent)
      text += "\n"
    }
  }

  mutating func write(_ value: ConfigValue, indent: String) {
    switch value {
    case .null: text += "null"
    case .bool(let bool): text += bool ? "true" : "false"
    case .number(let number): text += number.text
    case .string(let string): text += Self.quoted(string)
    case .array(let elements): write(elements, indent: indent)
    case .object(let object):
      guard object.count > 0 else { return text += "{}" }
      text += "{\n"
      writeFields(of: object, indent: indent + "  ")
      text += indent + "}"
    }
  }

  private mutating func write(_ elements: [ConfigValue], indent: String) {
    if let line = Self.line(elements), indent.count + line.count <= Self.lineLength {
      text += line
      return
    }
    text += "[\n"
    for element in elements {
      text += indent + "  "
      write(element, indent: indent + "  ")
      text += ",\n"
    }
    text += indent + "]"
  }

  /// A list of simple values on one line; nil where one of them is a list or an object.
  private static func line(_ elements: [ConfigValue]) -> String? {
    var parts: [String] = []
    for element in elements {
      switch element {
      case .array, .object: return nil
      case .string(let string): parts.append(quoted(string))
      default: parts.append(element.asString ?? "null")
      }
    }
    return "[\(parts.joined(separator: ", "))]"
  }

  private static func key(_ key: String) -> String {
    let isPlain = key.utf8.allSatisfy { byte in
      byte.isDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
    return isPlain && !key.isEmpty && key != "include" ? key : quoted(key)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\0"..<" ", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
