#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension ContentStore {
  /// All files, in no order.
  package func files() -> [KeptFile] {
    ContentKind.allCases.flatMap { kind in
      FileTree.regularFiles(below: "\(directory)/\(kind.rawValue)").compactMap { name in
        let path = "\(directory)/\(kind.rawValue)/\(name)"
        var info = stat()
        guard lstat(path, &info) == 0 else { return nil }
        return KeptFile(
          path: path, kind: kind, hash: String(path.lastName.prefix(64)), size: Int64(info.st_blocks) * 512,
          used: info.accessedNanoseconds, isLinked: info.st_nlink > 1)
      }
    }
  }

  /// Takes the file out, unless somebody is fetching or placing it, or a task has it. False where it stays.
  package func remove(_ file: KeptFile, unless isInUse: () -> Bool) -> Bool {
    do {
      try Files.makeDirectory(temporary)
      guard let lock = try FileLock.attempt("\(temporary)/\(file.hash).lock", .exclusive) else { return false }
      defer {
        Files.remove(lock.path)
        lock.unlock()
      }
      guard Files.linkCount(file.path) == 1, !isInUse() else { return false }
      Files.remove(file.path)
      Files.removeEmptyFolder(file.path.parentFolder)
      Files.removeEmptyFolder(file.path.parentFolder.parentFolder)
      return true
    } catch {
      return false
    }
  }
}

/// A file of the store.
package struct KeptFile: Sendable, Equatable {
  package let path: String
  package let kind: ContentKind
  package let hash: String
  /// The room that it takes on the disk.
  package let size: Int64
  /// When it was placed for the last time, in nanoseconds since 1970.
  package let used: Int64
  /// Whether it has other names, which are those that tasks see.
  package let isLinked: Bool

  /// The time of change that a file of the store has as long as nobody has written to it.
  static let mark: Int64 = 1_000_000_000_000_000_000
}

extension stat {
  /// When the content was read or placed, in nanoseconds since 1970.
  fileprivate var accessedNanoseconds: Int64 {
    #if canImport(Darwin)
    st_atimespec.nanoseconds
    #else
    st_atim.nanoseconds
    #endif
  }
}
