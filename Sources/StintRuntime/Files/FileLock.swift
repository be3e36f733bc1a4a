#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A lock on a file that ends with the value, or with the process that holds it.
package final class FileLock: Sendable {
  /// Shared locks exclude exclusive ones only.
  package enum Mode: Sendable {
    case shared, exclusive

    fileprivate var flag: Int32 { self == .shared ? LOCK_SH : LOCK_EX }
  }

  /// The file that is locked.
  package let path: String
  private let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit {
    // Not left to `close`: a child that is between fork and exec has the descriptor, too, and would keep the lock.
    unlock()
    close(descriptor)
  }

  /// The lock, or nil where somebody else holds one that excludes it.
  package static func attempt(_ path: String, _ mode: Mode) throws(FileError) -> FileLock? {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw FileError("cannot open the lock", path) }
      let lock = FileLock(path: path, descriptor: descriptor)
      guard flock(descriptor, mode.flag | LOCK_NB) == 0 else {
        if errno == EINTR { continue }
        guard errno == EWOULDBLOCK else { throw FileError("cannot lock", path) }
        return nil
      }
      // The file may have been removed between open and lock: then this lock excludes nobody.
      if let held = Files.stamp(ofOpenFile: descriptor), let named = Files.stamp(path),
        held.inode == named.inode, held.device == named.device
      {
        return lock
      }
    }
  }

  /// Waits without blocking a thread until the lock is free.
  package static func acquire(_ path: String, _ mode: Mode) async throws -> FileLock {
    var pause = Pause()
    while true {
      if let lock = try attempt(path, mode) { return lock }
      try await pause.sleep()
    }
  }

  /// Whether somebody holds an exclusive lock on the file. A file that is missing is not locked.
  package static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else {
      flock(descriptor, LOCK_UN)
      return false
    }
    return errno == EWOULDBLOCK
  }

  /// Lets go of the lock before the value ends.
  package func unlock() {
    flock(descriptor, LOCK_UN)
  }

  /// Lets others share. Not atomic: what the lock protects must be looked at again.
  package func share() throws(FileError) {
    guard flock(descriptor, LOCK_SH) == 0 else { throw FileError("cannot share the lock", path) }
  }
}

/// Sleeps that grow from 2 to 50 ms, for waiting on what sends no word.
struct Pause {
  private var next = Duration.milliseconds(2)

  mutating func sleep() async throws(CancellationError) {
    do {
      try await Task.sleep(for: next)
    } catch {
      throw CancellationError()
    }
    next = min(next * 3 / 2, .milliseconds(50))
  }
}
