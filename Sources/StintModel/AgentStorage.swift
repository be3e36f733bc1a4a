/// What an agent keeps on its machine, by what it is for.
package enum StorageKind: String, Codable, Sendable, CaseIterable, Hashable {
  case images, models, datasets
  /// The folders of tasks.
  case tasks
  case logs
  /// What is being fetched, and what is left of such.
  case temporary
  /// Python environments.
  case environments
  /// Mirrors of repositories.
  case repositories
  /// What package managers have downloaded.
  case packages
  /// Python interpreters.
  case interpreters

  /// Whether clean-up knows how to remove it. What package managers keep is for them to look after.
  package var isCleanable: Bool { self != .packages && self != .interpreters }

  /// What is cleaned up where nothing is named: what is fetched again when it is wanted.
  package static let usual: [StorageKind] = [.images, .models, .datasets, .temporary, .environments]
}

/// How much room one kind takes on an agent's disk.
package struct StorageUsage: Codable, Sendable, Hashable {
  package var kind: StorageKind
  package var bytes: Int
  /// How many things of this kind there are.
  package var count: Int
  /// What of `bytes` running tasks use.
  package var bytesInUse: Int?

  package init(kind: StorageKind, bytes: Int = 0, count: Int = 0, bytesInUse: Int? = nil) {
    (self.kind, self.bytes, self.count, self.bytesInUse) = (kind, bytes, count, bytesInUse)
  }
}

/// What is to be removed of what an agent keeps; never what a running task uses.
package struct StorageCleanup: Codable, Sendable, Hashable {
  /// What tells it from other orders, for an agent that hears of it twice.
  package var id: String?
  /// Of which kinds; the usual ones where unset.
  package var kinds: [StorageKind]?
  /// Only what nobody has used for so long.
  package var unusedDays: Double?
  /// Only so much that this many bytes of each kind stay, what was used last.
  package var keepBytes: Int?

  package init(id: String? = nil, kinds: [StorageKind]? = nil, unusedDays: Double? = nil, keepBytes: Int? = nil) {
    (self.id, self.kinds, self.unusedDays, self.keepBytes) = (id, kinds, unusedDays, keepBytes)
  }
}
