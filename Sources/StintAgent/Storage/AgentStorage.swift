import StintConfig
import StintModel
import StintRuntime

/// What an agent keeps on its machine: how much of it, and how it is cleaned up. Nothing that a running task uses is ever
/// removed.
package struct AgentStorage: Sendable {
  let setup: AgentSetup

  package init(setup: AgentSetup) { self.setup = setup }

  var settings: StorageSettings { setup.settings.storage }
  /// Those of all keys: what agents with a key of yesterday have kept is looked after, too.
  var homes: [AgentHome] { [setup.home] + setup.caches.knownHomes.filter { $0 != setup.home } }
  var environments: Environments { Environments(directory: setup.caches.environments, limits: setup.environmentLimits) }
  var mirrors: GitMirrors { GitMirrors(directory: setup.caches.mirrors) }

  /// The contents that running tasks use, whether or not they have other names here.
  var contentsInUse: Set<String> { Set(JobFolder.all(in: setup.caches).flatMap(\.contentsInUse)) }

  /// How much room each kind takes. Looks at every file, which may take a while.
  package func usage() -> [StorageUsage] {
    var seen: Set<FileIdentity> = []
    return StorageKind.allCases.map { kind in
      switch kind {
      case .packages: whole(kind, setup.caches.packages, &seen)
      case .interpreters: whole(kind, setup.caches.pythons, &seen)
      case .tasks: tasks(&seen)
      default: usage(kind, items(of: kind), &seen)
      }
    }
  }

  /// Removes what `cleanup` is about; where `isTrial`, only tells what it would remove.
  package func clean(_ cleanup: StorageCleanup, isTrial: Bool = false) -> [StorageUsage] {
    (cleanup.kinds ?? StorageKind.usual).filter(\.isCleanable).map { kind in
      clean(items(of: kind), kind: kind, isTrial: isTrial) { item, left in
        let isOld = cleanup.unusedDays.map { item.days > $0 }
        let isTooMuch = cleanup.keepBytes.map { left > $0 }
        return isOld ?? isTooMuch.map { _ in false } ?? true || isTooMuch ?? false
      }
    }
  }

  /// What the settings ask for without being told.
  package func cleanAsSet() -> [StorageUsage] {
    let kinds = [StorageKind.images, .models, .datasets]
    var cleaned = kinds.map { kind in
      clean(items(of: kind), kind: kind) { item, _ in item.days > settings.unusedDays }
    }
    let all = kinds.flatMap { items(of: $0) }
    if let limit = settings.limit { cleaned.append(clean(all, kind: .models) { _, left in left > limit }) }
    cleaned.append(
      clean(items(of: .logs), kind: .logs) { item, left in item.days > settings.logDays || left > Self.mostLogs })
    cleaned.append(clean(items(of: .temporary), kind: .temporary) { item, _ in item.days > Self.temporaryDays })
    cleaned.append(makeRoom())
    return cleaned.filter { $0.count > 0 }
  }

  /// Gives the room back that the settings want to be free, as far as what tasks take in has it.
  @discardableResult
  func makeRoom() -> StorageUsage {
    let home = setup.caches.homes
    // Of a small disk nobody means all of it.
    let wanted = min(UInt64(settings.minimumFree), (Files.diskBytes(of: home) ?? .max) / 10)
    func isShort() -> Bool { (Files.freeBytes(of: home) ?? .max) < wanted }
    guard isShort() else { return StorageUsage(kind: .models) }
    let all = [StorageKind.temporary, .images, .models, .datasets].flatMap { items(of: $0) }
    return clean(all, kind: .models) { _, _ in isShort() }
  }

  private static let mostLogs = 1 << 30

  /// Removes the one thing of what tasks take in that was used longest ago; false where all is in use.
  func removeLeastUsed() -> Bool {
    let all = [StorageKind.images, .models, .datasets].flatMap { items(of: $0) }
    return all.sorted { $0.used < $1.used }.contains { !$0.isInUse && $0.remove() }
  }

  /// What was begun and not gone on with for so long is not wanted any more.
  private static let temporaryDays = 2.0

  /// Removes what `shall` says, what was used longest ago first; it is told how many bytes are left.
  private func clean(
    _ items: [StoredItem], kind: StorageKind, isTrial: Bool = false, _ shall: (StoredItem, Int) -> Bool
  ) -> StorageUsage {
    var removed = StorageUsage(kind: kind)
    var left = items.reduce(0) { $0 + $1.bytes }
    for item in items.sorted(by: { $0.used < $1.used }) where !item.isInUse && shall(item, left) {
      guard isTrial || item.remove() else { continue }
      left -= item.bytes
      removed.bytes += item.bytes
      removed.count += 1
    }
    return removed
  }

  private func usage(_ kind: StorageKind, _ items: [StoredItem], _ seen: inout Set<FileIdentity>) -> StorageUsage {
    var usage = StorageUsage(kind: kind, count: items.count)
    for item in items {
      let bytes = Int(clamping: FileTree.room(of: item.path, seen: &seen))
      usage.bytes += bytes
      if item.isInUse { usage.bytesInUse = (usage.bytesInUse ?? 0) + bytes }
    }
    return usage
  }

  private func whole(_ kind: StorageKind, _ folder: String, _ seen: inout Set<FileIdentity>) -> StorageUsage {
    let bytes = Int(clamping: FileTree.room(of: folder, seen: &seen))
    return StorageUsage(kind: kind, bytes: bytes, count: bytes > 0 ? 1 : 0)
  }

  /// Also the folders of runs, which are all in use.
  private func tasks(_ seen: inout Set<FileIdentity>) -> StorageUsage {
    var usage = usage(.tasks, items(of: .tasks), &seen)
    for folder in JobFolder.all(in: setup.caches) where Files.exists(folder.path) {
      let bytes = Int(clamping: FileTree.room(of: folder.path, seen: &seen))
      usage.bytes += bytes
      usage.bytesInUse = (usage.bytesInUse ?? 0) + bytes
      usage.count += 1
    }
    return usage
  }
}

extension AgentContext {
  var storage: AgentStorage { AgentStorage(setup: setup) }
}
