/// How much of the disk environments may take that nobody uses now.
package struct EnvironmentLimits: Sendable, Equatable {
  /// How many are kept.
  package var count: Int
  /// How many bytes must stay free on their disk.
  package var minimumFree: UInt64
  /// How long one may go without being used.
  package var maximumAge: Duration

  /// At most ten, none of which was unused for a month; everything may be left out.
  package init(count: Int = 10, minimumFree: UInt64 = 0, maximumAge: Duration = .seconds(30 * 24 * 3600)) {
    (self.count, self.minimumFree, self.maximumAge) = (count, minimumFree, maximumAge)
  }
}

extension Environments {
  /// Removes what was not used for the longest time, as far as the limits ask for it, and what a crash left half made;
  /// never what is in use.
  package func evict() {
    let now = Files.now
    var removed = 0
    var kept: [(folder: EnvironmentFolder, used: Int64)] = []
    for name in Files.names(in: directory) where !name.contains(".") && !Self.otherNames.contains(name) {
      let folder = EnvironmentFolder(path: "\(directory)/\(name)")
      let used = Files.stamp(folder.marker)?.modifiedNanoseconds
      if let used, Duration.nanoseconds(now - used) <= limits.maximumAge {
        kept.append((folder, used))
      } else if remove(folder) {
        removed += 1
      }
    }
    kept.sort { $0.used < $1.used }
    var surplus = kept.count - max(0, limits.count)
    for (folder, _) in kept {
      guard surplus > 0 || isDiskLow else { break }
      guard remove(folder) else { continue }
      surplus -= 1
      removed += 1
    }
    for leftover in Files.names(in: directory) where leftover.contains(".removed.") {
      Files.remove("\(directory)/\(leftover)")
    }
    if removed > 0 { removeUnusedBytecode() }
  }

  /// What lies beside the environments.
  static let otherNames: Set = ["interpreters", Bytecode.storeName]

  private var isDiskLow: Bool {
    limits.minimumFree > 0 && (Files.freeBytes(of: directory) ?? .max) < limits.minimumFree
  }

  /// Whether it was removed: nobody uses it, makes it or checks it.
  func remove(_ folder: EnvironmentFolder) -> Bool {
    guard let claim = try? FileLock.attempt(folder.claim, .exclusive),
      let lock = try? FileLock.attempt(folder.lock, .exclusive)
    else { return false }
    folder.remove()
    Files.remove(folder.lock)
    Files.remove(folder.claim)
    withExtendedLifetime((claim, lock)) {}
    return true
  }
}
