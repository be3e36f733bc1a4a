import StintConfig
import StintPlan
import StintRuntime

extension AgentSetup {
  /// What the settings say about how tasks run.
  func planSettings(workerID: String) -> PlanSettings {
    var plan = PlanSettings()
    let python = settings.python
    let defaultPython = python.defaultVersion.map { $0.hasPrefix("python") ? $0 : "python\($0)" }
    plan.python = python.binary ?? defaultPython ?? "python3"
    plan.ignoresRequestedVersion = python.ignoresRequestedVersion
    if python.skipsVirtualEnvironment {
      plan.place = .interpreter
      if let shared = python.sharedInterpreter { (plan.python, plan.ignoresRequestedVersion) = (shared, true) }
    }
    if python.skipsEnvironment { plan.place = .nowhere }
    plan.packages = packageRules
    plan.sources = PackageSources(extraIndexURLs: settings.packages.extraIndexURLs)
    (plan.codeFolder, plan.entryPoint) = (settings.codeFolder, settings.entryPoint)
    plan.addsRootOnly = settings.git.addsRootToPythonPath
    plan.forcesTaskInit = settings.forcesTaskInit
    (plan.workerID, plan.cpuOnly, plan.logLevel) = (workerID, cpuOnly, work.logLevel)
    return plan
  }

  private var packageRules: PackageRules {
    let packages = settings.packages
    var rules = PackageRules()
    rules.manager = packages.manager.flatMap { PackageRules.Manager(rawValue: $0.rawValue) } ?? .pip
    (rules.pipVersion, rules.uvVersion, rules.poetryVersion) = (
      packages.pipVersion, packages.uvVersion, packages.poetryVersion
    )
    (rules.poetryArguments, rules.uvSyncArguments) = (packages.poetryArguments, packages.uvSyncArguments)
    (rules.syncsLocked, rules.projectIsInWorkingDirectory) = (
      packages.uvSyncsLocked, packages.projectIsInWorkingDirectory
    )
    (rules.seesSystemPackages, rules.upgrades) = (packages.seesSystemPackages, packages.upgrades)
    rules.extraArguments = packages.extraInstallArguments
    (rules.priority, rules.priorityOptional) = (packages.priorityPackages, packages.priorityOptionalPackages)
    (rules.post, rules.postOptional) = (packages.postPackages, packages.postOptionalPackages)
    rules.condaChannels = packages.condaChannels
    (rules.prefersRepository, rules.prefersOriginal) = (
      packages.usesRepositoryRequirements, packages.usesOriginalRequirements
    )
    rules.torch.isActive = packages.pytorchResolve != "none" && !cpuOnly
    rules.torch.cuda = settings.cudaVersion.flatMap(CUDAVersion.init)
    rules.torch.indexTemplate = packages.pytorchIndex ?? rules.torch.indexTemplate
    rules.torch.nightlyTemplate = packages.pytorchNightlyIndex
    return rules
  }

  /// How many environments are kept, for how long, and how much room they leave.
  var environmentLimits: EnvironmentLimits {
    let caches = settings.caches
    return EnvironmentLimits(
      count: caches.environmentCacheLimit, minimumFree: UInt64((caches.environmentCacheFreeGB ?? 0) * 1e9),
      maximumAge: .seconds(caches.environmentCacheDays * 24 * 3600))
  }

  /// The variables of the programs that install packages, which may fetch some from repositories on `hosts`.
  func packageVariables(gitHosts hosts: [String] = []) -> [String: String] {
    let own = ["UV_CACHE_DIR": caches.packages, "UV_PYTHON_INSTALL_DIR": caches.pythons]
    var variables = own.merging(environment) { $1.isEmpty ? $0 : $1 }
    if settings.packages.uvTakesBestMatch, variables["UV_INDEX_STRATEGY"] == nil {
      variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    }
    return gitAccess.variables(over: variables, hosts: hosts).merging(work.packageVariables) { $1 }
  }

  /// How repositories are reached.
  var gitAccess: GitAccess {
    let git = settings.git
    var access = GitAccess()
    access.credentials = git.extraCredentials.map { entry in
      GitAccess.Credential(
        git.matchesHostPrefix && entry.host.contains("://") ? .prefix(entry.host) : .host(entry.host),
        GitCredentials(user: entry.user, password: entry.password.reveal()))
    }
    // A token is enough for most hosts, whatever the user is called.
    if let password = git.password {
      let scope: GitAccess.Credential.Scope =
        git.host.map { git.matchesHostPrefix ? .prefix($0) : .host($0) } ?? .any
      access.credentials.append(
        GitAccess.Credential(scope, GitCredentials(user: git.user ?? "oauth2", password: password.reveal())))
    }
    if git.forcesSSH {
      access.overSSH = GitAccess.OverSSH(host: git.host, port: git.sshPort, user: git.sshUser)
    } else if git.translatesSSH {
      access.schemeForSSH = git.translationScheme
    }
    access.header = git.passwordHeader.map { $0 == .entra ? .bearer : .basic }
    return access
  }
}
