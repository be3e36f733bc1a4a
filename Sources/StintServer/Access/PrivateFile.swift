#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Writes a file that only its owner can read (0600), whole or not at all.
/// - Throws: `ServerError.cannotWrite`.
func writePrivateFile(_ bytes: [UInt8], to path: String) throws(ServerError) {
  let temporary = "\(path).\(getpid()).new"
  unlink(temporary)
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { throw .cannotWrite(path, errno) }
  var written = 0
  while written < bytes.count {
    let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { break }
    written += count
  }
  let isWhole = written == bytes.count && fsync(descriptor) == 0
  let reason = errno
  close(descriptor)
  guard isWhole, rename(temporary, path) == 0 else {
    unlink(temporary)
    throw .cannotWrite(path, reason)
  }
}
