import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The claim of one server on a data folder. The system drops it when the process ends, however that happens.
final class DirectoryLock: Sendable {
  private let descriptor: Mutex<Int32>

  init(directory: String) throws(StoreError) {
    let file = open(directory + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .folderUnusable(directory: directory, reason: lastSystemError()) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let isTaken = errno == EWOULDBLOCK
      let reason = lastSystemError()
      Self.close(file)
      throw isTaken ? .folderInUse(directory: directory) : .folderUnusable(directory: directory, reason: reason)
    }
    descriptor = Mutex(file)
  }

  func release() {
    descriptor.withLock { file in
      guard file >= 0 else { return }
      // Closing alone would leave the claim to a child that was just forked and has not yet become its program.
      flock(file, LOCK_UN)
      Self.close(file)
      file = -1
    }
  }

  deinit { release() }

  private static func close(_ file: Int32) {
    #if canImport(Glibc)
    _ = Glibc.close(file)
    #else
    _ = Darwin.close(file)
    #endif
  }
}
