#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Looks at all files below a folder without reading them.
enum FileTree {
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

  /// Takes away the right to write into the files; they can still be removed and replaced.
  static func writeProtect(_ folder: String) {
    walk(folder) { entry in
      guard entry.info.st_mode & S_IFMT == S_IFREG else { return }
      fchmodat(entry.parent, entry.name, entry.info.st_mode & 0o7555, 0)
    }
  }

  /// The files and links below a folder, not the folders themselves.
  private static func walk(_ folder: String, _ visit: (Entry) -> Void) {
    walk(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), Hash().value, visit)
  }

  private static func walk(_ descriptor: Int32, _ pathHash: UInt64, _ visit: (Entry) -> Void) {
    guard descriptor >= 0 else { return }
    guard let stream = fdopendir(descriptor) else {
      close(descriptor)
      return
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) { name in
          guard strcmp(name, ".") != 0, strcmp(name, "..") != 0, strcmp(name, "__pycache__") != 0 else { return }
          var info = stat()
          guard fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return }
          var hash = Hash(continuing: pathHash)
          hash.add(name)
          if info.st_mode & S_IFMT == S_IFDIR {
            walk(openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), hash.value, visit)
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

extension stat {
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
