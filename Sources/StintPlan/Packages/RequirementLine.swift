/// One line of a requirements file, with comments gone and continuations joined.
enum RequirementLine: Equatable {
  /// A package from an index, an address or a version control system.
  case package(String)
  /// A package whose code lies on this machine; `line` as it is written, without `-e`.
  case local(path: String, line: String, isEditable: Bool)
  /// An option and its value, as `--index-url https://…`; the value may be empty.
  case option(String, String)

  init(_ line: String) {
    guard line.hasPrefix("-") else {
      self = Self.localPath(line).map { .local(path: $0, line: line, isEditable: false) } ?? .package(line)
      return
    }
    let end = line.firstIndex { $0 == " " || $0 == "=" || $0 == "\t" } ?? line.endIndex
    var name = String(line[..<end])
    var value = line[end...].drop { $0 == " " || $0 == "=" || $0 == "\t" }.trimmed
    // `-ehere` and `-rfile` are one word.
    if name.count > 2, !name.hasPrefix("--") {
      value = (name.dropFirst(2) + (value.isEmpty ? "" : " \(value)")).trimmed
      name = String(name.prefix(2))
    }
    guard name == "-e" || name == "--editable" else {
      self = .option(Self.longNames[name] ?? name, value)
      return
    }
    if Self.isRemote(value) {
      // An editable checkout is for people who edit it.
      self = .package(value)
    } else {
      let path = Self.localPath(value) ?? String(value.prefix { $0 != "[" && $0 != ";" && $0 != "#" }).trimmed
      self = .local(path: path, line: value, isEditable: true)
    }
  }

  private static let longNames = [
    "-i": "--index-url", "--pypi-url": "--index-url", "-f": "--find-links", "-r": "--requirement",
    "-c": "--constraint",
  ]

  /// The lines of a text that say something.
  static func lines(of text: String) -> [String] {
    var lines: [String] = []
    var continued = ""
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if line.hasSuffix("\\") {
        continued += line.dropLast()
        continue
      }
      lines.append(withoutComment(continued + line))
      continued = ""
    }
    lines.append(withoutComment(continued))
    return lines.filter { !$0.isEmpty }
  }

  /// A `#` begins a comment at the start of a line and after a space; elsewhere it is part of an address.
  private static func withoutComment(_ line: String) -> String {
    var previous: Character = " "
    var kept = ""
    for character in line {
      if character == "#", previous.isWhitespace { break }
      kept.append(character)
      previous = character
    }
    return kept.trimmed
  }

  /// The path that a requirement names, without extras, markers and `file://`; nil for a name or an address.
  private static func localPath(_ line: String) -> String? {
    var text = line[...]
    if let at = line.firstIndex(of: "@"), name(of: line) != nil { text = line[line.index(after: at)...] }
    text = text.drop(while: \.isWhitespace)
    text = text.prefix { !$0.isWhitespace && $0 != ";" && $0 != "#" && $0 != "[" }
    if text.hasPrefix("file:") {
      text = text.dropFirst("file:".count)
      if text.hasPrefix("//") { text = text.dropFirst(2).drop { $0 != "/" } }
      return text.isEmpty ? nil : String(text)
    }
    guard !isRemote(String(text)) else { return nil }
    let isPath = text.hasPrefix(".") || text.contains("/")
    return isPath || [".whl", ".tar.gz", ".zip"].contains(where: text.hasSuffix) ? String(text) : nil
  }

  private static func isRemote(_ text: String) -> Bool {
    let scheme = text.prefix { $0.isLetter || $0.isNumber || $0 == "+" }
    return text.dropFirst(scheme.count).hasPrefix("://") && !scheme.isEmpty && scheme != "file"
      || text.hasPrefix("git+")
  }
}

extension RequirementLine {
  /// The normalized name of the package that a line asks for; nil where only an address or a path is given.
  static func name(of line: String) -> String? {
    if let egg = line.firstRange(of: "#egg=") { return name(of: String(line[egg.upperBound...])) }
    let name = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) || "._-".contains($0) }
    guard let first = name.first, first.isLetter || first.isNumber, let last = name.last, !".-_".contains(last) else {
      return nil
    }
    let rest = line.dropFirst(name.count).drop(while: \.isWhitespace)
    guard rest.isEmpty || "[=<>!~;@(-".contains(rest.first ?? " ") else { return nil }
    // Runs of `-`, `_` and `.` are one `-`.
    return name.lowercased().split { "._-".contains($0) }.joined(separator: "-")
  }

  /// What follows the package's name and extras, without a marker: `==2.1.0+cu118`.
  static func specifier(of line: String) -> String {
    let rest = line.drop { !"[=<>!~;@".contains($0) }
    let afterExtras = rest.hasPrefix("[") ? rest.drop { $0 != "]" }.dropFirst() : rest
    return afterExtras.prefix { $0 != ";" && $0 != "@" }.trimmed
  }
}
