/// Questions to a person at the terminal, or to whatever is piped in.
struct Prompt {
  /// The answer without the white space around it, or `standard` for an empty one; nil at the end of the input.
  func ask(_ question: String, standard: String? = nil) -> String? {
    print("\(question)\(standard.map { " [\($0)]" } ?? ""): ", terminator: "")
    flushOutput()
    return answer(readLine(), standard: standard)
  }

  /// Asks for something that nobody shall see.
  func askSecret(_ question: String) -> String? {
    flushOutput()
    return answer(readHiddenLine("\(question) (it is not shown): "))
  }

  /// Asks until there is an answer.
  /// - Throws: `CommandError` at the end of the input.
  func require(_ question: String, standard: String? = nil, isSecret: Bool = false) throws -> String {
    while true {
      guard let line = isSecret ? askSecret(question) : ask(question, standard: standard) else {
        throw CommandError("the input ended before this was answered: \(question). No file was written.")
      }
      if !line.isEmpty { return line }
    }
  }

  /// Lines up to the one after which `isComplete`, or to an empty one behind others, or to the end of the input.
  func paste(until isComplete: (String) -> Bool) -> String {
    var text = ""
    while let line = readLine() {
      if line.allSatisfy(\.isWhitespace) {
        if text.isEmpty { return "" }
        if !text.contains("{") { break }
      }
      text += line + "\n"
      if isComplete(text) { break }
    }
    return text
  }

  private func answer(_ line: String?, standard: String? = nil) -> String? {
    guard let line else { return nil }
    let words = line.drop { $0.isWhitespace }
    let end = words.lastIndex { !$0.isWhitespace }.map { words.index(after: $0) } ?? words.startIndex
    return words.isEmpty ? standard ?? "" : String(words[..<end])
  }
}
