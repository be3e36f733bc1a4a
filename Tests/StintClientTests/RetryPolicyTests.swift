import StintWire
import Synchronization
import Testing

@testable import StintClient

@Suite struct RetryPolicyTests {
  let policy = RetryPolicy(first: .seconds(1), longest: .seconds(30), jitter: 0.5)
  let quick = RetryPolicy(first: .zero, longest: .zero, jitter: 0)

  @Test("pauses double up to the longest, less what is left to chance")
  func pauses() {
    #expect((1...7).map { policy.pause(afterAttempt: $0, chance: 0) } == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
    #expect(policy.pause(afterAttempt: 1, chance: 1) == .milliseconds(500))
    #expect(policy.pause(afterAttempt: 10_000, chance: 0) == .seconds(30))
  }

  @Test("a server that is away is asked again until it answers; only the first failure is told")
  func triesAgain() async throws {
    let attempts = Mutex(0)
    var told = 0
    let answer = try await quick.run(patience: nil, onFailure: { _ in told += 1 }) {
      let number = attempts.withLock { count in
        count += 1
        return count
      }
      if number < 5 { throw ClientError.unavailable(api: "a", reason: "refused") }
      return number
    }
    #expect(answer == 5)
    #expect(told == 1)
  }

  @Test("what the server refuses is not tried again")
  func final() async {
    let attempts = Mutex(0)
    await #expect(throws: WireError.self) {
      try await quick.run(patience: nil) {
        attempts.withLock { $0 += 1 }
        throw WireError(.invalidTaskID)
      }
    }
    #expect(attempts.withLock { $0 } == 1)
  }

  @Test("a server that has failed itself is asked again, but not for ever")
  func fault() async throws {
    let attempts = Mutex(0)
    let answer = try await quick.run(patience: nil) {
      let number = attempts.withLock { count in
        count += 1
        return count
      }
      if number < 5 { throw WireError(.internalError) }
      return number
    }
    #expect(answer == 5)

    var hasty = quick
    hasty.patienceWithFaults = .zero
    await #expect(throws: WireError.self) {
      try await hasty.run(patience: nil) { throw WireError(.internalError) }
    }
  }

  @Test("without patience there is one attempt")
  func impatient() async {
    let attempts = Mutex(0)
    await #expect(throws: ClientError.unavailable(api: "a", reason: "refused")) {
      try await policy.run(patience: .zero) {
        attempts.withLock { $0 += 1 }
        throw ClientError.unavailable(api: "a", reason: "refused")
      }
    }
    #expect(attempts.withLock { $0 } == 1)
  }

  @Test("only answers that say `not now` are transient")
  func statuses() {
    #expect([408, 429, 502, 503, 504, 509].allSatisfy(RetryPolicy.isTransient))
    #expect(![200, 400, 401, 404, 500].contains(where: RetryPolicy.isTransient))
  }
}
