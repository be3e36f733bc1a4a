#if canImport(Glibc)
import Glibc
#endif

/// The memory that this process keeps mapped in.
package enum ResidentMemory {
  /// Gives back the pages of the program itself, of which a waiting process needs few, while starting up touches most
  /// of them once (the Swift runtime looks through all conformances). What is needed again is mapped in again from the
  /// page cache, in microseconds. Does nothing on systems other than Linux with glibc.
  package static func trim() {
    #if canImport(Glibc)
    guard let maps = Files.read("/proc/self/maps") else { return }
    for line in maps.split(separator: UInt8(ascii: "\n")) {
      guard let range = codeRange(mapping: String(decoding: line, as: UTF8.self)) else { continue }
      madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
    }
    #endif
  }

  /// The addresses of a line of /proc/self/maps that maps a file's code, nil for all others. Code is never written, so
  /// its pages can be dropped; read-only data is no such case, since the loader has relocated pointers in it.
  static func codeRange(mapping line: String) -> Range<UInt>? {
    let fields = line.split(separator: " ", maxSplits: 5)
    guard fields.count == 6, fields[1] == "r-xp", fields[5].drop(while: { $0 == " " }).hasPrefix("/")
    else { return nil }
    let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
  }
}
