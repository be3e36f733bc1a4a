import StintModel

/// Reads typed settings out of a configuration. An empty text counts as not set, as it does in existing files.
struct SettingsReader {
  let root: ConfigValue
  let paths: PathExpansion

  func value(_ path: String) -> ConfigValue? {
    switch root[path] {
    case nil, .null, .string(""): nil
    case let value: value
    }
  }

  func string(_ path: String) throws(SettingsError) -> String? {
    try read(path, as: "text", \.asString)
  }

  func secret(_ path: String) throws(SettingsError) -> Secret? {
    try string(path).map(Secret.init)
  }

  func path(_ path: String) throws(SettingsError) -> String? {
    try string(path).map(paths.expand)
  }

  func strings(_ path: String) throws(SettingsError) -> [String]? {
    try read(path, as: "a list of texts", \.asStrings)
  }

  /// A list, or a command line in one text.
  func arguments(_ path: String) throws(SettingsError) -> [String] {
    if case .string(let text) = value(path) { return ShellWords.split(text) }
    return try strings(path) ?? []
  }

  func bool(_ path: String) throws(SettingsError) -> Bool? {
    try read(path, as: "true or false", \.asBool)
  }

  func int(_ path: String) throws(SettingsError) -> Int? {
    try read(path, as: "a whole number", \.asInt)
  }

  func double(_ path: String) throws(SettingsError) -> Double? {
    try read(path, as: "a number", \.asDouble)
  }

  /// A time; a bare number is in seconds.
  func duration(_ path: String) throws(SettingsError) -> Duration? {
    guard let duration = try read(path, as: "a time such as 10s", { $0.asDuration(bareUnit: "s") }) else { return nil }
    guard duration > .zero else { throw wrongType(path, "a time above zero") }
    return duration
  }

  func object(_ path: String) throws(SettingsError) -> ConfigObject? {
    try read(path, as: "an object", \.asObject)
  }

  func array(_ path: String) throws(SettingsError) -> [ConfigValue]? {
    try read(path, as: "a list", \.asArray)
  }

  func wrongType(_ path: String, _ expected: String) -> SettingsError {
    let value = value(path) ?? .null
    var found = value.kind
    if let text = value.asString, !SecretMask.hides(name: path), text.count <= 80 {
      found = "\"\(SecretMask.masked(text))\""
    }
    return .wrongType(path: path, expected: expected, found: found)
  }

  private func read<T>(
    _ path: String, as expected: String, _ convert: (ConfigValue) -> T?
  ) throws(SettingsError) -> T? {
    guard let value = value(path) else { return nil }
    guard let typed = convert(value) else { throw wrongType(path, expected) }
    return typed
  }
}

/// Expands `~` and `$NAME` in file names, against an environment that is passed in.
package struct PathExpansion: Sendable {
  private let environment: [String: String]

  /// Expands with these variables, HOME among them.
  package init(environment: [String: String]) {
    self.environment = environment
  }

  /// The path with a leading `~` and any `$NAME` or `${NAME}` replaced; unknown names stay.
  package func expand(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = environment["HOME"] else {
      return Substitution.expand(path, with: environment)
    }
    return home + Substitution.expand(path.dropFirst(), with: environment)
  }
}

/// Splits a command line into words as a POSIX shell does, without expanding anything.
package enum ShellWords {
  /// The words; an open quote ends with the text.
  package static func split(_ text: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var characters = text.makeIterator()
    while let character = characters.next() {
      switch (character, quote) {
      case (let character, let open?) where character == open:
        quote = nil
      case ("\\", nil), ("\\", "\""):
        guard let next = characters.next() else { break }
        let isLiteral = quote != nil && !"\"\\$`".contains(next)
        word = (word ?? "") + (isLiteral ? "\\" : "") + String(next)
      case ("'", nil), ("\"", nil):
        quote = character
        word = word ?? ""
      case (let character, nil) where character.isWhitespace:
        if let finished = word { words.append(finished) }
        word = nil
      default:
        word = (word ?? "") + String(character)
      }
    }
    return words + [word].compactMap { $0 }
  }
}
