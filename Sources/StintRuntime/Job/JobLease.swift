#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How long a job may run unless somebody moves its end on. The job's shim keeps to it, whether or not anybody else of us
/// still lives: a job that others may be given must have ended before.
package struct JobLease: Sendable {
  private let file: String

  /// The lease of the job in `directory`.
  package init(directory: String) { file = directory + "/lease" }

  /// Moves the end on: the holder was confirmed at `moment` for `duration`.
  ///
  /// The job is asked to end early enough to be gone before its time is over, also by a clock that is a little fast.
  package func extend(from moment: BootInstant, by duration: Duration) throws(FileError) {
    let length = Int64(duration / .milliseconds(1))
    let kill = moment.milliseconds + length - length / 20
    let end = kill - min(30_000, length / 4)
    // Always as long, and written in place: a full disk must not keep it from being moved on.
    try Files.overwrite("\(Self.padded(end)) \(Self.padded(kill))\n", in: file)
  }

  /// Lets the job run without an end.
  package func lift() { Files.remove(file) }

  /// Whether the job's time is over.
  package var isOver: Bool {
    let words = Files.readText(file)?.split(separator: " ")
    return words?.first.flatMap { Int64($0) }.map { $0 <= BootInstant.now.milliseconds } ?? false
  }

  private static func padded(_ number: Int64) -> String {
    let digits = String(max(0, number))
    return String(repeating: "0", count: max(0, 19 - digits.count)) + digits
  }
}

/// A moment on the clock that counts from the machine's start and goes on while it sleeps. Nobody can set it.
package struct BootInstant: Sendable, Codable, Equatable {
  fileprivate let milliseconds: Int64

  /// The time that has passed since.
  package var elapsed: Duration { .milliseconds(Self.now.milliseconds - milliseconds) }

  package static var now: BootInstant {
    var time = timespec()
    #if os(Linux)
    clock_gettime(CLOCK_BOOTTIME, &time)
    #else
    clock_gettime(CLOCK_MONOTONIC, &time)
    #endif
    return BootInstant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
