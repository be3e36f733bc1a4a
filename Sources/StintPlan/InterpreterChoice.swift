/// Which interpreter or program runs the entry point, from what the record's `binary` asks for.
struct InterpreterChoice {
  /// The interpreter to make the environment with.
  let python: String
  /// What is used where this machine has no such interpreter.
  let fallback: String?
  /// What runs the entry point, where it is not Python.
  let program: String?
  /// Its arguments in front of the entry point.
  let arguments: [String]

  init(binary: String, settings: PlanSettings) throws(PlanError) {
    guard let words = ShellWords.split(binary), !binary.utf8.contains(0) else {
      throw .malformed(field: "binary", value: binary, reason: "its quotes do not match")
    }
    arguments = Array(words.dropFirst())
    guard let first = words.first else {
      (python, fallback, program) = (settings.python, nil, nil)
      return
    }
    let name = first.split(separator: "/").last.map(String.init) ?? first
    guard name.hasPrefix("python") else {
      (python, fallback, program) = (settings.python, nil, first)
      return
    }
    program = nil
    let numbers = name.dropFirst("python".count).split(separator: ".")
    guard numbers.count > 1, numbers.allSatisfy({ Int($0) != nil }), !settings.ignoresRequestedVersion else {
      (python, fallback) = (settings.python, nil)
      return
    }
    (python, fallback) = ("python\(numbers.prefix(2).joined(separator: "."))", settings.python)
  }
}
