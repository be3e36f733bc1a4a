import StintConfig
import StintPlan
import StintRuntime
import StintWire

/// What a plan has become on this machine: all that is needed to start the job.
struct Prepared: Sendable {
  var argv: [String] = []
  var workingDirectory = ""
  var variables: [String: String] = [:]
  /// The commit that was checked out.
  var commit: String?
  /// The interpreter that runs the code.
  var python = "python3"
  /// Must be kept until the job runs.
  var environment: PythonEnvironment?
  /// What is installed, as lines of a requirements file.
  var frozen: [String] = []
  /// How the job sees the environment.
  var overlay: Overlay?
  /// What the task has declared to need, by its address.
  var inputs: [TaskInputs.Placed]?
  /// The plan's last step, as it fits the code.
  var launch: Launch?
  /// What is run before the task is stopped.
  var abortCommand: AbortCommand?
  /// What a script of the machine's owner wants to be run instead of the plan's entry point.
  var custom: CustomBuild?
}

/// Carries out the steps of a plan that come before the job.
struct Preparation: Sendable {
  let context: AgentContext
  let folder: JobFolder
  let log: TaskLog
  /// The task's record, for scripts that ask for it.
  var record: TaskRecord?
  /// Whether a job is to follow.
  var startsJob = true

  /// Does all steps, one after another, and returns what the job needs.
  func carryOut(_ plan: Plan) async throws -> Prepared {
    var prepared = Prepared()
    var plan = plan
    try Files.makeDirectory(folder.code)
    let code = CodeFolder(root: plan.codeFolder ?? folder.code)
    for (number, step) in plan.steps.enumerated() {
      try Task.checkCancellation()
      switch step {
      case .fetchCode(let source): prepared.commit = try await fetch(source)
      case .applyDiff(let diff): try await apply(diff)
      case .writeScript(let path, let text): try code.write(text, to: path)
      case .convertNotebook(let path): try code.convertNotebook(path)
      case .addTaskInit(let path): try code.addTaskInit(path)
      case .environment(let request):
        try code.check(&plan, commit: prepared.commit)
        prepared = try await withInputs(plan, request, code, prepared)
      case .run:
        guard case .run(let launch) = plan.steps[number] else { continue }
        prepared.launch = launch
        guard startsJob else { continue }
        if prepared.inputs == nil { prepared.inputs = try await fetchInputs() }
        try finish(&prepared, launch, code)
      }
    }
    return prepared
  }

  /// Makes the environment and fetches the inputs: both may take long, and neither needs the other. What fails first ends
  /// both.
  private func withInputs(
    _ plan: Plan, _ request: EnvironmentRequest, _ code: CodeFolder, _ before: Prepared
  ) async throws -> Prepared {
    enum Part: Sendable {
      case environment(Prepared)
      case inputs([TaskInputs.Placed])
    }
    return try await withThrowingTaskGroup(of: Part.self) { group in
      group.addTask {
        var made = before
        made.custom = try await customBuild(plan, code)
        if made.custom == nil { try await makeEnvironment(request, code, &made) }
        return .environment(made)
      }
      if startsJob { group.addTask { .inputs(try await fetchInputs()) } }
      var (prepared, inputs) = (before, before.inputs)
      for try await part in group {
        switch part {
        case .environment(let made): prepared = made
        case .inputs(let placed): inputs = placed
        }
      }
      prepared.inputs = inputs
      return prepared
    }
  }

  private func fetchInputs() async throws -> [TaskInputs.Placed] {
    guard let record else { return [] }
    return try await TaskInputs(context: context, folder: folder, log: log).fetch(
      DeclaredInput.all(of: record, fetchesModels: context.setup.settings.storage.fetchesModels))
  }

  private func finish(_ prepared: inout Prepared, _ launch: Launch, _ code: CodeFolder) throws {
    let python = prepared.custom?.binary ?? prepared.python
    prepared.workingDirectory = prepared.custom?.workingDirectory ?? code.path(launch.workingDirectory)
    var variables = TaskVariables.inherited(from: context.setup.environment)
    variables.merge(context.setup.settings.environment) { _, configured in configured }
    if context.setup.settings.appliesTaskEnvironment {
      for (name, item) in record?.hyperparams?["Environment"] ?? [:] { variables[name] = item.value }
    }
    variables.merge(context.setup.work.taskVariables) { _, asked in asked }
    variables.merge(launch.environment) { _, planned in planned }
    variables["CLEARML_CONFIG_FILE"] = folder.configuration
    variables["TRAINS_CONFIG_FILE"] = folder.configuration
    // For code that goes on from a checkpoint, and must know whether there may be one.
    if let attempt = folder.record?.lease?.attempt, attempt > 0 { variables["STINT_ATTEMPT"] = "\(attempt)" }
    try Files.makeDirectory(folder.inputs)
    try Files.makeDirectory(folder.outputs)
    (variables["STINT_INPUTS"], variables["STINT_OUTPUTS"]) = (folder.inputs, folder.outputs)
    let others = [variables["PYTHONPATH"], context.setup.settings.extraPythonPath].compactMap { $0 }.filter {
      !$0.isEmpty
    }
    variables["PYTHONPATH"] = (launch.pythonPath.map(code.path) + others).joined(separator: ":")
    variables.merge(prepared.environment?.variables(over: variables) ?? [:]) { _, own in own }
    let token = folder.record?.token
    if let token { variables["CLEARML_AUTH_TOKEN"] = token }
    prepared.abortCommand = AbortCommand(
      variables: variables, agent: context.setup.environment, workingDirectory: prepared.workingDirectory)
    variables = AbortCommand.withoutOwn(variables)
    prepared.variables = variables
    if let files = context.setup.settings.files {
      ConfiguredFiles(section: files, paths: PathExpansion(environment: variables)).write { log.say($0) }
    }
    prepared.argv = argv(launch, python: python, prepared, variables)
    let configuration = TaskConfiguration.text(
      for: context.setup, hasOwnToken: token != nil,
      inputs: (prepared.inputs ?? []).filter { !$0.url.contains(folder.task) })
    try Files.write(configuration, to: folder.configuration)
  }

  private func argv(
    _ launch: Launch, python: String, _ prepared: Prepared, _ variables: [String: String]
  ) -> [String] {
    if let custom = prepared.custom { return [custom.binary] + launch.options + [custom.entryPoint] }
    var launch = launch
    launch.entry.arguments = launch.entry.expanded(with: variables)
    return (prepared.environment?.prefix(variables) ?? []) + launch.argv(python: python)
  }
}
