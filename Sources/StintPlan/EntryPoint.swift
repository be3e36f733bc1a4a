import StintModel

/// What the interpreter or program is told to run.
package struct EntryPoint: Sendable, Equatable {
  /// The arguments after the interpreter's own.
  package var arguments: [String]
  /// The file it runs, relative to the code folder; nil for a module or a command.
  package var file: String?
  /// The same text with the file's name ending at the first space, where there is one.
  package var withArguments: Split?
  /// Whether `$NAME` in the arguments stands for a variable.
  package var expandsVariables = false

  /// A file and its arguments.
  package struct Split: Sendable, Equatable {
    package var file: String
    package var arguments: [String]
  }
}

extension EntryPoint {
  /// The same where only the file's name up to the first space is the name of a file.
  package var splitAtSpaces: EntryPoint? {
    withArguments.map { EntryPoint(arguments: $0.arguments, file: $0.file) }
  }

  /// The arguments, with variables as a shell would put them in.
  package func expanded(with variables: [String: String]) -> [String] {
    guard expandsVariables else { return arguments }
    return arguments.map { Substitution.expand($0, with: variables) }
  }
}

/// What the record's `entry_point` means.
struct EntryPointReader {
  let workingDirectory: String
  /// Whether the record holds the script's text, too.
  let hasText: Bool
  /// The program that is no Python, if it is one.
  let program: String?

  /// The record's own file, where it holds a text without a file to put it in.
  static let unnamedScript = "script.py"

  private var isShell: Bool {
    guard let name = program?.split(separator: "/").last else { return false }
    return ["sh", "bash", "zsh", "dash", "ksh"].contains(name)
  }

  /// `a.py` is a file with that name, spaces and all; `-m package.module words` is split as a shell would.
  func read(_ text: String) throws(PlanError) -> EntryPoint {
    let text = text.trimmed
    if text.utf8.contains(0) { throw .malformed(field: "entry_point", value: text, reason: "it holds a NUL character") }
    if text.isEmpty {
      guard hasText else { throw .noEntryPoint }
      return EntryPoint(arguments: [Self.unnamedScript], file: join(Self.unnamedScript))
    }
    if text == "-m" || text.hasPrefix("-m ") { return try module(text) }
    if isShell, text.hasPrefix("-c ") {
      return EntryPoint(arguments: ["-c", text.dropFirst("-c ".count).trimmed])
    }
    if text.hasPrefix("-") {
      throw .malformed(field: "entry_point", value: text, reason: "only `-m module` may begin with `-`")
    }
    let split = try splitAtSpaces(text)
    // What has to be written cannot be looked for.
    if hasText, let split, split.file.hasSuffix(".py") || split.file.hasSuffix(".sh") {
      return EntryPoint(arguments: split.arguments, file: split.file)
    }
    return EntryPoint(arguments: [text], file: try inside(text), withArguments: split)
  }

  private func module(_ text: String) throws(PlanError) -> EntryPoint {
    guard let words = ShellWords.split(text), words.count > 1 else {
      throw .malformed(field: "entry_point", value: text, reason: "`-m` must be followed by a module's name")
    }
    return EntryPoint(arguments: words, file: nil, expandsVariables: text.contains("$"))
  }

  private func splitAtSpaces(_ text: String) throws(PlanError) -> EntryPoint.Split? {
    guard let words = ShellWords.split(text), words.count > 1 else { return nil }
    return EntryPoint.Split(file: try inside(words[0]), arguments: words)
  }

  private func inside(_ name: String) throws(PlanError) -> String {
    guard !name.hasPrefix("/"), let path = normalized(join(name)), path != "." else {
      throw .outside(field: "entry_point", path: name)
    }
    return path
  }

  private func join(_ name: String) -> String { workingDirectory == "." ? name : "\(workingDirectory)/\(name)" }
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
