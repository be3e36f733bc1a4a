#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file that comes bit by bit, and whose first part may be there from an earlier attempt.
package struct PartialFile: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// How many bytes there are.
  package var size: UInt64 { UInt64(max(0, Files.stamp(path)?.size ?? 0)) }

  /// Begins anew.
  package func discard() { Files.remove(path) }

  /// Adds bytes at the end.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("cannot write", path) }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError("cannot write", path) }
      written += count
    }
  }

  /// Takes over a whole file of this machine.
  package func copy(from file: String) throws {
    discard()
    try FileClone.copy(file, to: path)
  }
}
