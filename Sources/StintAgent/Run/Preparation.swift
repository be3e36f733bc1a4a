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
  /// Must be kept until the job runs.
  var environment: PythonEnvironment?
  /// How the job sees the environment.
  var overlay: Overlay?
}

/// Carries out the steps of a plan that come before the job.
struct Preparation: Sendable {
  let context: AgentContext
  let folder: JobFolder
  let log: TaskLog
  /// Whether a job is to follow.
  var startsJob = true

  /// Does all steps, one after another, and returns what the job needs.
  func carryOut(_ plan: Plan) async throws -> Prepared {
    var prepared = Prepared()
    try Files.makeDirectory(folder.code)
    for step in plan.steps {
      try Task.checkCancellation()
      if case .environment = step { try checkCode(plan, commit: prepared.commit) }
      switch step {
      case .fetchCode(let source): prepared.commit = try await fetch(source)
      case .applyDiff(let diff):
        try await log.step("apply the uncommitted change") {
          try await context.mirrors.apply(diff: diff, in: folder.code, environment: context.setup.environment)
        }
      case .writeScript(let path, let text): try write(text, to: path)
      case .environment(let request): prepared.environment = try await environment(request)
      case .run(let launch): if startsJob { try finish(&prepared, launch) }
      }
    }
    return prepared
  }

  private func fetch(_ source: CodeSource) async throws -> String {
    let address = GitSource(
      repository: source.repository, branch: source.branch, tag: source.tag, commit: source.commit,
      credentials: context.setup.gitCredentials(for: source.repository))
    let checkout = try await log.step("fetch code", { "commit \($0.commit) of \(address.repository)" }) {
      try await context.mirrors.checkout(
        address, into: folder.code, environment: context.setup.environment, log: { log.say($0) })
    }
    return checkout.commit
  }

  private func write(_ text: String, to path: String) throws {
    if let slash = path.lastIndex(of: "/") { try Files.makeDirectory("\(folder.code)/\(path[..<slash])") }
    try Files.write(text, to: "\(folder.code)/\(path)")
  }

  /// Finds out before an environment is built in vain that there is nothing to run in it.
  private func checkCode(_ plan: Plan, commit: String?) throws(PlanError) {
    for case .run(let launch) in plan.steps {
      let place = launch.workingDirectory
      guard Files.exists(path(place)) else {
        throw .missingInCode(field: "working_dir", path: place, folder: ".", commit: commit)
      }
      guard let file = launch.file, !Files.exists(path(file)) else { continue }
      throw .missingInCode(field: "entry_point", path: launch.arguments.last ?? file, folder: place, commit: commit)
    }
  }

  private func environment(_ request: EnvironmentRequest) async throws -> PythonEnvironment {
    var sources = request.sources
    let packages: [String]
    switch request.requirements {
    case .listed(let listed): packages = listed
    case .file(let candidates):
      let text = candidates.lazy.compactMap { Files.readText("\(folder.code)/\($0)") }.first
      let list = RequirementList(text: text ?? "")
      sources.add(list.sources)
      packages = list.packages
    }
    let spec = EnvironmentSpec(
      python: request.python, requirements: packages, manager: request.installer == .uv ? .uv : .pip,
      index: PackageIndex(
        url: sources.indexURL, extraURLs: sources.extraIndexURLs, findLinks: sources.findLinks,
        trustedHosts: sources.trustedHosts),
      systemSitePackages: request.seesSystemPackages)
    return try await log.step(
      "environment",
      { "\($0.frozen.count == 1 ? "1 package" : "\($0.frozen.count) packages"), \($0.reused ? "cached" : "new")" }
    ) {
      try await context.environments.environment(
        for: spec, variables: context.setup.packageVariables, log: { log.say($0) })
    }
  }

  private func finish(_ prepared: inout Prepared, _ launch: Launch) throws {
    let python = prepared.environment?.python ?? "python3"
    prepared.argv = launch.argv(python: python)
    prepared.workingDirectory = path(launch.workingDirectory)
    var variables = TaskVariables.inherited(from: context.setup.environment)
    variables.merge(context.setup.settings.environment) { _, configured in configured }
    variables.merge(context.setup.work.taskVariables) { _, asked in asked }
    variables.merge(launch.environment) { _, planned in planned }
    variables["CLEARML_CONFIG_FILE"] = folder.configuration
    variables["TRAINS_CONFIG_FILE"] = folder.configuration
    // For code that goes on from a checkpoint, and must know whether there may be one.
    if let attempt = folder.record?.lease?.attempt, attempt > 0 { variables["STINT_ATTEMPT"] = "\(attempt)" }
    let inherited = variables["PYTHONPATH"].flatMap { $0.isEmpty ? nil : $0 }
    variables["PYTHONPATH"] = (launch.pythonPath.map(path) + [inherited].compactMap { $0 }).joined(separator: ":")
    if let slash = python.lastIndex(of: "/"), prepared.environment != nil {
      variables["PATH"] = [String(python[..<slash]), variables["PATH"]].compactMap { $0 }.joined(separator: ":")
      variables["VIRTUAL_ENV"] = prepared.environment.map { _ in String(python.dropLast("/bin/python".count)) }
    }
    let token = folder.record?.token
    if let token { variables["CLEARML_AUTH_TOKEN"] = token }
    prepared.variables = variables
    prepared.overlay = try prepared.environment?.overlay(scratch: folder.packages)
    try Files.write(
      TaskConfiguration.text(for: context.setup, hasOwnToken: token != nil), to: folder.configuration)
  }

  private func path(_ relative: String) -> String { relative == "." ? folder.code : "\(folder.code)/\(relative)" }
}
