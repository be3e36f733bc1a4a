#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How a file got a second place.
package enum FileClone: String, Sendable, Codable {
  /// The file system shares the bytes until one of the two is written to.
  case reflink
  /// It is another name of the same file.
  case link
  case copy

  /// Puts the file at `target`, for reading only, in the way that costs least and protects most. What is there goes.
  static func make(of file: String, at target: String) throws -> FileClone {
    unlink(target)
    if reflink(file, to: target) { return .reflink }
    // As root may, a task could write into the one file that all have: the store notices that.
    if systemLink(file, target) == 0 { return .link }
    try copy(file, to: target)
    try Files.setMode(0o400, of: target)
    return .copy
  }

  static func copy(_ file: String, to target: String) throws {
    let source = open(file, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw FileError("cannot open", file) }
    defer { close(source) }
    let part = PartialFile(path: target)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(source, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileError("cannot read", file) }
      if count == 0 { break }
      try buffer[..<count].withUnsafeBytes { try part.append($0) }
    }
    // An empty file is one, too.
    if part.size == 0 { try Files.append("", to: target) }
  }

  private static func reflink(_ file: String, to target: String) -> Bool {
    #if os(Linux)
    let source = open(file, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { return false }
    defer { close(source) }
    let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o400)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    if ioctl(descriptor, clone, source) == 0 { return true }
    unlink(target)
    return false
    #else
    return clonefile(file, target, 0) == 0
    #endif
  }

  #if os(Linux)
  /// FICLONE, which glibc's headers hide from Swift.
  private static let clone: UInt = 0x4004_9409
  #endif
}

// The enum's own case hides the system's function.
private func systemLink(_ file: String, _ target: String) -> Int32 { link(file, target) }
