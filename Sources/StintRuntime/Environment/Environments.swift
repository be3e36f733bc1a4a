/// The Python environments of a machine, one per set of requirements, made once and used by many tasks.
///
///     let environment = try await environments.environment(
///       for: EnvironmentSpec(python: "python3", requirements: ["numpy==2.1.0"]), variables: variables, log: log)
///
/// Where overlays can be mounted, all tasks that want the same environment share one, and what a task changes in it only
/// that task sees. Elsewhere an environment belongs to one task at a time, and is used again if that left it as it was.
package struct Environments: Sendable {
  /// The interpreters they are made from.
  package let interpreters: Interpreters
  let directory: String
  let limits: EnvironmentLimits
  private let overlays: OverlayProbe?

  /// The version of uv that the machine's owner wants, as `>0.4`.
  package var uvVersion: String?

  /// Environments in `directory`, kept within `limits`. Several processes may share it.
  package init(directory: String, limits: EnvironmentLimits = EnvironmentLimits(), overlays: OverlayProbe? = nil) {
    self.directory = directory
    self.limits = limits
    self.overlays = overlays
    self.interpreters = Interpreters(directory: directory + "/interpreters")
  }

  /// The environment for `spec`: found in the cache, or made now. Many may ask for the same one at once.
  package func environment(
    for spec: EnvironmentSpec, variables: [String: String], log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(EnvironmentError) -> PythonEnvironment {
    let tools = tools(spec, variables, log)
    let interpreter: Interpreter?
    if case .conda = spec.content {
      interpreter = nil
    } else {
      interpreter = try await interpreters.resolve(spec.python, environment: variables)
    }
    do {
      try Files.makeDirectory(directory)
      // Environments have their own path written inside.
      let place = Files.realPath(directory) ?? directory
      let search = EnvironmentSearch(
        path: "\(place)/\(spec.key(interpreter: interpreter, variables: variables))",
        isShared: try await overlays?.works(on: place, environment: variables) ?? false, log: log)
      return try await search.environment { folder in
        evict()
        let builder = EnvironmentBuilder(
          spec: spec, interpreter: interpreter, folder: folder, variables: variables, isShared: search.isShared,
          tools: tools, log: log)
        let frozen = try await builder.build()
        try Files.write(FileTree.fingerprint(of: folder.venv), to: folder.fingerprint)
        try Files.write(frozen.map { $0 + "\n" }.joined(), to: folder.marker)
        evict()
      }
    } catch {
      throw EnvironmentError(error, folder: directory)
    }
  }

  /// Keeps an environment from being thrown away as long as the result lives, for a job that was adopted.
  package func hold(_ directory: String) -> FileLock? {
    let folder = EnvironmentFolder(path: directory)
    guard folder.isComplete else { return nil }
    return try? FileLock.attempt(folder.lock, .shared)
  }

  func tools(
    _ spec: EnvironmentSpec, _ variables: [String: String], _ log: @escaping @Sendable (String) -> Void
  ) -> Tools {
    Tools(
      environments: self, uvVersion: uvVersion, isOffline: spec.isOffline,
      variables: variables.filter { !EnvironmentBuilder.misleading.contains($0.key) }, log: log)
  }
}
