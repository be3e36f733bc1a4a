import CShim

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How much disk a job's output takes until it is with the server. The job's shim keeps to the limit, with or without an
/// agent: it gives up the older half of what is there, and notes it, rather than to make the job wait or fill the disk.
package struct OutputSpool: Sendable {
  private let directory: String

  /// The spool of the job in `directory`.
  package init(directory: String) { self.directory = directory }

  /// Sets the limit, in bytes. Before the job starts.
  package func prepare(limit: Int) throws(FileError) {
    try Files.write("\(limit)\n", to: directory + "/spool-limit")
    try Files.write("\(String(repeating: "0", count: 19))\n", to: directory + "/cut")
  }

  /// From where on the output is whole. What was read before this was asked may be zeros up to there.
  package var cut: UInt64 {
    Files.readText(directory + "/cut").flatMap { UInt64($0.prefix { $0 != "\n" }) } ?? 0
  }

  /// Gives the room of the first `count` bytes back: they are with the server.
  package func release(_ count: UInt64) {
    let descriptor = open(directory + "/output.log", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    _ = stint_release_room(descriptor, Int64(clamping: count & ~4095))
  }
}
