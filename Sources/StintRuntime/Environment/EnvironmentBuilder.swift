/// Makes one environment in an empty folder.
struct EnvironmentBuilder: Sendable {
  let spec: EnvironmentSpec
  let interpreter: Interpreter
  let folder: String
  let log: @Sendable (String) -> Void
  private let variables: [String: String]

  init(
    spec: EnvironmentSpec, interpreter: Interpreter, folder: String, variables: [String: String],
    log: @escaping @Sendable (String) -> Void
  ) {
    self.spec = spec
    self.interpreter = interpreter
    self.folder = folder
    self.log = log
    var variables = spec.index.variables(over: variables)
    for name in ["VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "CONDA_PREFIX", "PIP_TARGET", "PIP_USER", "PIP_PREFIX"] {
      variables[name] = nil
    }
    self.variables = variables
  }

  private var venv: String { Environments.venv(in: folder) }
  private var python: String { Environments.python(in: folder) }

  /// Makes the environment and returns what is installed in it.
  func build() async throws -> [String] {
    let requirements = spec.effectiveRequirements
    let list = folder + "/requirements.txt"
    try Files.write(requirements.map { $0 + "\n" }.joined(), to: list)
    let uv = spec.manager == .uv ? try await findUV() : nil
    let options = spec.systemSitePackages ? ["--system-site-packages"] : []
    if let uv {
      log("Making an environment for Python \(interpreter.version) with uv.")
      try await create(uv + ["venv", "--quiet", "--no-project", "--python", interpreter.path] + options + [venv])
      if !requirements.isEmpty {
        try await install("uv", uv + ["pip", "install", "--python", python, "--requirement", list])
      }
      return try await run(uv + ["pip", "freeze", "--python", python]).lines
    }
    log("Making an environment for Python \(interpreter.version) with pip.")
    try await create([interpreter.path, "-m", "venv"] + options + [venv])
    let pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    if !requirements.isEmpty {
      try await install("pip", pip + ["install", "--progress-bar", "off", "--requirement", list])
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
    try await Command(argv, environment: variables, workingDirectory: folder).run(onLine: onLine)
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
