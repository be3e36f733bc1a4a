import StintWire

/// Turns a task's record into a plan. Pure: the same record and settings give the same plan.
///
///     let plan = try Planner.plan(task: record, settings: settings)
///     print(plan.listing)
package enum Planner {
  /// The plan for `task`.
  package static func plan(task: TaskRecord, settings: PlanSettings) throws(PlanError) -> Plan {
    let script = try forced(task.script ?? Script(), settings)
    let repository = try field("repository", script.repository)
    let workingDirectory = try folder(script.workingDir ?? "")
    let interpreter = try InterpreterChoice(binary: script.binary ?? "", settings: settings)
    let change = try Change(script.diff ?? "", inRepository: !repository.isEmpty)
    if settings.codeFolder == nil, repository.isEmpty, case .none = change { throw .noCode }
    var entry = try EntryPointReader(
      workingDirectory: workingDirectory, hasText: settings.codeFolder == nil && change.isScript,
      program: interpreter.program
    ).read(script.entryPoint ?? "")

    var steps: [Plan.Step] = []
    if settings.codeFolder == nil {
      if !repository.isEmpty { steps.append(.fetchCode(try source(script, repository: repository))) }
      switch change {
      case .none: break
      case .diff(let text): steps.append(.applyDiff(text))
      case .script(let text):
        steps.append(.writeScript(path: entry.file ?? EntryPointReader.unnamedScript, text: text))
      }
    }
    let notebook = entry.file.flatMap { $0.lowercased().hasSuffix(".ipynb") ? $0 : nil }
    if let notebook {
      steps.append(.convertNotebook(path: notebook))
      entry = Notebook.script(of: entry)
    }
    if settings.forcesTaskInit, interpreter.program == nil, let file = entry.file {
      steps.append(.addTaskInit(path: file))
    }
    steps.append(
      .environment(
        try environment(
          script, interpreter: interpreter, settings: settings, entry: entry, isNotebook: notebook != nil,
          workingDirectory: workingDirectory, hasFiles: !repository.isEmpty || settings.codeFolder != nil)))
    steps.append(
      .run(
        Launch(
          program: interpreter.program, entry: entry,
          options: interpreter.arguments + (interpreter.program == nil ? ["-u"] : []),
          workingDirectory: workingDirectory,
          pythonPath: workingDirectory == "." || settings.addsRootOnly ? ["."] : [workingDirectory, "."],
          environment: variables(task: task.id, settings: settings))))
    return Plan(task: task.id, codeFolder: settings.codeFolder, steps: steps)
  }

  /// The script with the entry point that the settings force upon it.
  private static func forced(_ script: Script, _ settings: PlanSettings) throws(PlanError) -> Script {
    guard let forced = settings.entryPoint else { return script }
    var script = script
    let parts = forced.split(separator: ":", maxSplits: 1).map(String.init)
    script.entryPoint = parts.last
    script.workingDir = parts.count > 1 ? parts[0] : "."
    return script
  }

  private static func source(_ script: Script, repository: String) throws(PlanError) -> CodeSource {
    CodeSource(
      repository: repository, branch: try reference("branch", script.branch), tag: try reference("tag", script.tag),
      commit: try reference("version_num", script.versionNum))
  }

  private static func environment(
    _ script: Script, interpreter: InterpreterChoice, settings: PlanSettings, entry: EntryPoint, isNotebook: Bool,
    workingDirectory: String, hasFiles: Bool
  ) throws(PlanError) -> EnvironmentRequest {
    let recorded = script.requirements
    var listed = settings.packages.prefersOriginal ? try RequirementList.text(of: recorded?["org_pip"]) : nil
    if listed == nil { listed = try RequirementList.text(of: recorded?["pip"]) }
    var place = settings.place
    // A program without packages and without files that may list some needs no Python at all.
    if interpreter.program != nil, listed == nil, !hasFiles { place = .nowhere }
    return EnvironmentRequest(
      python: interpreter.python, fallback: interpreter.fallback, place: place, recorded: listed,
      recordedConda: try RequirementList.text(of: recorded?["conda"]),
      requirementFolders: hasFiles ? folders(downTo: entry.file, in: workingDirectory) : [],
      additional: (isNotebook ? Notebook.packages : []) + (settings.forcesTaskInit ? ["clearml"] : []),
      rules: settings.packages, sources: settings.sources)
  }

  /// The folders from the root to the working folder and on to the script's.
  private static func folders(downTo file: String?, in workingDirectory: String) -> [String] {
    let scriptFolder = file.flatMap { name in name.lastIndex(of: "/").map { name[..<$0] } } ?? "."
    var folders = ["."]
    for end in [workingDirectory[...], scriptFolder] where end != "." {
      var path = ""
      for part in end.split(separator: "/") {
        path += path.isEmpty ? part : "/\(part)"
        if !folders.contains(path) { folders.append(path) }
      }
    }
    return folders
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
