/// Installs lists of packages into an environment that is there already.
struct PackageInstaller: Sendable {
  let install: PackageInstall
  let venv: Venv
  let work: EnvironmentWork

  /// Installs everything and returns what is there then.
  func install() async throws -> [String] {
    let uv = usableUV
    announce(uv)
    try await installPip(uv)
    for (number, stage) in install.stages.enumerated() {
      do {
        try await install(stage, number, uv)
      } catch let error as EnvironmentError where stage.isOptional {
        guard case .installFailed = error else { throw error }
        work.log("\(stage.packages.joined(separator: ", ")) cannot be installed and is left out, as it is optional.")
      }
    }
    return try await venv.frozen(work)
  }

  /// How uv is called, where it does what is asked for.
  private var usableUV: [String]? {
    // uv does not look at what the interpreter itself has.
    guard install.manager != .pipOnly, !venv.seesSystemPackages, uvArguments != nil else { return nil }
    return venv.uv
  }

  private func announce(_ uv: [String]?) {
    let version = venv.interpreter.version
    switch (uv, install.manager) {
    case (nil, .uv) where venv.uv == nil:
      work.log("Making an environment for Python \(version) with pip, because there is no uv.")
    case (nil, _): work.log("Making an environment for Python \(version) with pip.")
    case (_, .uv): work.log("Making an environment for Python \(version) with uv.")
    case (_, _): work.log("Making an environment for Python \(version) with uv, in place of pip.")
    }
  }

  /// pip in the version that the machine's owner wants, for installing and for code that uses it.
  private func installPip(_ uv: [String]?) async throws {
    let isListed = install.stages.contains { $0.packages.contains { $0.prefix { $0.isLetter } == "pip" } }
    guard !install.pipVersion.isEmpty, !isListed else { return }
    let packages = install.pipVersion.map { version in
      version.first.map { $0.isNumber || $0.isLetter } ?? false ? "pip==\(version)" : "pip\(version)"
    }
    let argv =
      uv.map { $0 + ["pip", "install", "--quiet", "--python", venv.python] }
      ?? venv.pip + ["install", "--quiet", "--upgrade"]
    do {
      try await work.run(argv + packages)
    } catch {
      guard !error.lastLines.isEmpty else { throw error }
      work.log("pip \(install.pipVersion.joined(separator: ", ")) cannot be had; the one of Python itself is used.")
    }
  }

  private func install(_ stage: PackageInstall.Stage, _ number: Int, _ uv: [String]?) async throws {
    let list = number == 0 ? work.folder.requirements : "\(work.folder.path)/requirements-\(number + 1).txt"
    try write(stage.packages, to: list)
    var options = ["--requirement", list]
    if !install.constraints.isEmpty {
      let constraints = work.folder.path + "/constraints.txt"
      try write(install.constraints, to: constraints)
      options += ["--constraint", constraints]
    }
    if install.upgrades { options.append("--upgrade") }
    guard let uv, let uvArguments else { return try await installWithPip(options) }
    if try await installKnown(stage, uv, options + uvArguments) { return }
    do {
      try await installWithUV(uv, options + uvArguments, list: list)
    } catch let error as EnvironmentError {
      guard case .installFailed = error, install.manager == .pip, !stage.isOptional else { throw error }
      work.log("uv could not install the packages. Trying pip.")
      try await installWithPip(options)
    }
  }

  private func installWithUV(_ uv: [String], _ options: [String], list: String) async throws {
    let argv = uv + ["pip", "install", "--python", venv.python] + options
    do {
      try await work.install("uv", argv)
    } catch let error as EnvironmentError {
      // Lists of what was installed somewhere may contradict what the packages themselves ask for.
      guard case .installFailed(_, let lines) = error, lines.contains(where: { $0.contains("No solution found") }),
        lines.contains(where: { $0.contains("depends on") || $0.contains("depend on") })
      else { throw error }
      work.log("The requirements contradict those of a package among them. Installing what is listed all the same.")
      try await work.install("uv", argv + ["--overrides", list])
    }
  }

  private func installWithPip(_ options: [String]) async throws {
    let argv = venv.pip + ["install", "--progress-bar", "off"] + options + install.arguments
    do {
      try await work.install("pip", argv)
    } catch let error as EnvironmentError {
      guard case .installFailed(_, let lines) = error, lines.contains(where: { $0.contains("ResolutionImpossible") })
      else { throw error }
      work.log("The requirements contradict each other. Installing what is listed all the same.")
      try await work.install("pip", argv + ["--use-deprecated=legacy-resolver"])
    }
  }

  private func write(_ lines: [String], to path: String) throws(FileError) {
    try Files.write(lines.map { $0 + "\n" }.joined(), to: path)
  }

  /// The arguments of pip as uv knows them; nil where it knows nothing like them.
  private var uvArguments: [String]? {
    // Offline it still looks at what it knows of an index.
    var translated = !work.isOffline && PackageIndex.isOff(in: work.variables) ? ["--no-index"] : []
    var rest = install.arguments.flatMap(Self.words)[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--pre": translated += ["--prerelease", "allow"]
      case "--no-cache-dir": translated.append("--no-cache")
      case "--prefer-binary", "--no-warn-script-location", "--no-python-version-warning": continue
      case "--no-index" where translated.contains(argument): continue
      case "--no-deps", "--no-build-isolation", "--require-hashes", "--upgrade", "-U", "--no-index":
        translated.append(argument)
      case "--no-binary", "--only-binary", "--find-links", "-f", "--index-url", "-i", "--extra-index-url":
        guard let value = rest.popFirst() else { return nil }
        translated += [argument, value]
      case "--trusted-host":
        guard let value = rest.popFirst() else { return nil }
        translated += ["--allow-insecure-host", value]
      default: return nil
      }
    }
    return translated
  }

  /// `--no-binary=:all:` and `--no-binary :all:` are two words.
  private static func words(of argument: String) -> [String] {
    let isLong = argument.hasPrefix("--")
    let parts = argument.split(maxSplits: 1) { $0 == " " || isLong && $0 == "=" }
    return parts.map(String.init)
  }
}
