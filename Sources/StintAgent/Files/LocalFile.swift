#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Why a file of the agent could not be read or written.
package struct LocalFileError: Error, Equatable, CustomStringConvertible {
  package let action: String
  package let path: String
  package let code: Int32

  package var description: String {
    "cannot \(action) \(path): \(String(cString: strerror(code))). Check the folder's owner and the free space on its disk."
  }
}

/// The few file operations of the agent. What it makes is for its own user only.
enum LocalFile {
  /// The whole content; nil where there is no such file.
  static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = Self.take(descriptor, &chunk)
      if count > 0 { content += chunk[..<count] }
      if count == 0 { return content }
      if count < 0, errno != EINTR { return nil }
    }
  }

  /// The whole content as text; nil where there is no such file.
  static func text(_ path: String) -> String? { read(path).map { String(decoding: $0, as: UTF8.self) } }

  /// Replaces the file: a reader sees the old content or the new.
  static func replace(_ path: String, with text: String) throws(LocalFileError) {
    let temporary = "\(path).new"
    try put(text, into: temporary, flags: O_CREAT | O_TRUNC)
    guard rename(temporary, path) == 0 else { throw LocalFileError(action: "replace", path: path, code: errno) }
  }

  /// Writes behind what is there.
  static func append(_ text: String, to path: String) throws(LocalFileError) {
    try put(text, into: path, flags: O_CREAT | O_APPEND)
  }

  /// Makes the folder and those above it.
  static func makeFolder(_ path: String) throws(LocalFileError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw LocalFileError(action: "make the folder", path: path, code: errno)
    }
    try makeFolder(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw LocalFileError(action: "make the folder", path: path, code: errno)
    }
  }

  /// The names in a folder, sorted.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) {
          String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func remove(_ path: String) { unlink(path) }

  /// Writes to standard output at once.
  static func print(_ text: String) {
    try? putAll(text, to: STDOUT_FILENO, path: "standard output")
  }

  private static func put(_ text: String, into path: String, flags: Int32) throws(LocalFileError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | flags, 0o600)
    guard descriptor >= 0 else { throw LocalFileError(action: "write", path: path, code: errno) }
    defer { close(descriptor) }
    try putAll(text, to: descriptor, path: path)
  }

  private static func putAll(_ text: String, to descriptor: Int32, path: String) throws(LocalFileError) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { give(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw LocalFileError(action: "write", path: path, code: errno) }
      written += count
    }
  }

  private static func take(_ descriptor: Int32, _ chunk: inout [UInt8]) -> Int {
    chunk.withUnsafeMutableBytes { systemRead(descriptor, $0) }
  }

  private static func give(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    systemWrite(descriptor, bytes)
  }
}

// The enum's own names hide the system's.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
