/// Decides what in a configuration is secret, and hides it.
package enum SecretMask {
  /// What stands in place of a secret.
  package static let text = "****"

  /// Whether a setting or an environment variable of this name holds a secret.
  package static func hides(name: String) -> Bool {
    let name = name.lowercased()
    if ["secret", "passw", "passphrase", "token", "credential", "apikey"].contains(where: name.contains) {
      return !["_sec", "_seconds"].contains(where: name.hasSuffix)
    }
    let words = name.split { !$0.isLetter }
    return words.contains("pass") || words.contains("pat") || words.last == "key"
  }

  /// The text with credentials in URLs and `NAME=secret` arguments replaced.
  package static func masked(_ text: String) -> String {
    var parts: [Substring] = []
    var rest = text[...]
    while let space = rest.firstIndex(where: \.isWhitespace) {
      parts.append(maskedWord(rest[..<space]))
      parts.append(rest[space...space])
      rest = rest[rest.index(after: space)...]
    }
    parts.append(maskedWord(rest))
    return parts.joined()
  }

  /// The passwords in the URLs of a text.
  package static func passwords(in text: String) -> [String] {
    text.split { $0.isWhitespace || $0 == "," }.compactMap { word in
      guard let scheme = word.firstRange(of: "://") else { return nil }
      let authority = word[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      guard let at = authority.lastIndex(of: "@") else { return nil }
      let login = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      // Where there is no password, a token stands in the user's place.
      return login.last.map(String.init)
    }
  }

  private static func maskedWord(_ word: Substring) -> Substring {
    let word = maskedURLs(word)
    var start = word.startIndex
    while let equals = word[start...].firstIndex(of: "=") {
      let value = word.index(after: equals)
      guard value < word.endIndex else { break }
      if hides(name: String(word[start..<equals])) { return word[..<value] + text }
      start = value
    }
    return word
  }

  private static func maskedURLs(_ word: Substring) -> Substring {
    var masked = ""
    var rest = word
    while let colon = rest.firstIndex(of: ":") {
      let after = rest[rest.index(after: colon)...]
      guard after.hasPrefix("//") else {
        masked += rest[...colon]
        rest = after
        continue
      }
      let authority = after.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      guard let at = authority.lastIndex(of: "@") else {
        masked += rest[..<authority.endIndex]
        rest = rest[authority.endIndex...]
        continue
      }
      masked += rest[...colon] + "//" + text
      rest = rest[at...]
    }
    return Substring(masked + rest)
  }
}

extension ConfigValue {
  /// The same value with everything secret in it replaced by `****`.
  package var masked: ConfigValue { masked(.nothing) }

  private enum Hiding {
    case nothing
    /// Simple values, while the fields of objects are judged by their names.
    case simpleValues
    case everything
  }

  private func masked(_ hiding: Hiding) -> ConfigValue {
    switch self {
    case .null, .bool, .string(""):
      return self
    case .number:
      return hiding == .nothing ? self : .string(SecretMask.text)
    case .string(let text):
      return .string(hiding == .nothing ? SecretMask.masked(text) : SecretMask.text)
    case .array(let elements):
      return .array(elements.map { $0.masked(hiding) })
    case .object(let object):
      return .object(
        object.mapValues { key, value in
          value.masked(hiding == .everything ? .everything : Self.hiding(below: key))
        })
    }
  }

  /// Environment variables and file contents do not say by their name whether they are secret.
  private static func hiding(below key: String) -> Hiding {
    if key == "environment" || key == "contents" { return .everything }
    guard SecretMask.hides(name: key) else { return .nothing }
    return key.lowercased().contains("credential") ? .simpleValues : .everything
  }
}
