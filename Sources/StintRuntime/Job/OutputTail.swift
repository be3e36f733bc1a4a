#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Reads a job's output from any offset while it is written.
package struct OutputTail: Sendable {
  /// The file it reads.
  package let path: String

  /// A reader of the file at `path`, which need not exist yet.
  package init(path: String) {
    self.path = path
  }

  /// How many bytes there are now.
  package func size() -> UInt64 {
    UInt64(max(0, Files.stamp(path)?.size ?? 0))
  }

  /// At most `limit` bytes from `offset`; empty where there is nothing yet.
  package func read(from offset: UInt64, upTo limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return [] }
      throw FileError("cannot open", path)
    }
    defer { close(descriptor) }
    let count = min(limit, Int(clamping: Files.stamp(ofOpenFile: descriptor)?.size ?? 0) - Int(clamping: offset))
    guard count > 0 else { return [] }
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let part = pread(
          descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
        if part < 0 && errno == EINTR { continue }
        if part < 0 { failure = FileError("cannot read", path) }
        if part <= 0 { return }
        filled += part
      }
    }
    if let failure { throw failure }
    return bytes
  }
}
