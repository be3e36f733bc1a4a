import Synchronization

/// Folders laid over each other for one job: it sees `lower` at `target`, and what it changes there goes to `upper`.
package struct Overlay: Sendable, Equatable {
  /// Where the job sees the folders.
  package var target: String
  /// What is never written to, the uppermost first.
  package var lower: [String]
  /// An empty folder for what the job writes.
  package var upper: String
  /// An empty folder on the same disk, for the system.
  package var work: String

  /// The arguments of the shim.
  var arguments: [String] { [target, lower.joined(separator: ":"), upper, work] }

  /// What a command begins with to see the overlay; `shim` is the `stint` binary.
  func prefix(shim: String) -> [String] { [shim, "shim", "--in-overlay"] + arguments + ["--"] }

  /// Whether the system's list of folders can hold this path.
  static func canName(_ path: String) -> Bool { !path.contains { ",:\\".contains($0) } }
}

/// Finds out once whether this process may mount overlays, which takes root's rights and a disk that is made for it.
package final class OverlayProbe: Sendable {
  private let shim: String
  private let scratch: String
  private let answer = Mutex<Bool?>(nil)

  /// Asks `shim`, the `stint` binary, about overlays that write to the disk of the folder `scratch`.
  package init(shim: String, scratch: String) {
    self.shim = shim
    self.scratch = scratch
  }

  /// Whether a folder such as `directory` can be laid under what a job writes.
  func works(on directory: String, environment: [String: String]) async throws(CommandError) -> Bool {
    if let known = answer.withLock({ $0 }) { return known }
    let works = try await attempt(directory, environment)
    answer.withLock { $0 = works }
    return works
  }

  private func attempt(_ directory: String, _ environment: [String: String]) async throws(CommandError) -> Bool {
    guard Overlay.canName(directory), Overlay.canName(scratch) else { return false }
    // Always the same name: what is left of a trial whose process was killed goes with the next one.
    let trial = scratch + "/.overlay"
    let lock: FileLock
    do {
      try Files.makeDirectory(scratch)
      lock = try await FileLock.acquire(trial + ".lock", .exclusive)
    } catch {
      if error is CancellationError { throw .cancelled(program: "overlay") }
      return false
    }
    defer {
      Files.remove(trial)
      Files.remove(lock.path)
      lock.unlock()
    }
    Files.remove(trial)
    let overlay = Overlay(target: directory, lower: [directory], upper: trial + "/upper", work: trial + "/work")
    do {
      try Files.makeDirectory(overlay.upper)
      try Files.makeDirectory(overlay.work)
    } catch {
      return false
    }
    do {
      _ = try await Command(
        [shim, "shim", "--in-overlay"] + overlay.arguments, environment: environment, timeLimit: .seconds(30)
      ).run()
      return true
    } catch {
      if case .cancelled = error { throw error }
      return false
    }
  }
}
