import Crypto
import Dispatch
import StintWire
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file on its way in: it goes to the disk as it arrives, so that memory stays flat, and is hashed on the way.
/// An upload that is dropped before `finish` leaves nothing behind.
package final class FileUpload: Sendable {
  /// What has arrived, durable on the disk.
  struct Content: Sendable {
    let temporaryPath: String
    let hash: String
    let size: Int
  }

  private struct State {
    /// -1 when the upload has ended.
    var descriptor: Int32
    var hash = SHA256()
    var size = 0
  }

  private let state: Mutex<State>
  private let temporaryPath: String
  private let store: FileStore

  init(temporaryPath: String, store: FileStore) throws(StoreError) {
    let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(temporaryPath) }
    state = Mutex(State(descriptor: descriptor))
    self.temporaryPath = temporaryPath
    self.store = store
  }

  deinit { cancel() }

  /// Appends to the content.
  /// - Throws: `StoreError`, `diskFull` among them.
  package func append(_ bytes: some Sequence<UInt8>) throws(StoreError) {
    let result =
      bytes.withContiguousStorageIfAvailable { append(UnsafeRawBufferPointer($0)) }
      ?? Array(bytes).withUnsafeBytes { append($0) }
    try result.get()
  }

  private func append(_ bytes: UnsafeRawBufferPointer) -> Result<Void, StoreError> {
    state.withLock { state in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = write(state.descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return .failure(Self.failure(temporaryPath)) }
        rest = rest.dropFirst(count)
      }
      state.hash.update(bufferPointer: bytes)
      state.size += bytes.count
      return .success(())
    }
  }

  /// Ends the upload: the file is at `path`, and durable, when this returns. What was there before is replaced.
  package func finish(path: String, type: String? = nil) async throws -> StoredFile {
    let path = try FilePath.normalized(path)
    return try await store.record(try await flushed(), path: path, type: type)
  }

  /// Gives the upload up.
  package func cancel() {
    state.withLock { state in
      if state.descriptor >= 0 { close(state.descriptor) }
      state.descriptor = -1
    }
    // After `finish` the file is elsewhere, and nothing is at this path.
    unlink(temporaryPath)
  }

  /// Flushing may take long: it has a thread of its own.
  private func flushed() async throws -> Content {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: self.flush()) }
    }
  }

  private func flush() -> Result<Content, any Error> {
    state.withLock { state in
      defer {
        if state.descriptor >= 0 { close(state.descriptor) }
        state.descriptor = -1
      }
      guard fsync(state.descriptor) == 0 else { return .failure(Self.failure(temporaryPath)) }
      let hash = state.hash.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
      return .success(Content(temporaryPath: temporaryPath, hash: hash, size: state.size))
    }
  }

  private static func failure(_ path: String) -> StoreError {
    errno == ENOSPC || errno == EDQUOT
      ? .diskFull : .folderUnusable(directory: path, reason: String(cString: strerror(errno)))
  }
}
