#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file read or written from its start to its end, whose failures name it. Closed with its last reference.
final class OpenFile {
  let path: String
  private let descriptor: Int32

  /// Opens a file to read.
  init(reading path: String) throws(OperationError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: lastSystemError()) }
  }

  /// Makes a file, its owner's alone; one that is there is not touched.
  init(creating path: String) throws(OperationError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    self.path = path
    guard descriptor >= 0 else {
      throw errno == EEXIST ? .exists(path: path) : .cannotWrite(path: path, reason: lastSystemError())
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Bytes of the file.
  func size() throws(OperationError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: lastSystemError()) }
    return Int(status.st_size)
  }

  /// Up to `limit` of the next bytes; none at the end.
  func read(upTo limit: Int) throws(OperationError) -> [UInt8] {
    while true {
      var count = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, used in
        #if canImport(Glibc)
        count = Glibc.read(descriptor, buffer.baseAddress, limit)
        #else
        count = Darwin.read(descriptor, buffer.baseAddress, limit)
        #endif
        used = max(0, count)
      }
      if count >= 0 { return bytes }
      guard errno == EINTR else { throw .cannotRead(path: path, reason: lastSystemError()) }
    }
  }

  /// Appends all of `bytes`.
  func write(_ bytes: [UInt8]) throws(OperationError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { buffer in
        #if canImport(Glibc)
        Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #else
        Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .cannotWrite(path: path, reason: lastSystemError()) }
      written += count
    }
  }

  /// Returns when what was written is durable.
  func sync() throws(OperationError) {
    guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, reason: lastSystemError()) }
  }
}

/// Gives a file its final name, durably.
func rename(_ path: String, to target: String) throws(OperationError) {
  #if canImport(Glibc)
  let result = Glibc.rename(path, target)
  #else
  let result = Darwin.rename(path, target)
  #endif
  guard result == 0 else { throw .cannotWrite(path: target, reason: lastSystemError()) }
  let parent = target.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  let folder = open(parent.isEmpty ? (target.hasPrefix("/") ? "/" : ".") : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { return }
  fsync(folder)
  close(folder)
}
