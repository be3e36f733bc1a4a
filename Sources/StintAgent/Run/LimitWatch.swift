import StintModel
import StintRuntime
import StintWire

/// Notices when a task runs or is silent for longer than its queue allows.
struct LimitWatch: Sendable {
  let folder: JobFolder
  let lease: LeaseGrant?

  /// Returns when a limit is passed; nil where there is none.
  func interruption() async throws -> Interruption? {
    let runLimit = lease?.runLimitMs.map { Duration.milliseconds($0) }
    let silenceLimit = lease?.silenceLimitMs.map { Duration.milliseconds($0) }
    guard let shortest = [runLimit, silenceLimit].compactMap(\.self).min() else { return nil }
    let pause = max(.milliseconds(100), min(.seconds(5), shortest / 10))
    let output = OutputTail(path: folder.output)
    var (size, lastOutput) = (output.size(), ContinuousClock.now)
    while true {
      try await Task.sleep(for: pause)
      // What is left then is to keep what the job has made.
      if let job = try? Job.adopt(directory: folder.path), job.processID != nil, job.state != .running { return nil }
      if let runLimit, let start = folder.record?.jobStart, start.elapsed > runLimit {
        return .overLimit(.runLimit, "ran longer than the \(runLimit.components.seconds) s that its queue allows")
      }
      let newSize = output.size()
      if newSize != size { (size, lastOutput) = (newSize, .now) }
      if let silenceLimit, lastOutput.duration(to: .now) > silenceLimit {
        return .overLimit(
          .silenceLimit, "wrote nothing for longer than the \(silenceLimit.components.seconds) s that its queue allows")
      }
    }
  }
}
