import StintWire

/// Turns a task's record into a plan. Pure: the same record, settings and machine give the same plan.
///
///     let plan = try Planner.plan(task: record, settings: settings, machine: facts)
///     print(plan.listing)
package enum Planner {
  /// The plan for `task`.
  package static func plan(
    task: TaskRecord, settings: PlanSettings, machine: MachineFacts
  ) throws(PlanError) -> Plan {
    let script = task.script ?? Script()
    let repository = try field("repository", script.repository)
    let workingDirectory = try folder(script.workingDir ?? "")
    let change = try Change(script.diff ?? "", inRepository: !repository.isEmpty)
    if repository.isEmpty, case .none = change { throw .noCode }
    let interpreter = try InterpreterChoice(binary: script.binary ?? "", settings: settings, machine: machine)
    let entry = try EntryPoint(script.entryPoint ?? "", in: workingDirectory, hasText: change.isScript)

    var steps: [Plan.Step] = []
    if !repository.isEmpty {
      steps.append(
        .fetchCode(
          CodeSource(
            repository: repository, branch: try reference("branch", script.branch),
            tag: try reference("tag", script.tag),
            commit: try reference("version_num", script.versionNum))))
    }
    switch change {
    case .none: break
    case .diff(let text): steps.append(.applyDiff(text))
    case .script(let text): steps.append(.writeScript(path: entry.file ?? "script.py", text: text))
    }
    steps.append(
      .environment(
        try environment(
          script.requirements, interpreter: interpreter, settings: settings, machine: machine,
          workingDirectory: repository.isEmpty ? nil : workingDirectory)))
    steps.append(
      .run(
        Launch(
          program: interpreter.program, file: entry.isModule ? nil : entry.file,
          arguments: interpreter.arguments + (interpreter.program == nil ? ["-u"] : []) + entry.arguments,
          workingDirectory: workingDirectory, pythonPath: workingDirectory == "." ? ["."] : [workingDirectory, "."],
          environment: variables(task: task.id, settings: settings))))
    return Plan(task: task.id, steps: steps, notes: interpreter.notes)
  }

  private static func environment(
    _ recorded: [String: JSON]?, interpreter: InterpreterChoice, settings: PlanSettings, machine: MachineFacts,
    workingDirectory: String?
  ) throws(PlanError) -> EnvironmentRequest {
    var sources = settings.sources
    let requirements: EnvironmentRequest.Requirements
    let repositoryWins = settings.prefersRepositoryRequirements && workingDirectory != nil
    if !repositoryWins, let recorded = try RequirementList(recorded) {
      sources.add(recorded.sources)
      requirements = .listed(recorded.packages)
    } else if let workingDirectory {
      let candidates = workingDirectory == "." ? ["."] : [workingDirectory, "."]
      requirements = .file(candidates: candidates.map { $0 == "." ? "requirements.txt" : "\($0)/requirements.txt" })
    } else {
      requirements = .listed([])
    }
    return EnvironmentRequest(
      python: interpreter.python, requirements: requirements,
      installer: settings.installer ?? (machine.hasUV ? .uv : .pip), sources: sources,
      seesSystemPackages: settings.seesSystemPackages)
  }

  private static func variables(task: String, settings: PlanSettings) -> [String: String] {
    var variables = ["PYTHONUNBUFFERED": "1", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"]
    let named = [
      "TASK_ID": task, "WORKER_ID": settings.workerID, "LOG_LEVEL": settings.logLevel, "LOG_TASK_TO_BACKEND": "0",
    ]
    for (name, value) in named where !value.isEmpty {
      variables["CLEARML_\(name)"] = value
      variables["TRAINS_\(name)"] = value
    }
    if settings.cpuOnly {
      variables["CUDA_VISIBLE_DEVICES"] = ""
      variables["NVIDIA_VISIBLE_DEVICES"] = "none"
    }
    return variables
  }

  private static func folder(_ path: String) throws(PlanError) -> String {
    let path = try field("working_dir", path)
    // Records made on Windows or by hand may say "" or "/": the repository itself.
    let relative = path == "/" ? "." : path
    guard !relative.hasPrefix("/"), let normal = normalized(relative) else {
      throw .outside(field: "working_dir", path: path)
    }
    return normal
  }

  /// A branch, tag or commit: nil where it is empty.
  private static func reference(_ name: String, _ value: String?) throws(PlanError) -> String? {
    let value = try field(name, value)
    if value.hasPrefix("-") {
      throw .malformed(field: name, value: value, reason: "a git reference cannot begin with `-`")
    }
    return value.isEmpty ? nil : value
  }

  /// A text of the record without the space around it.
  private static func field(_ name: String, _ value: String?) throws(PlanError) -> String {
    let value = (value ?? "").trimmed
    if name == "repository", value.hasPrefix("-") {
      throw .malformed(field: name, value: value, reason: "an address cannot begin with `-`")
    }
    if value.utf8.contains(0) { throw .malformed(field: name, value: value, reason: "it holds a NUL character") }
    return value
  }
}

/// What the record's `diff` is.
private enum Change {
  case none
  case diff(String)
  case script(String)

  var isScript: Bool { if case .script = self { true } else { false } }

  init(_ text: String, inRepository: Bool) throws(PlanError) {
    if text.utf8.contains(0) { throw .malformed(field: "diff", value: "…", reason: "it holds a NUL character") }
    let start = text.drop { $0.isWhitespace }
    if start.isEmpty {
      self = .none
    } else if inRepository, start.hasPrefix("diff ") || start.hasPrefix("Submodule ") {
      self = .diff(text)
    } else {
      self = .script(text)
    }
  }
}
