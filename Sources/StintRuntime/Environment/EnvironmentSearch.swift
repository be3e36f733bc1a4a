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
