import StintModel
import Testing

@testable import StintAgent
@testable import StintRuntime

@Suite struct ConclusionTests {
  @Test(
    "the exit of the code decides the task's state",
    arguments: [
      (JobEnd.Reason.exited(0), TaskStatus.completed), (.exited(1), .failed), (.exited(254), .stopped),
      (.signaled(9), .failed),
      (.failedToStart("no such file"), .failed), (.lost, .failed),
    ])
  func exits(reason: JobEnd.Reason, status: TaskStatus) {
    #expect(Conclusion(end: .job(JobEnd(reason: reason)), interruption: nil).status == status)
  }

  @Test("every end has its reason for programs")
  func codes() {
    func reason(_ end: JobEnd) -> AttemptEnd { Conclusion(end: .job(end), interruption: nil).end }
    #expect(reason(JobEnd(reason: .exited(0))).reason == .completed)
    #expect(reason(JobEnd(reason: .exited(3))) == AttemptEnd(.exitCode, exitCode: 3))
    #expect(reason(JobEnd(reason: .signaled(9))) == AttemptEnd(.signal, signal: 9))
    #expect(reason(JobEnd(reason: .lost)).reason == .vanished)
    #expect(reason(JobEnd(reason: .failedToStart("no"))).reason == .startFailed)
    var killed = JobEnd(reason: .signaled(9))
    killed.sawOutOfMemory = true
    killed.peakMemoryKB = 7
    #expect(reason(killed).reason == .outOfMemory)
    #expect(reason(killed).peakMemoryKb == 7)
    killed.stopped = true
    #expect(reason(killed).reason == .signal)
    killed.leaseOver = true
    #expect(reason(killed).reason == .lostWorker)
  }

  @Test("an aborted task is stopped, however its process ended")
  func aborted() {
    let conclusion = Conclusion(end: .job(JobEnd(reason: .exited(0))), interruption: .aborted)
    #expect(conclusion.status == .stopped)
    #expect(conclusion.reason == "aborted")
  }

  @Test(
    "a task that was reset, enqueued again or deleted is not touched",
    arguments: [
      Interruption.changed(.created), .changed(.queued), .deleted,
    ])
  func foreign(interruption: Interruption) {
    let conclusion = Conclusion(end: .job(JobEnd(reason: .signaled(15))), interruption: interruption)
    #expect(conclusion.status == nil)
    #expect(conclusion.isForeign)
  }

  @Test("the reason is one line that names the program's own error")
  func reasons() {
    let message = "pip failed. Its last words:\n  Looking around\n  ERROR: No such package\n  bye"
    let conclusion = Conclusion(end: .failed(.environmentFailed, message: message), interruption: nil)
    #expect(conclusion.reason == "pip failed: ERROR: No such package")
    #expect(conclusion.errorMessage == message)
  }

  @Test(
    "the reason names the package, in whatever shape the installer says which",
    arguments: [
      "  error: No solution found\n    cause: Because apple is not there,\n  we can conclude",
      "    × No solution found when resolving dependencies:\n    ╰─▶ Because\n        apple is not there,\n  hint: try pear",
    ])
  func installers(words: String) {
    let conclusion = Conclusion(
      end: .failed(.environmentFailed, message: "uv failed. Look. Its last words:\n\(words)"), interruption: nil)
    #expect(conclusion.reason.hasPrefix("uv failed: "))
    #expect(conclusion.reason.hasSuffix("Because apple is not there,"))
  }

  @Test("a full disk is told beside the exit code, and that output was cut is the last line")
  func fullDisk() {
    var conclusion = Conclusion(end: .job(JobEnd(reason: .exited(3))), interruption: nil)
    conclusion.tellFullDisk(of: "/cache")
    #expect(conclusion.reason.contains("exit code 3"))
    #expect(conclusion.reason.contains("/cache is full"))
    #expect(conclusion.errorMessage?.split(separator: "\n").last?.contains("Output was cut") == true)
    #expect(conclusion.exitStatus == .exited(code: 3))
    #expect(conclusion.end.reason == .diskFull)
  }

  @Test("a full disk is not why a run ended that something else has ended")
  func fullDiskBesides() {
    for (end, interruption, reason) in [
      (.exited(0), nil, .completed), (.signaled(15), .aborted, .aborted), (.lost, nil, .vanished),
    ] as [(JobEnd.Reason, Interruption?, AttemptEnd.Reason)] {
      var conclusion = Conclusion(end: .job(JobEnd(reason: end)), interruption: interruption)
      conclusion.tellFullDisk(of: "/cache")
      #expect(conclusion.end.reason == reason)
    }
  }

  @Test(
    "only a state that somebody else set interrupts a run",
    arguments: [
      (TaskStatus.inProgress, "", nil), (.inProgress, "stopping", Interruption.aborted), (.completed, "", nil),
      (.stopped, "", .aborted), (.created, "", .changed(.created)), (.failed, "", .changed(.failed)),
    ] as [(TaskStatus, String, Interruption?)])
  func interruptions(status: TaskStatus, message: String, expected: Interruption?) {
    #expect(Interruption(status: status, message: message) == expected)
  }
}
