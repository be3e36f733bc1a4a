/// How to call a program; the value keeps the environment that it is in from being thrown away.
struct Tool: Sendable {
  let argv: [String]
  private let environment: PythonEnvironment?

  init(_ argv: [String], in environment: PythonEnvironment? = nil) {
    (self.argv, self.environment) = (argv, environment)
  }
}

/// Programs that make environments and that the machine may lack: each is fetched once, into an environment of its own.
struct Tools: Sendable {
  let environments: Environments
  /// The version of uv that the machine's owner wants.
  let uvVersion: String?
  let isOffline: Bool
  let variables: [String: String]
  let log: @Sendable (String) -> Void

  /// How to call uv: from PATH, from beside the interpreter, or fetched. Nil where there is none to be had.
  func uv(beside interpreter: Interpreter?) async throws(EnvironmentError) -> Tool? {
    if uvVersion == nil, let path = ProgramSearch.find("uv", path: variables["PATH"]) { return Tool([path]) }
    if uvVersion == nil, let interpreter, let slash = interpreter.path.lastIndex(of: "/") {
      let path = interpreter.path[...slash] + "uv"
      if Files.isExecutableFile(String(path)) { return Tool([String(path)]) }
    }
    return try await Remembered(file: environments.directory + "/uv.unavailable").unlessRecent {
      () throws(EnvironmentError) in
      try await require("uv", version: uvVersion)
    }
  }

  /// How to call a tool, in a version as `<2` where that matters.
  func require(_ name: String, version: String?) async throws(EnvironmentError) -> Tool {
    if version == nil, let path = ProgramSearch.find(name, path: variables["PATH"]) { return Tool([path]) }
    let isExact = version?.first.map { $0.isNumber } ?? false
    let package = "\(name)\(isExact ? "==" : "")\(version ?? "")"
    let spec = EnvironmentSpec(
      content: .packages(PackageInstall(manager: name == "uv" ? .pipOnly : .pip, packages: [package])),
      isOffline: isOffline)
    let environment = try await environments.environment(for: spec, variables: variables) { [log] line in
      if line.hasPrefix("Making") { log("Fetching \(name).") }
    }
    return Tool(["\(environment.directory)/venv/bin/\(name)"], in: environment)
  }
}

/// Remembers for an hour that something cannot be had, so that not every task waits for a network that does not answer.
struct Remembered: Sendable {
  let file: String

  private static let hour: Int64 = 3_600_000_000_000

  /// What `attempt` gets; nil where it failed, now or not long ago.
  func unlessRecent<Value>(
    _ attempt: () async throws(EnvironmentError) -> Value
  ) async throws(EnvironmentError) -> Value? {
    if let failed = Files.stamp(file)?.modifiedNanoseconds, Files.now - failed < Self.hour { return nil }
    do {
      let value = try await attempt()
      Files.remove(file)
      return value
    } catch {
      if case .cancelled = error { throw error }
      try? Files.write("\(error)\n", to: file)
      return nil
    }
  }
}
