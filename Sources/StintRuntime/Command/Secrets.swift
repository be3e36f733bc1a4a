/// Hides what must not reach a log: the user part of addresses such as `https://user:password@host/`.
enum Secrets {
  static func mask(_ text: String) -> String {
    guard text.contains("://") else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "://") {
      result += rest[..<start.upperBound]
      rest = rest[start.upperBound...]
      let authority = rest.prefix { !"/?# \t\"'<>".contains($0) }
      if let at = authority.lastIndex(of: "@") {
        result += "****"
        rest = rest[at...]
      }
    }
    return result + rest
  }
}
