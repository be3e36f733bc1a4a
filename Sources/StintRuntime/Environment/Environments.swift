#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

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
    let interpreter = try await interpreters.resolve(spec.python, environment: variables)
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
          log: log)
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
}

/// Looks for an environment that is free, and has it made where there is none.
struct EnvironmentSearch: Sendable {
  let path: String
  let isShared: Bool
  let log: @Sendable (String) -> Void

  /// `build` fills a folder and marks it as complete; what it leaves of one that fails is removed.
  func environment(_ build: (EnvironmentFolder) async throws -> Void) async throws -> PythonEnvironment {
    var number = 1
    var saysThatItWaits = true
    var pause = Pause()
    while true {
      let folder = EnvironmentFolder(path: isShared ? path : "\(path)-\(number)")
      if isShared, let lock = try FileLock.attempt(folder.lock, .shared), let found = found(folder, lock) {
        return found
      }
      guard let claim = try FileLock.attempt(folder.claim, .exclusive) else {
        if saysThatItWaits, !folder.isComplete { log("Waiting for the environment that another task is making.") }
        saysThatItWaits = false
        try await pause.sleep()
        continue
      }
      defer { withExtendedLifetime(claim) {} }
      if let lock = try FileLock.attempt(folder.lock, .exclusive) {
        return try await take(folder, lock, build)
      }
      // Somebody uses it. Where it is shared, that somebody has just come or is about to leave.
      if isShared { try await pause.sleep() } else { number += 1 }
    }
  }

  /// The environment in `folder`, made now unless it is there. The claim and an exclusive lock are held.
  private func take(
    _ folder: EnvironmentFolder, _ lock: FileLock, _ build: (EnvironmentFolder) async throws -> Void
  ) async throws -> PythonEnvironment {
    if isShared || folder.isUnchanged, let found = found(folder, lock) {
      try lock.share()
      return found
    }
    if folder.isComplete {
      log("The cached environment is not as it was made: a task changed it. It is made anew.")
    }
    // Else what is there is a build that was interrupted.
    folder.remove()
    try Files.makeDirectory(folder.path)
    do {
      try await build(folder)
    } catch {
      folder.remove()
      throw error
    }
    try lock.share()
    return PythonEnvironment(folder: folder, frozen: folder.frozen, reused: false, isShared: isShared, hold: lock)
  }

  private func found(_ folder: EnvironmentFolder, _ lock: FileLock) -> PythonEnvironment? {
    // Its interpreter may be gone.
    guard folder.isComplete, Files.isExecutableFile(folder.python) else { return nil }
    Files.touch(folder.marker)
    return PythonEnvironment(folder: folder, frozen: folder.frozen, reused: true, isShared: isShared, hold: lock)
  }
}
