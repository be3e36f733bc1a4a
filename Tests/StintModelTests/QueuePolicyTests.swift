import StintModel
import Testing

@Suite("What follows an attempt at a task")
struct QueuePolicyTests {
  private func policy(_ change: (inout QueuePolicy) -> Void = { _ in }) -> QueuePolicy {
    var policy = QueuePolicy()
    change(&policy)
    return policy
  }

  @Test("a lost worker costs a task nothing until it has lost three")
  func losses() {
    let lost = AttemptEnd(.lostWorker)
    #expect(policy().verdict(after: lost, losses: 1, failures: 0) == .requeue(afterSeconds: 0))
    #expect(policy().verdict(after: lost, losses: 2, failures: 9) == .requeue(afterSeconds: 0))
    #expect(policy().verdict(after: lost, losses: 3, failures: 0) == .end)
    #expect(policy { $0.maxAttempts = 5 }.verdict(after: lost, losses: 4, failures: 0) == .requeue(afterSeconds: 0))
    #expect(policy { $0.onLoss = .fail }.verdict(after: lost, losses: 1, failures: 0) == .end)
  }

  @Test("a failure ends a task unless the queue says otherwise")
  func failures() {
    let failed = AttemptEnd(.exitCode, exitCode: 3)
    #expect(policy().verdict(after: failed, losses: 0, failures: 1) == .end)
    let patient = policy {
      $0.retries = 2
      $0.retryDelaySeconds = 5
    }
    #expect(patient.verdict(after: failed, losses: 0, failures: 1) == .requeue(afterSeconds: 5))
    #expect(patient.verdict(after: failed, losses: 0, failures: 2) == .requeue(afterSeconds: 10))
    #expect(patient.verdict(after: failed, losses: 0, failures: 3) == .end)
  }

  @Test("only the named exit codes are tried again")
  func exitCodes() {
    let picky = policy {
      $0.retries = 1
      $0.retryExitCodes = [75]
    }
    #expect(picky.verdict(after: AttemptEnd(.exitCode, exitCode: 1), losses: 0, failures: 1) == .end)
    #expect(
      picky.verdict(after: AttemptEnd(.exitCode, exitCode: 75), losses: 0, failures: 1) == .requeue(afterSeconds: 10))
    #expect(picky.verdict(after: AttemptEnd(.signal, signal: 9), losses: 0, failures: 1) == .requeue(afterSeconds: 10))
  }

  @Test(
    "what cannot end better is not tried again",
    arguments: [AttemptEnd.Reason.completed, .aborted, .runLimit, .queueLimit, .invalidTask, .imageNotFound])
  func hopeless(_ reason: AttemptEnd.Reason) {
    #expect(policy { $0.retries = 100 }.verdict(after: AttemptEnd(reason), losses: 0, failures: 1) == .end)
  }

  @Test("a pause never grows beyond an hour")
  func longPauses() {
    let stubborn = policy { $0.retries = 1000 }
    for failures in 1...1000 {
      guard case .requeue(let pause) = stubborn.verdict(after: AttemptEnd(.signal), losses: 0, failures: failures)
      else {
        Issue.record("it gave up after \(failures)")
        return
      }
      #expect(10...3600 ~= pause)
    }
  }
}
