import StintModel
import StintRuntime

/// One thing that clean-up removes or leaves.
struct StoredItem {
  var path: String
  var bytes: Int
  /// When it was used last, in nanoseconds since 1970.
  var used: Int64
  var isInUse = false
  /// Removes it; false where that must not be now.
  var remove: () -> Bool

  /// For how many days nobody has used it.
  var days: Double { Double(Files.now - used) / 86_400e9 }
}

extension AgentStorage {
  /// What there is of a kind that clean-up knows.
  func items(of kind: StorageKind) -> [StoredItem] {
    switch kind {
    case .images, .models, .datasets: contents(of: kind)
    case .tasks: unsentOutputs
    case .logs: logs
    case .temporary: temporary
    case .environments: environmentItems
    case .repositories: repositories
    case .packages, .interpreters: []
    }
  }

  private func contents(of kind: StorageKind) -> [StoredItem] {
    let inUse = contentsInUse
    return homes.map(\.contents).flatMap { contents in
      contents.files().filter { $0.kind.rawValue == kind.rawValue }.map { file in
        StoredItem(
          path: file.path, bytes: Int(file.size), used: file.used, isInUse: file.isLinked || inUse.contains(file.hash)
        ) { contents.remove(file) { contentsInUse.contains(file.hash) } }
      }
    }
  }

  private var taskFolders: [String] { homes.flatMap { Self.paths(in: $0.tasks) } }

  private static func paths(in folder: String) -> [String] { Files.names(in: folder).map { "\(folder)/\($0)" } }

  /// What could not be sent of tasks that are over.
  private var unsentOutputs: [StoredItem] {
    taskFolders.map { "\($0)/outputs" }.filter(Files.exists).map { folder in
      item(folder) {
        Files.removeTree(folder)
        Files.removeEmptyFolder(folder.parentFolder)
      }
    }
  }

  /// The logs of runs that are over, and of daemons that have ended.
  private var logs: [StoredItem] {
    let daemons = homes.flatMap { Self.paths(in: $0.logs) }
    let tasks = taskFolders.flatMap { Self.paths(in: "\($0)/logs") }
    let written = DaemonLog.written(by: LocalAgents.running(in: setup.caches))
    return daemons.map { file in
      item(file, isInUse: Files.realPath(file).map(written.contains) ?? false) { Files.remove(file) }
    }
      + tasks.map { file in
        item(file) {
          Files.remove(file)
          Files.removeEmptyFolder(file.parentFolder)
          Files.removeEmptyFolder(file.parentFolder.parentFolder)
        }
      }
  }

  private var temporary: [StoredItem] {
    homes.flatMap { Self.paths(in: $0.temporary) }.filter { $0.hasSuffix(".part") }.map { file in
      let lock = String(file.dropLast(".part".count)) + ".lock"
      return item(file, isInUse: FileLock.isHeld(lock)) {
        guard !FileLock.isHeld(lock) else { return }
        Files.remove(file)
      }
    }
  }

  private var environmentItems: [StoredItem] {
    environments.kept().map { environment in
      var seen: Set<FileIdentity> = []
      return StoredItem(
        path: environment.path, bytes: Int(clamping: FileTree.room(of: environment.path, seen: &seen)),
        used: environment.used
      ) { environments.remove(environment) }
    }
  }

  /// Checkouts borrow from mirrors, so that these are in use as long as a task runs.
  private var repositories: [StoredItem] {
    let isNeeded = { JobFolder.all(in: setup.caches).contains { Files.exists($0.path) } }
    let isInUse = isNeeded()
    return mirrors.kept().map { mirror in
      var item = item(mirror, isInUse: isInUse) {}
      item.remove = { !isNeeded() && mirrors.remove(mirror) }
      return item
    }
  }

  private func item(_ path: String, isInUse: Bool = false, _ remove: @escaping () -> Void) -> StoredItem {
    var seen: Set<FileIdentity> = []
    return StoredItem(
      path: path, bytes: Int(clamping: FileTree.room(of: path, seen: &seen)),
      used: Files.modificationTime(of: path) ?? 0, isInUse: isInUse
    ) {
      remove()
      return !Files.exists(path)
    }
  }
}
