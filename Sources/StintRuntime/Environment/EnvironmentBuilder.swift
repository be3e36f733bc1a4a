#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Makes one environment in an empty folder.
struct EnvironmentBuilder: Sendable {
  let spec: EnvironmentSpec
  let interpreter: Interpreter
  let folder: EnvironmentFolder
  let isShared: Bool
  let log: @Sendable (String) -> Void
  private let variables: [String: String]

  init(
    spec: EnvironmentSpec, interpreter: Interpreter, folder: EnvironmentFolder, variables: [String: String],
    isShared: Bool, log: @escaping @Sendable (String) -> Void
  ) {
    self.spec = spec
    self.interpreter = interpreter
    self.folder = folder
    self.isShared = isShared
    self.log = log
    var variables = spec.index.variables(over: variables)
    for name in ["VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "CONDA_PREFIX", "PIP_TARGET", "PIP_USER", "PIP_PREFIX"] {
      variables[name] = nil
    }
    // Files that uv links are also those of its cache. Where neither an overlay nor their mode keeps a task from writing
    // into them, each environment needs files of its own.
    if !isShared, geteuid() == 0 { variables["UV_LINK_MODE"] = "copy" }
    self.variables = variables
  }

  /// Makes the environment and returns what is installed in it.
  func build() async throws -> [String] {
    let frozen = try await install()
    if !isShared { FileTree.writeProtect(folder.venv) }
    return frozen
  }

  private func install() async throws -> [String] {
    let requirements = spec.effectiveRequirements
    try Files.write(requirements.map { $0 + "\n" }.joined(), to: folder.requirements)
    let options = spec.systemSitePackages ? ["--system-site-packages"] : []
    let uv = spec.manager == .uv ? try await findUV() : nil
    if let uv {
      log("Making an environment for Python \(interpreter.version) with uv.")
      try await create(
        uv + ["venv", "--quiet", "--no-project", "--python", interpreter.path] + options + [folder.venv])
      let install = uv + ["pip", "install", "--python", folder.python]
      if !interpreter.bundledWheels.isEmpty {
        // For code that installs packages while it runs; requirements may replace them.
        try await create(install + ["--quiet", "--offline", "--no-deps"] + interpreter.bundledWheels)
      }
      if !requirements.isEmpty { try await self.install("uv", install + ["--requirement", folder.requirements]) }
      // As with pip, what every environment has is not part of the list.
      return try await run(uv + ["pip", "freeze", "--python", folder.python]).lines.filter { line in
        !interpreter.bundledWheels.contains { line.hasSuffix($0) }
      }
    }
    log("Making an environment for Python \(interpreter.version) with pip.")
    try await create([interpreter.path, "-m", "venv"] + options + [folder.venv])
    let pip = [folder.python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    if !requirements.isEmpty {
      try await install("pip", pip + ["install", "--progress-bar", "off", "--requirement", folder.requirements])
    }
    return try await run(pip + ["freeze"]).lines
  }

  private func create(_ argv: [String]) async throws {
    do {
      _ = try await run(argv)
    } catch {
      guard !EnvironmentError.saysDiskFull(error), !error.lastLines.isEmpty else { throw error }
      throw EnvironmentError.creationFailed(python: interpreter.path, lastLines: error.lastLines)
    }
  }

  private func install(_ manager: String, _ argv: [String]) async throws {
    do {
      _ = try await run(argv, onLine: log)
    } catch {
      guard !EnvironmentError.saysDiskFull(error), !error.lastLines.isEmpty else { throw error }
      throw EnvironmentError.installFailed(manager: manager, lastLines: error.lastLines)
    }
  }

  private func run(
    _ argv: [String], onLine: (@Sendable (String) -> Void)? = nil
  ) async throws(CommandError) -> CommandOutput {
    try await Command(argv, environment: variables, workingDirectory: folder.path).run(onLine: onLine)
  }

  /// How to call uv: from PATH, from beside the interpreter, or as its module.
  private func findUV() async throws -> [String]? {
    if let path = ProgramSearch.find("uv", path: variables["PATH"]) { return [path] }
    let beside =
      interpreter.path.prefix(through: interpreter.path.lastIndex(of: "/") ?? interpreter.path.startIndex) + "uv"
    if Files.isExecutableFile(String(beside)) { return [String(beside)] }
    let module = [interpreter.path, "-m", "uv"]
    do {
      _ = try await run(module + ["--version"])
      return module
    } catch {
      if case .cancelled = error { throw error }
      return nil
    }
  }
}

extension CommandOutput {
  fileprivate var lines: [String] {
    text.split(whereSeparator: \.isNewline).map(String.init)
  }
}
