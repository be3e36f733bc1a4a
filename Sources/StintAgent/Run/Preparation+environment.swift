import StintPlan
import StintRuntime

extension Preparation {
  /// Makes ready what the request asks for.
  func makeEnvironment(_ request: EnvironmentRequest, _ code: CodeFolder, _ prepared: inout Prepared) async throws {
    let result = try await log.step("environment", { $0.summary }) { [prepared] in
      try await environment(request, code, prepared)
    }
    prepared = result
  }

  private func environment(
    _ request: EnvironmentRequest, _ code: CodeFolder, _ before: Prepared
  ) async throws -> Prepared {
    var prepared = before
    let python = try await interpreter(request)
    guard request.place != .nowhere else {
      prepared.python = try await context.environments.interpreters.resolve(
        python, environment: context.setup.environment
      ).path
      return prepared
    }
    let choice = try await choice(request, code)
    switch (choice, request.place) {
    case (.list(let list, _), .interpreter):
      let spec = try await spec(list, request, python)
      guard case .packages(let install) = spec.content else { return prepared }
      (prepared.python, prepared.frozen) = try await context.environments.install(
        install, intoInterpreterOf: spec, scratch: folder.packages, variables: packageVariables(list), log: log.sayTold)
    case (.list(let list, _), _):
      try await prepare(try await spec(list, request, python), list, request, code, &prepared)
    case (.project(let files), _):
      try await prepareProject(files, request, code, python, &prepared)
    }
    return prepared
  }

  /// The interpreter that the request asks for, or the one that is used in its place.
  private func interpreter(_ request: EnvironmentRequest) async throws -> String {
    // conda brings its own.
    if request.rules.manager == .conda, request.place == .environment { return request.python }
    return try await context.environments.interpreter(
      request.python, else: request.fallback, variables: context.setup.packageVariables(),
      isOffline: context.setup.work.isStandalone, log: log.sayTold)
  }

  /// What is to be installed, for the CUDA that the machine has.
  private func choice(_ request: EnvironmentRequest, _ code: CodeFolder) async throws -> PackageChoice {
    let choice = try request.choice(code.files)
    guard case .list(let list, _) = choice, request.rules.torch.isActive, request.rules.torch.cuda == nil,
      TorchRule.concerns(list.packages), let version = await context.cuda.version()
    else { return told(choice) }
    var request = request
    request.rules.torch.cuda = CUDAVersion(version)
    return told(try request.choice(code.files))
  }

  private func told(_ choice: PackageChoice) -> PackageChoice {
    guard case .list(let list, let origin) = choice else { return choice }
    for note in list.notes { log.say("[stint] \(note)") }
    let count = list.packages.count + list.local.count
    if count > 0 { log.say("[stint] \(count == 1 ? "1 requirement" : "\(count) requirements") from \(origin)") }
    return choice
  }

  private func spec(
    _ list: RequirementList, _ request: EnvironmentRequest, _ python: String
  ) async throws -> EnvironmentSpec {
    let rules = request.rules
    let packages = try await context.mirrors.pinned(
      list.packages, access: context.setup.gitAccess, environment: context.setup.environment)
    let isConda = rules.manager == .conda && request.place == .environment
    let (plain, others) = isConda ? condaSplit(packages, request) : ([], packages)
    let install = PackageInstall(
      manager: rules.manager == .uv ? .uv : .pip,
      stages: rules.stages(of: others).map { .init($0.packages, isOptional: $0.isOptional) },
      constraints: list.constraints, arguments: rules.extraArguments + list.options, upgrades: rules.upgrades,
      pipVersion: rules.pipVersion)
    return EnvironmentSpec(
      python: python,
      content: isConda
        ? .conda(CondaInstall(channels: rules.condaChannels, packages: plain, pip: install)) : .packages(install),
      index: PackageIndex(list.sources), systemSitePackages: rules.seesSystemPackages,
      isOffline: context.setup.work.isStandalone)
  }

  /// What conda is asked for, and what it has no word for.
  private func condaSplit(_ packages: [String], _ request: EnvironmentRequest) -> ([String], [String]) {
    let isForPip = { (line: String) in line.contains("://") || line.contains("git+") }
    guard let recorded = request.recordedConda, let list = try? RequirementList(text: recorded) else {
      return (packages.filter { !isForPip($0) }, packages.filter(isForPip))
    }
    let names = Set(list.packages.map(CondaInstall.name))
    return (list.packages, packages.filter { !names.contains(CondaInstall.name(of: $0)) })
  }

  private func prepare(
    _ spec: EnvironmentSpec, _ list: RequirementList, _ request: EnvironmentRequest, _ code: CodeFolder,
    _ prepared: inout Prepared
  ) async throws {
    let local = LocalInstall(
      folder: code.root, packages: list.local.filter { !$0.isEditable }.map(\.requirement),
      editable: list.local.filter(\.isEditable).map(\.requirement))
    try await prepare(spec, local, packageVariables(list), &prepared)
  }

  private func prepareProject(
    _ files: ProjectFiles, _ request: EnvironmentRequest, _ code: CodeFolder, _ python: String,
    _ prepared: inout Prepared
  ) async throws {
    let rules = request.rules
    let place = code.path(files.folder)
    let manager = ProjectInstall.Manager(rawValue: files.manager.rawValue) ?? .uv
    let project = ProjectInstall(
      manager: manager, folder: place, files: files.names.map { Files.readText("\(place)/\($0)") ?? "" },
      hasLock: files.hasLock, keepsLock: rules.syncsLocked,
      arguments: manager == .poetry ? rules.poetryArguments : manager == .uv ? rules.uvSyncArguments : [],
      toolVersion: manager == .poetry ? rules.poetryVersion : manager == .uv ? rules.uvVersion : nil)
    let spec = EnvironmentSpec(
      python: python, content: .project(project), index: PackageIndex(request.sources),
      systemSitePackages: rules.seesSystemPackages, isOffline: context.setup.work.isStandalone,
      task: project.hasLocalPackages ? folder.task : nil)
    log.say("[stint] \(files.names.joined(separator: " and ")) of the repository decide about the packages")
    do {
      try await prepare(
        spec, LocalInstall(folder: code.root, project: project), context.setup.packageVariables(), &prepared)
    } catch let error as EnvironmentError {
      // As in clearml-agent, only what uv has locked must be had.
      guard case .installFailed = error, !(manager == .uv && files.hasLock) else { throw error }
      log.say("[stint] \(manager.rawValue) could not install the project. Trying the list of requirements.")
      guard case .list(let list, _) = told(try request.listChoice(code.files)) else { throw error }
      try await prepare(try await self.spec(list, request, python), list, request, code, &prepared)
    }
  }

  private func prepare(
    _ spec: EnvironmentSpec, _ local: LocalInstall, _ variables: [String: String], _ prepared: inout Prepared
  ) async throws {
    let environment = try await context.environments.environment(for: spec, variables: variables, log: log.sayTold)
    prepared.environment = environment
    prepared.python = environment.python
    prepared.frozen = environment.frozen
    if startsJob { prepared.overlay = try environment.overlay(scratch: folder.packages) }
    guard !local.isEmpty else { return }
    prepared.frozen = try await context.environments.install(
      local, into: environment, overlay: prepared.overlay, shim: context.setup.shim, spec: spec, variables: variables,
      log: log.sayTold)
  }

  private func packageVariables(_ list: RequirementList) -> [String: String] {
    context.setup.packageVariables(gitHosts: GitMirrors.hosts(of: list.packages))
  }
}

extension PackageIndex {
  fileprivate init(_ sources: PackageSources) {
    self.init(
      url: sources.indexURL, extraURLs: sources.extraIndexURLs, findLinks: sources.findLinks,
      trustedHosts: sources.trustedHosts, isOff: sources.hasNoIndex)
  }
}

extension Prepared {
  /// What has been made ready, for people.
  fileprivate var summary: String {
    let packages = frozen.count == 1 ? "1 package" : "\(frozen.count) packages"
    guard let environment else { return frozen.isEmpty ? "\(python) as it is" : "\(packages), in \(python) itself" }
    return "\(packages), \(environment.reused ? "cached" : "new")"
  }
}
