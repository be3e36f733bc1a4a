import CShim

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What the system said when a file could not be read or written.
package struct FileError: Error, Equatable, CustomStringConvertible {
  /// What was tried, e.g. "cannot write".
  package let action: String
  /// The file or folder it was tried on.
  package let path: String
  /// The system's error number.
  package let code: Int32

  /// Whether there was no room on the disk.
  package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

  package var description: String {
    "\(action) \(path): \(String(cString: strerror(code))). Check the folder's owner and the free space on its disk."
  }

  init(_ action: String, _ path: String, code: Int32 = errno) {
    self.action = action
    self.path = path
    self.code = code
  }
}

/// The few file operations of the agent. What they make is for its own user only.
package enum Files {
  /// What identifies one version of a file without reading it.
  struct Stamp: Equatable {
    let modifiedNanoseconds: Int64
    let size: Int64
    let device: UInt64
    let inode: UInt64
    let isDirectory: Bool
  }

  static func stamp(_ path: String) -> Stamp? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return Stamp(info)
  }

  static func stamp(ofOpenFile descriptor: Int32) -> Stamp? {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { return nil }
    return Stamp(info)
  }

  /// Whether there is something at `path`.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// When the file was written to, in nanoseconds since 1970; nil where there is none.
  package static func modificationTime(of path: String) -> Int64? { stamp(path)?.modifiedNanoseconds }

  static func isExecutableFile(_ path: String) -> Bool {
    access(path, X_OK) == 0 && stamp(path)?.isDirectory == false
  }

  /// The path without links; nil where there is nothing.
  package static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The whole content; nil where there is no such file.
  package static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    // Files in /proc say that they have no size.
    var chunk = [UInt8](repeating: 0, count: max(4096, Int(stamp(ofOpenFile: descriptor)?.size ?? 0) + 1))
    while true {
      let count = readBytes(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// The whole content as text; nil where there is no such file.
  package static func readText(_ path: String) -> String? {
    read(path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Replaces the file: readers see the old content or the new, never a part.
  package static func write(_ text: String, to path: String) throws(FileError) {
    try write(Array(text.utf8), to: path)
  }

  /// Replaces the file: readers see the old content or the new, never a part.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let temporary = "\(path).tmp.\(getpid()).\(UInt32.random(in: .min ... .max))"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("cannot create", temporary) }
    do {
      try writeAll(bytes, to: descriptor, path: temporary)
      close(descriptor)
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = FileError("cannot replace", path)
      unlink(temporary)
      throw error
    }
  }

  /// Writes over the beginning of the file, in the room that it has already.
  static func overwrite(_ text: String, in path: String) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("cannot write", path) }
    defer { close(descriptor) }
    try writeAll(Array(text.utf8), to: descriptor, path: path)
  }

  /// Writes behind what is there.
  package static func append(_ text: String, to path: String) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("cannot write", path) }
    defer { close(descriptor) }
    try writeAll(Array(text.utf8), to: descriptor, path: path)
  }

  /// Whether the last byte of the file is the end of a line; so is the end of a file that is empty or missing.
  package static func endsInNewline(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    var last: UInt8 = 0
    guard let size = stamp(ofOpenFile: descriptor)?.size, size > 0, pread(descriptor, &last, 1, off_t(size) - 1) == 1
    else { return true }
    return last == UInt8(ascii: "\n")
  }

  /// Gives the file or folder another name on the same disk.
  package static func move(_ path: String, to other: String) throws(FileError) {
    guard rename(path, other) == 0 else { throw FileError("cannot rename", path) }
  }

  /// Waits until the file's bytes are on the disk.
  static func flush(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("cannot open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError("cannot write", path) }
  }

  /// How many names the file has; 0 where there is no such file.
  static func linkCount(_ path: String) -> Int {
    var info = stat()
    return stat(path, &info) == 0 ? Int(info.st_nlink) : 0
  }

  /// The time as files have it, in nanoseconds since 1970.
  package static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.nanoseconds
  }

  /// Whether nothing more can be written into the folder, for lack of room.
  package static func isDiskFull(of directory: String) -> Bool {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return stint_disk_is_full(descriptor) != 0
  }

  /// How many bytes may still be written to the disk of `folder`; nil where it does not say.
  package static func freeBytes(of folder: String) -> UInt64? {
    var info = statvfs()
    guard statvfs(folder, &info) == 0 else { return nil }
    return UInt64(info.f_bavail) * UInt64(info.f_frsize)
  }

  /// How many bytes the disk of `folder` has for files; nil where it does not say.
  package static func diskBytes(of folder: String) -> UInt64? {
    var info = statvfs()
    guard statvfs(folder, &info) == 0 else { return nil }
    return UInt64(info.f_blocks) * UInt64(info.f_frsize)
  }

  /// Writes to standard output at once. Whoever closed it does not want to know.
  package static func print(_ text: String) {
    try? writeAll(Array(text.utf8), to: STDOUT_FILENO, path: "standard output")
  }

  /// An open file that has no name and holds `bytes`, positioned at its start.
  static func anonymous(holding bytes: [UInt8]) throws(FileError) -> Int32 {
    let folder = FileManager.default.temporaryDirectory.path
    let path = "\(folder)/stint.\(getpid()).\(UInt64.random(in: .min ... .max))"
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("cannot create", path) }
    unlink(path)
    do {
      try writeAll(bytes, to: descriptor, path: path)
    } catch {
      close(descriptor)
      throw error
    }
    lseek(descriptor, 0, SEEK_SET)
    return descriptor
  }

  /// Makes the folder and those above it.
  package static func makeDirectory(_ path: String, mode: mode_t = 0o700) throws(FileError) {
    if mkdir(path, mode) == 0 { return }
    if errno == EEXIST, stamp(path)?.isDirectory == true { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw FileError("cannot make the folder", path)
    }
    try makeDirectory(String(path[..<slash]), mode: mode)
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw FileError("cannot make the folder", path) }
  }

  /// The names in a folder, sorted; none where there is no such folder.
  package static func names(in directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
  }

  /// Deletes what is at `path`, with all that is in it.
  package static func remove(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Moves the folder away at once, then deletes it, so that nobody ever meets half of it under its name.
  package static func removeTree(_ path: String) {
    let doomed = "\(path).removed.\(getpid()).\(UInt32.random(in: .min ... .max))"
    remove(rename(path, doomed) == 0 ? doomed : path)
  }

  /// Deletes the folder where nothing is in it.
  package static func removeEmptyFolder(_ path: String) { rmdir(path) }

  /// Makes a symbolic link at `path` that leads to `target`.
  package static func link(_ target: String, from path: String) throws(FileError) {
    guard symlink(target, path) == 0 else { throw FileError("cannot make the link", path) }
  }

  /// Changes who may read, write and run the file.
  package static func setMode(_ mode: mode_t, of path: String) throws(FileError) {
    guard chmod(path, mode) == 0 else { throw FileError("cannot change the mode of", path) }
  }

  /// Marks the file as used now.
  static func touch(_ path: String) {
    utimensat(AT_FDCWD, path, nil, 0)
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError("cannot write", path) }
      written += count
    }
  }
}

extension String {
  /// The folder that a path names something in.
  package var parentFolder: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "." }

  /// What a path ends with.
  package var lastName: String { lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self }
}

extension Files.Stamp {
  fileprivate init(_ info: stat) {
    modifiedNanoseconds = info.modifiedNanoseconds
    size = Int64(info.st_size)
    device = UInt64(info.st_dev)
    inode = UInt64(info.st_ino)
    isDirectory = info.st_mode & S_IFMT == S_IFDIR
  }
}

// The enum's own `read` and `write` hide the system's.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

private func writeBytes(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
