#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Makes one environment in an empty folder.
struct EnvironmentBuilder: Sendable {
  let spec: EnvironmentSpec
  let interpreter: Interpreter?
  let isShared: Bool
  let tools: Tools
  private let work: EnvironmentWork

  init(
    spec: EnvironmentSpec, interpreter: Interpreter?, folder: EnvironmentFolder, variables: [String: String],
    isShared: Bool, tools: Tools, log: @escaping @Sendable (String) -> Void
  ) {
    (self.spec, self.interpreter, self.isShared, self.tools) = (spec, interpreter, isShared, tools)
    var variables = spec.index.variables(over: variables)
    for name in Self.misleading { variables[name] = nil }
    // Files that uv links are also those of its cache. Where neither an overlay nor their mode keeps a task from writing
    // into them, each environment needs files of its own.
    if !isShared, geteuid() == 0 { variables["UV_LINK_MODE"] = "copy" }
    if spec.isOffline { variables["UV_OFFLINE"] = "1" }
    work = EnvironmentWork(folder: folder, variables: variables, isOffline: spec.isOffline, log: log)
  }

  /// What would lead an installer into another environment.
  static let misleading = [
    "VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "PIP_TARGET", "PIP_USER",
    "PIP_PREFIX", "UV_PROJECT_ENVIRONMENT",
  ]

  /// Makes the environment and returns what is installed in it.
  func build() async throws -> [String] {
    let frozen = try await install()
    if !isShared { FileTree.writeProtect(work.folder.venv) }
    return frozen
  }

  private func install() async throws -> [String] {
    switch spec.content {
    case .conda(let install):
      return try await CondaInstaller(install: install, python: spec.python, work: work).install()
    case .packages(let install):
      let uv = install.manager == .pipOnly ? nil : try await tools.uv(beside: interpreter)
      defer { withExtendedLifetime(uv) {} }
      let venv = try await makeVenv(uv: uv?.argv)
      return try await PackageInstaller(install: install, venv: venv, work: work).install()
    case .project(let install):
      let uv = try await tools.uv(beside: interpreter)
      defer { withExtendedLifetime(uv) {} }
      let venv = try await makeVenv(uv: uv?.argv)
      try await ProjectInstaller(install: install, tools: tools, work: work).installDependencies()
      return try await venv.frozen(work)
    }
  }

  /// An empty environment with pip.
  private func makeVenv(uv: [String]?) async throws -> Venv {
    guard let interpreter else { throw EnvironmentError.interpreterMissing(name: spec.python, tried: []) }
    let options = spec.systemSitePackages ? ["--system-site-packages"] : []
    let venv = Venv(
      python: work.folder.python, interpreter: interpreter, uv: uv, seesSystemPackages: spec.systemSitePackages)
    do {
      if let uv {
        try await work.run(
          uv + ["venv", "--quiet", "--no-project", "--python", interpreter.path] + options + [work.folder.venv])
        if !interpreter.bundledWheels.isEmpty {
          // For code that installs packages while it runs; requirements may replace them.
          try await work.run(
            uv + ["pip", "install", "--python", work.folder.python, "--quiet", "--offline", "--no-deps"]
              + interpreter.bundledWheels)
        }
      } else {
        try await work.run([interpreter.path, "-m", "venv"] + options + [work.folder.venv])
      }
    } catch {
      guard !EnvironmentError.saysDiskFull(error), !error.lastLines.isEmpty else { throw error }
      throw EnvironmentError.creationFailed(python: interpreter.path, lastLines: error.lastLines)
    }
    return venv
  }
}

/// An environment that is being filled.
struct Venv: Sendable {
  let python: String
  let interpreter: Interpreter
  /// How uv is called, where it is used.
  let uv: [String]?
  let seesSystemPackages: Bool

  var pip: [String] { [python, "-m", "pip", "--disable-pip-version-check", "--no-input"] }

  /// What is installed, as lines of a requirements file.
  func frozen(_ work: EnvironmentWork) async throws -> [String] {
    guard let uv, !seesSystemPackages else { return try await work.run(pip + ["freeze"]).lines }
    // As with pip, what every environment has is not part of the list.
    return try await work.run(uv + ["pip", "freeze", "--python", python]).lines.filter { line in
      !interpreter.bundledWheels.contains { line.hasSuffix($0) }
    }
  }
}
