#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Looks at all files below a folder without reading them.
package enum FileTree {
  /// A text that is another one when a file was added, removed, renamed or written to. What Python compiled does not
  /// count: interpreters write that whenever they like.
  static func fingerprint(of folder: String) -> String {
    var count = 0
    var sum: UInt64 = 0
    walk(folder) { entry in
      count += 1
      var hash = Hash(continuing: entry.pathHash)
      hash.add(UInt64(truncatingIfNeeded: entry.info.st_size))
      hash.add(UInt64(truncatingIfNeeded: entry.info.modifiedNanoseconds))
      // Who writes can set the time of it back, but not that of the last change. Another link changes that, too.
      if entry.info.st_nlink == 1 { hash.add(UInt64(truncatingIfNeeded: entry.info.changedNanoseconds)) }
      // A sum, because folders name their files in any order.
      sum &+= hash.value
    }
    return "\(count) \(String(sum, radix: 16))"
  }

  /// The room that a file, or all that is below a folder, takes on the disk, in bytes. What has several names is counted
  /// once for all calls that share `seen`.
  package static func room(of path: String, seen: inout Set<FileIdentity>) -> Int64 {
    var info = stat()
    guard lstat(path, &info) == 0 else { return 0 }
    guard info.st_mode & S_IFMT == S_IFDIR else { return info.room(&seen) }
    var sum: Int64 = 0
    walk(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), Hash().value, skipsBytecode: false) {
      sum += $0.info.room(&seen)
    }
    return sum
  }

  /// Takes away the right to write into the files; they can still be removed and replaced.
  static func writeProtect(_ folder: String) {
    walk(folder) { entry in
      guard entry.info.st_mode & S_IFMT == S_IFREG else { return }
      fchmodat(entry.parent, entry.name, entry.info.st_mode & 0o7555, 0)
    }
  }

  /// The paths below a folder of all files in it that are no links, in order.
  package static func regularFiles(below folder: String) -> [String] {
    let entries = Files.names(in: folder)
    return entries.flatMap { name -> [String] in
      var info = stat()
      guard lstat("\(folder)/\(name)", &info) == 0 else { return [] }
      switch info.st_mode & S_IFMT {
      case S_IFREG: return [name]
      case S_IFDIR: return regularFiles(below: "\(folder)/\(name)").map { "\(name)/\($0)" }
      default: return []
      }
    }
  }

  /// The files and links below a folder, not the folders themselves.
  private static func walk(_ folder: String, _ visit: (Entry) -> Void) {
    walk(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), Hash().value, visit)
  }

  private static func walk(
    _ descriptor: Int32, _ pathHash: UInt64, skipsBytecode: Bool = true, _ visit: (Entry) -> Void
  ) {
    guard descriptor >= 0 else { return }
    guard let stream = fdopendir(descriptor) else {
      close(descriptor)
      return
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) { name in
          guard strcmp(name, ".") != 0, strcmp(name, "..") != 0 else { return }
          if skipsBytecode, strcmp(name, "__pycache__") == 0 { return }
          var info = stat()
          guard fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return }
          var hash = Hash(continuing: pathHash)
          hash.add(name)
          if info.st_mode & S_IFMT == S_IFDIR {
            walk(
              openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), hash.value,
              skipsBytecode: skipsBytecode, visit)
          } else {
            visit(Entry(parent: descriptor, name: name, pathHash: hash.value, info: info))
          }
        }
      }
    }
  }

  private struct Entry {
    let parent: Int32
    let name: UnsafePointer<CChar>
    let pathHash: UInt64
    let info: stat
  }

  /// FNV-1a, which needs no more than what is at hand.
  private struct Hash {
    private(set) var value: UInt64

    init(continuing value: UInt64 = 0xcbf2_9ce4_8422_2325) { self.value = value }

    mutating func add(byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }

    mutating func add(_ number: UInt64) {
      for shift in stride(from: 0 as UInt64, to: 64, by: 8) { add(byte: UInt8(truncatingIfNeeded: number >> shift)) }
    }

    /// The bytes of a name and the 0 behind them.
    mutating func add(_ name: UnsafePointer<CChar>) {
      var position = name
      while true {
        add(byte: UInt8(bitPattern: position.pointee))
        if position.pointee == 0 { return }
        position += 1
      }
    }
  }
}

/// What tells a file from all others, whatever its names.
package struct FileIdentity: Hashable, Sendable {
  let device: UInt64
  let inode: UInt64
}

extension stat {
  /// The room on the disk; none where another name of the file was seen.
  fileprivate func room(_ seen: inout Set<FileIdentity>) -> Int64 {
    if st_nlink > 1, !seen.insert(FileIdentity(device: UInt64(st_dev), inode: UInt64(st_ino))).inserted { return 0 }
    return Int64(st_blocks) * 512
  }

  /// When the content was changed, in nanoseconds since 1970.
  var modifiedNanoseconds: Int64 {
    #if canImport(Darwin)
    st_mtimespec.nanoseconds
    #else
    st_mtim.nanoseconds
    #endif
  }

  /// When the content, the mode, the owner or the number of links was changed.
  fileprivate var changedNanoseconds: Int64 {
    #if canImport(Darwin)
    st_ctimespec.nanoseconds
    #else
    st_ctim.nanoseconds
    #endif
  }
}

extension timespec {
  var nanoseconds: Int64 { Int64(tv_sec) * 1_000_000_000 + Int64(tv_nsec) }
}
