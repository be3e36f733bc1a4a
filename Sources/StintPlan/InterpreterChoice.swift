/// Which interpreter or program runs the entry point, from what the record's `binary` asks for and the machine has.
struct InterpreterChoice {
  /// The interpreter to make the environment with.
  let python: String
  /// What runs the entry point, where it is not Python.
  let program: String?
  /// Its arguments in front of the entry point.
  let arguments: [String]
  /// What was decided differently from the record.
  let notes: [String]

  init(binary: String, settings: PlanSettings, machine: MachineFacts) throws(PlanError) {
    guard let words = ShellWords.split(binary), !binary.utf8.contains(0) else {
      throw .malformed(field: "binary", value: binary, reason: "its quotes do not match")
    }
    arguments = Array(words.dropFirst())
    guard let first = words.first else {
      (python, program, notes) = (settings.python, nil, [])
      return
    }
    let name = first.split(separator: "/").last.map(String.init) ?? first
    guard name.hasPrefix("python") else {
      (python, program, notes) = (settings.python, first, [])
      return
    }
    program = nil
    let numbers = name.dropFirst("python".count).split(separator: ".")
    guard numbers.count > 1, numbers.allSatisfy({ Int($0) != nil }), !settings.ignoresRequestedVersion else {
      (python, notes) = (settings.python, [])
      return
    }
    let version = numbers.prefix(2).joined(separator: ".")
    if machine.pythonVersions.contains(version) {
      (python, notes) = ("python\(version)", [])
    } else {
      python = settings.python
      notes = ["Python \(version), which the task was made with, is not on this machine; \(settings.python) is used."]
    }
  }
}
