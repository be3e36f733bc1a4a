/// How a job ended.
package struct JobEnd: Sendable, Equatable {
  /// Why there is no process any more.
  package enum Reason: Sendable, Equatable {
    /// The program ended by itself with this code.
    case exited(Int32)
    /// A signal ended it.
    case signaled(Int32)
    /// There never was a process: the program or its folder could not be entered.
    case failedToStart(String)
    /// The process that watched the job vanished (killed, or the machine went down) and took the job's end with it.
    case lost
  }

  /// Why there is no process any more.
  package var reason: Reason
  /// Whether somebody had asked the job to stop.
  package var stopped = false
  /// Whether there was no room on the disk of its output any more.
  package var diskFull = false
  /// Whether the system killed a process for want of memory while the job ran.
  package var sawOutOfMemory = false
  /// Whether it was ended because its lease was over.
  package var leaseOver = false
  /// Nanoseconds since 1970.
  package var started: UInt64?
  /// Nanoseconds since 1970.
  package var ended: UInt64?
  /// The most memory its main process ever had in use.
  package var peakMemoryKB: UInt64?

  static let lost = JobEnd(reason: .lost)
}

extension JobEnd {
  /// Whether the job was killed for want of memory.
  package var ranOutOfMemory: Bool { reason == .signaled(9) && !stopped && !leaseOver && sawOutOfMemory }
}

extension JobEnd: CustomStringConvertible {
  /// The end in words, for a log or a task's status reason.
  package var description: String {
    switch reason {
    case .exited(let code): "exited with code \(code)"
    case .signaled(9) where ranOutOfMemory:
      "was killed, as the machine ran out of memory: use less, or a larger machine"
    case .signaled(9) where !stopped:
      "was killed (signal 9); often the machine ran out of memory: see `dmesg`, or use less memory"
    case .signaled(let number): "was ended by signal \(number)"
    case .failedToStart(let reason): "could not start: \(reason)"
    case .lost: "vanished: its supervisor was killed or the machine restarted"
    }
  }
}

extension JobEnd {
  /// Reads the file that the shim leaves when the job has ended; nil where it makes no sense.
  init?(file text: String) {
    var lines = text.split(separator: "\n")[...]
    guard let first = lines.popFirst() else { return nil }
    let words = first.split(separator: " ", maxSplits: 2).map(String.init)
    guard words.count >= 2, let number = Int32(words[1]) else { return nil }
    switch words[0] {
    case "exit": reason = .exited(number)
    case "signal": reason = .signaled(number)
    case "error": reason = .failedToStart(words.count > 2 ? words[2] : "error \(number)")
    default: return nil
    }
    for line in lines {
      let pair = line.split(separator: " ")
      guard pair.count == 2, let value = UInt64(pair[1]) else { continue }
      switch pair[0] {
      case "started_ns": started = value
      case "ended_ns": ended = value
      case "maxrss_kb": peakMemoryKB = value
      case "stopped": stopped = value != 0
      case "disk_full": diskFull = value != 0
      case "oom_killed": sawOutOfMemory = value != 0
      case "lease_over": leaseOver = value != 0
      default: continue
      }
    }
  }
}
