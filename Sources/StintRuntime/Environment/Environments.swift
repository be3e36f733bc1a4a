/// A Python environment that is ready to run a task. Keep the value as long as the task runs: it keeps the cache from
/// throwing the environment away.
package struct PythonEnvironment: Sendable {
  /// The environment's interpreter.
  package let python: String
  /// Its place in the cache.
  package let directory: String
  /// What is installed, as lines of a requirements file.
  package let frozen: [String]
  /// Whether it was there already.
  package let reused: Bool
  private let hold: FileLock

  init(directory: String, frozen: [String], reused: Bool, hold: FileLock) {
    self.python = Environments.python(in: directory)
    self.directory = directory
    self.frozen = frozen
    self.reused = reused
    self.hold = hold
  }
}

/// The Python environments of a machine, one per set of requirements, made once and used by many tasks.
///
///     let environment = try await environments.environment(
///       for: EnvironmentSpec(python: "python3", requirements: ["numpy==2.1.0"]), variables: variables, log: log)
package struct Environments: Sendable {
  /// The interpreters they are made from.
  package let interpreters: Interpreters
  private let directory: String
  private let limit: Int

  /// Environments in `directory`, at most `limit` of them beside those in use. Several processes may share it.
  package init(directory: String, limit: Int = 10) {
    self.directory = directory
    self.limit = limit
    self.interpreters = Interpreters(directory: directory + "/interpreters")
  }

  /// The environment for `spec`: found in the cache, or made now. Many may ask for the same one at once.
  package func environment(
    for spec: EnvironmentSpec, variables: [String: String], log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(EnvironmentError) -> PythonEnvironment {
    let interpreter = try await interpreters.resolve(spec.python, environment: variables)
    do {
      try Files.makeDirectory(directory)
      // Environments have their own path written inside.
      let place = Files.realPath(directory) ?? directory
      let folder = "\(place)/\(spec.key(interpreter: interpreter, variables: variables))"
      var saysThatItWaits = true
      var pause = Pause()
      while true {
        if let found = try find(folder, reused: true) { return found }
        if let lock = try FileLock.attempt(folder + ".lock", .exclusive) {
          if let found = try found(folder, reused: true, sharing: lock) { return found }
          let builder = EnvironmentBuilder(
            spec: spec, interpreter: interpreter, folder: folder, variables: variables, log: log)
          try await make(folder, with: builder)
          if let made = try found(folder, reused: false, sharing: lock) {
            evict()
            return made
          }
          continue
        }
        if saysThatItWaits, Files.exists(folder) { log("Waiting for the environment that another task is making.") }
        saysThatItWaits = false
        try await pause.sleep()
      }
    } catch {
      throw EnvironmentError(error, folder: directory)
    }
  }

  /// Keeps an environment from being thrown away as long as the result lives, for a job that was adopted.
  package func hold(_ folder: String) -> FileLock? {
    guard Files.exists(Self.marker(in: folder)) else { return nil }
    return try? FileLock.attempt(folder + ".lock", .shared)
  }

  static func venv(in folder: String) -> String { folder + "/venv" }
  static func python(in folder: String) -> String { folder + "/venv/bin/python" }
  /// Written last; holds the frozen list, and tells by its date when the environment was last used.
  static func marker(in folder: String) -> String { folder + "/complete" }

  private func find(_ folder: String, reused: Bool) throws -> PythonEnvironment? {
    guard Files.exists(Self.marker(in: folder)), let lock = try FileLock.attempt(folder + ".lock", .shared) else {
      return nil
    }
    return found(folder, reused: reused, holding: lock)
  }

  private func found(_ folder: String, reused: Bool, sharing lock: FileLock) throws -> PythonEnvironment? {
    guard Files.exists(Self.marker(in: folder)) else { return nil }
    try lock.share()
    return found(folder, reused: reused, holding: lock)
  }

  private func found(_ folder: String, reused: Bool, holding lock: FileLock) -> PythonEnvironment? {
    guard let text = Files.readText(Self.marker(in: folder)), Files.isExecutableFile(Self.python(in: folder)) else {
      return nil
    }
    Files.touch(Self.marker(in: folder))
    let frozen = text.split(separator: "\n").map(String.init)
    return PythonEnvironment(directory: folder, frozen: frozen, reused: reused, hold: lock)
  }

  private func make(_ folder: String, with builder: EnvironmentBuilder) async throws {
    // What is there now is a build that was interrupted, or one whose interpreter is gone.
    Files.removeTree(folder)
    try Files.makeDirectory(folder)
    do {
      let frozen = try await builder.build()
      try Files.write(frozen.map { $0 + "\n" }.joined(), to: Self.marker(in: folder))
    } catch {
      Files.removeTree(folder)
      throw error
    }
  }

  /// Removes what was not used for the longest time, never what is in use, and what a crash left half made.
  private func evict() {
    let folders = Files.names(in: directory).filter { !$0.contains(".") && $0 != "interpreters" }
    let entries = folders.map { name -> (folder: String, used: Int64?) in
      let folder = "\(directory)/\(name)"
      return (folder, Files.stamp(Self.marker(in: folder))?.modifiedNanoseconds)
    }
    let complete = entries.filter { $0.used != nil }.sorted { $0.used ?? 0 < $1.used ?? 0 }
    let doomed = entries.filter { $0.used == nil } + complete.prefix(max(0, complete.count - limit))
    for entry in doomed {
      guard let lock = try? FileLock.attempt(entry.folder + ".lock", .exclusive) else { continue }
      Files.remove(Self.marker(in: entry.folder))
      Files.removeTree(entry.folder)
      Files.remove(entry.folder + ".lock")
      lock.unlock()
    }
    for leftover in Files.names(in: directory) where leftover.contains(".removed.") {
      Files.remove("\(directory)/\(leftover)")
    }
  }
}
