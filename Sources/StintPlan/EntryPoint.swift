/// What the interpreter is told to run.
struct EntryPoint {
  /// The arguments after the interpreter's own.
  let arguments: [String]
  /// The file it runs, relative to the code folder; for a module the script among its arguments, if any.
  let file: String?
  /// Whether it is a module that runs.
  let isModule: Bool

  /// `a.py` is a file with that name, spaces and all; `-m package.module words` is split as a shell would.
  init(_ text: String, in workingDirectory: String, hasText: Bool) throws(PlanError) {
    let text = text.trimmed
    if text.utf8.contains(0) { throw .malformed(field: "entry_point", value: text, reason: "it holds a NUL character") }
    if text.isEmpty {
      guard hasText else { throw .noEntryPoint }
      (arguments, isModule) = (["script.py"], false)
      file = Self.join(workingDirectory, "script.py")
    } else if text == "-m" || text.hasPrefix("-m ") {
      guard let words = ShellWords.split(text), words.count > 1 else {
        throw .malformed(field: "entry_point", value: text, reason: "`-m` must be followed by a module's name")
      }
      (arguments, isModule) = (words, true)
      let script = words.first { $0.hasSuffix(".py") }
      file = try script.map { name throws(PlanError) in try Self.inside(name, workingDirectory) }
    } else {
      if text.hasSuffix(".ipynb") { throw .notebook(text) }
      if text.hasPrefix("-") {
        throw .malformed(field: "entry_point", value: text, reason: "only `-m module` may begin with `-`")
      }
      (arguments, isModule) = ([text], false)
      file = try Self.inside(text, workingDirectory)
    }
  }

  private static func inside(_ name: String, _ workingDirectory: String) throws(PlanError) -> String {
    guard !name.hasPrefix("/"), let path = normalized(join(workingDirectory, name)), path != "." else {
      throw .outside(field: "entry_point", path: name)
    }
    return path
  }

  private static func join(_ folder: String, _ name: String) -> String { folder == "." ? name : "\(folder)/\(name)" }
}

/// A relative path without `.`, `..` and doubled slashes; nil where it leaves its root.
func normalized(_ path: String) -> String? {
  var parts: [Substring] = []
  for part in path.split(separator: "/") where part != "." {
    if part == ".." {
      if parts.popLast() == nil { return nil }
    } else {
      parts.append(part)
    }
  }
  return parts.isEmpty ? "." : parts.joined(separator: "/")
}

extension StringProtocol {
  /// The text without white space at both ends.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return ""
    }
    return String(self[first...last])
  }
}
