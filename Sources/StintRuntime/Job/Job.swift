#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A process of a task that outlives whoever started it.
///
/// A tiny supervisor (`stint shim`) owns the process and keeps everything worth knowing in `directory`, so any later
/// agent can pick the job up again:
///
///     let job = try await Job.launch(
///       directory: folder, argv: ["python3", "train.py"], environment: variables, workingDirectory: code, shim: stint)
///     let end = try await job.wait()
package struct Job: Sendable, Equatable {
  /// Whether the job runs.
  package enum State: Sendable, Equatable {
    case running
    case ended(JobEnd)
  }

  /// Where the job's files are. Its name means nothing to the job.
  package let directory: String

  /// Both output streams of the job, in the order in which they were written.
  package var outputFile: String { directory + "/output.log" }

  /// Starts `argv` under a shim of its own. A program that cannot start is no error here: the job has ended then.
  ///
  /// The job sees `overlay`, nobody else does. The file `hold` has a shared lock on it as long as the shim lives.
  package static func launch(
    directory: String, argv: [String], environment: [String: String], workingDirectory: String, shim: String,
    overlay: Overlay? = nil, hold: String? = nil
  ) async throws(JobError) -> Job {
    do {
      try Files.makeDirectory(directory)
    } catch {
      throw .cannotPrepare(error)
    }
    guard let directory = Files.realPath(directory), !Files.exists(directory + "/end") else {
      throw .alreadyUsed(directory: directory)
    }
    let options =
      (hold.map { ["--hold", $0] } ?? []) + (overlay.map { ["--overlay"] + $0.arguments } ?? [])
    let launcher = Command(
      [shim, "shim", "--dir", directory, "--cwd", workingDirectory] + options + ["--"] + argv,
      environment: environment)
    let job = Job(directory: directory)
    do {
      // The launcher is the shim's own way to stand alone: tied to this process, it would not be.
      _ = try await Command.$guardian.withValue(nil) { try await launcher.run() }
    } catch let error as CommandError {
      if case .failed(_, _, let lastLines) = error { throw .refused(reason: lastLines.joined(separator: " ")) }
      // Cancelled: the shim may stand already.
      await job.stop(grace: .zero)
      throw .launcherFailed(error)
    } catch {
      throw .refused(reason: "\(error)")
    }
    return job
  }

  /// A job that was started before, by this process or another: running, ended or lost.
  package static func adopt(directory: String) throws(JobError) -> Job {
    guard let directory = Files.realPath(directory), Files.stamp(directory)?.isDirectory == true else {
      throw .noJob(directory: directory)
    }
    return Job(directory: directory)
  }

  /// What the job's files say now.
  package var state: State {
    if let end = recordedEnd { return .ended(end) }
    if FileLock.isHeld(directory + "/lock") { return .running }
    // The shim writes the end before it lets go of the lock.
    return .ended(recordedEnd ?? .lost)
  }

  /// The job's main process, which leads a process group of its own; nil where it never started.
  package var processID: Int32? { number(in: "job.pid") }

  /// The process that watches the job, of which all of the job descends.
  package var shimID: Int32? { number(in: "shim.pid") }

  /// Waits for the end. Cancelling the wait leaves the job alone.
  package func wait() async throws(CancellationError) -> JobEnd {
    var pause = Pause()
    while true {
      if case .ended(let end) = state {
        if end == .lost { await endRemains() }
        return end
      }
      if !(await shimEnds()) { try await pause.sleep() }
      if Task.isCancelled { throw CancellationError() }
    }
  }

  /// Asks the job to end: SIGTERM, after the grace SIGKILL to everything it ever started. Returns at once.
  package func requestStop(grace: Duration = .seconds(10)) {
    let (seconds, attoseconds) = grace.components
    let milliseconds = max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    let text = "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())\n"
    try? Files.write(text, to: directory + "/stop-grace")
    guard state == .running, let shimID else { return }
    kill(shimID, SIGTERM)
  }

  /// Stops the job and returns when no process of it is left, also where its shim is gone.
  @discardableResult
  package func stop(grace: Duration = .seconds(10)) async -> JobEnd {
    requestStop(grace: grace)
    // Whoever cancels in the middle still wants the job gone.
    return await Task { try? await wait() }.value ?? .lost
  }

  /// Kills the job and deletes its files, so that neither is met again: not even by a shim that is about to start it.
  package func clear() async {
    await stop(grace: .zero)
    let lock = try? FileLock.attempt(directory + "/lock", .exclusive)
    remove()
    withExtendedLifetime(lock) {}
  }

  /// Deletes the job's files. The job must have ended.
  package func remove() {
    Files.removeTree(directory)
  }

  private var recordedEnd: JobEnd? {
    Files.readText(directory + "/end").flatMap(JobEnd.init(file:))
  }

  private func number(in file: String) -> Int32? {
    Files.readText("\(directory)/\(file)").flatMap { Int32($0.prefix { $0 != "\n" }) }
  }
}

/// Why a job could not be started or found.
package enum JobError: Error, CustomStringConvertible {
  /// The folder holds a job that has run already.
  case alreadyUsed(directory: String)
  /// There is no such folder.
  case noJob(directory: String)
  /// The job's folder could not be made.
  case cannotPrepare(FileError)
  /// The shim could not be set up; in its own words.
  case refused(reason: String)
  /// The `stint` binary itself did not run.
  case launcherFailed(CommandError)

  package var description: String {
    switch self {
    case .alreadyUsed(let directory):
      "The folder \(directory) already holds a job that has run. Give every job a folder of its own."
    case .noJob(let directory): "There is no job in \(directory): the folder does not exist."
    case .cannotPrepare(let error):
      "The job's folder cannot be made: \(error). Check the folder's owner and free space."
    case .refused(let reason): "The job's supervisor could not start: \(reason)"
    case .launcherFailed(let error): "The job's supervisor could not start: \(error)"
    }
  }
}
