/// Names of variables in a text, as shells write them.
package enum Substitution {
  /// `text` with `$NAME` and `${NAME}` replaced; unknown names stay.
  package static func expand(_ text: some StringProtocol, with variables: [String: String]) -> String {
    var expanded = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      expanded += rest[..<dollar]
      let after = rest[rest.index(after: dollar)...]
      let isBraced = after.first == "{"
      let name = (isBraced ? after.dropFirst() : after).prefix {
        $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber))
      }
      let tail = after[name.endIndex...]
      if let value = variables[String(name)], !isBraced || tail.first == "}" {
        expanded += value
        rest = isBraced ? tail.dropFirst() : tail
      } else {
        expanded += "$"
        rest = after
      }
    }
    return expanded + rest
  }
}
