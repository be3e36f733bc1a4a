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

  private static func maskedWord(_ word: Substring) -> Substring {
    if let equals = word.firstIndex(of: "=") {
      let name = word[..<equals]
      let value = word[word.index(after: equals)...]
      guard !value.isEmpty else { return word }
      if hides(name: String(name)) { return name + "=" + text }
      return name + "=" + maskedWord(value)
    }
    return maskedURL(word)
  }

  private static func maskedURL(_ url: Substring) -> Substring {
    guard let slashes = url.firstRange(ofASCII: "://") else { return url }
    let authority = url[slashes.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@") else { return url }
    return url[..<slashes.upperBound] + text + maskedURL(url[at...])
  }
}

extension ConfigValue {
  /// The same value with everything secret in it replaced by `****`.
  package var masked: ConfigValue { masked(hidesAll: false) }

  private func masked(hidesAll: Bool) -> ConfigValue {
    switch self {
    case .null, .bool, .string(""):
      return self
    case .number:
      return hidesAll ? .string(SecretMask.text) : self
    case .string(let text):
      return .string(hidesAll ? SecretMask.text : SecretMask.masked(text))
    case .array(let elements):
      return .array(elements.map { $0.masked(hidesAll: hidesAll) })
    case .object(let object):
      return .object(
        object.mapValues { key, value in
          value.masked(hidesAll: hidesAll || Self.hidesContent(of: key, value))
        })
    }
  }

  /// An object called `credentials` has parts with names of their own; environment variables and file contents do not say
  /// by their name whether they are secret.
  private static func hidesContent(of key: String, _ value: ConfigValue) -> Bool {
    if key == "environment" || key == "contents" { return true }
    if case .object = value { return false }
    if case .array(let elements) = value, elements.contains(where: { $0.asObject != nil }) { return false }
    return SecretMask.hides(name: key)
  }
}

extension Substring {
  fileprivate func firstRange(ofASCII text: String) -> Range<Index>? {
    var start = startIndex
    while let colon = self[start...].firstIndex(where: { $0 == text.first }) {
      if self[colon...].hasPrefix(text) { return colon..<index(colon, offsetBy: text.count) }
      start = index(after: colon)
    }
    return nil
  }
}
