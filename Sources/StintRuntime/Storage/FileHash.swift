import Crypto

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The SHA-256 of files.
package enum FileHash {
  /// In hexadecimal, as `sha256sum` writes it.
  /// - Throws: `FileError`, `CancellationError`.
  package static func sha256(of path: String) async throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("cannot open", path) }
    defer { close(descriptor) }
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileError("cannot read", path) }
      if count == 0 { break }
      buffer[..<count].withUnsafeBytes { hash.update(bufferPointer: $0) }
      try Task.checkCancellation()
      await Task.yield()
    }
    return hash.finalize().hexadecimal
  }
}

extension Sequence<UInt8> {
  /// The bytes in hexadecimal.
  package var hexadecimal: String {
    map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
