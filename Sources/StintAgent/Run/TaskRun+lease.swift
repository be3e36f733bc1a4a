import Logging
import StintClient
import StintRuntime
import StintWire

extension TaskRun {
  /// Goes on being the task's holder while its end is told, until cancelled.
  func stayHolder() async {
    guard let claim else { return }
    while (try? await Task.sleep(for: LeaseGrant.pause(lease))) != nil {
      let asked = BootInstant.now
      let answer = try? await client.call(Tasks.Ping.self, .init(task: task, lease: claim), patience: .zero)
      if let grant = answer?.lease { try? JobLease(directory: folder.path).confirm(grant, asked: asked) }
    }
  }

  /// Tells that this run has nothing to do with the task any more.
  func release() async {
    guard let claim else { return }
    _ = try? await client.call(
      Tasks.Ping.self, .init(task: task, lease: claim, release: true), patience: .seconds(60))
  }
}

extension LeaseGrant {
  /// How often the server is told that the holder lives.
  static func pause(_ grant: LeaseGrant?) -> Duration {
    min(.seconds(50), .milliseconds(grant?.durationMs ?? 200_000) / 4)
  }
}

extension JobLease {
  /// Moves the job's end on: the server answered a call that was made at `asked`.
  func confirm(_ grant: LeaseGrant, asked: BootInstant) throws(FileError) {
    if let duration = grant.durationMs {
      try extend(from: asked, by: .milliseconds(duration))
    } else {
      lift()
    }
  }
}

extension WireError {
  /// Whether the task is somebody else's by now.
  var isLostLease: Bool { self.is(.leaseLost) }
}
