import StintRuntime

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The file that a detached daemon writes to: `daemon-PID.log`, and older ones with a number behind.
package struct DaemonLog: Sendable {
  package let path: String

  /// The file that this process writes its errors to, where that is one of `folder`.
  package init?(ofThisProcessIn folder: String) {
    guard let path = Files.realPath("/proc/self/fd/2"), let folder = Files.realPath(folder),
      path.parentFolder == folder, path.hasSuffix(".log")
    else { return nil }
    self.path = path
  }

  init(path: String) { self.path = path }

  /// Begins a new file where this one has grown over `limit`, and keeps `count` older ones.
  package func rotate(limit: Int, count: Int) throws(FileError) {
    guard OutputTail(path: path).size() > UInt64(limit) else { return }
    let ours = [STDOUT_FILENO, STDERR_FILENO].filter { Files.realPath("/proc/self/fd/\($0)") == path }
    Files.remove("\(path).\(count)")
    for number in stride(from: count - 1, to: 0, by: -1) where Files.exists("\(path).\(number)") {
      try Files.move("\(path).\(number)", to: "\(path).\(number + 1)")
    }
    if count > 0 { try Files.move(path, to: "\(path).1") } else { Files.remove(path) }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    // Whatever of this process writes there goes on in the new file.
    for stream in ours { dup2(descriptor, stream) }
    close(descriptor)
  }

  /// The files that the running daemons write to.
  static func written(by daemons: [DaemonRecord]) -> Set<String> {
    Set(daemons.compactMap { Files.realPath("/proc/\($0.pid)/fd/2") })
  }
}
