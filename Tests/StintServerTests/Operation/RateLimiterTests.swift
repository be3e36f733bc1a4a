import StintWire
import Testing

@testable import StintServer

@Suite struct RateLimiterTests {
  private let start = ContinuousClock.now

  /// How many of 1000 requests are let through.
  private func admitted(
    _ limiter: RateLimiter, user: String? = "u", address: String? = "a", after seconds: Double = 0
  ) -> Int {
    (0..<1000).count { _ in
      (try? limiter.admit(user: user, address: address, at: start + .seconds(seconds))) != nil
    }
  }

  @Test("a caller may send what the rate allows in five seconds at once, then as much as comes back")
  func burst() {
    let limiter = RateLimiter(rate: 10)

    #expect(admitted(limiter) == 50)
    #expect(admitted(limiter) == 0)
    #expect(admitted(limiter, after: 2) == 20)
    #expect(admitted(limiter, after: 1000) == 50)
  }

  @Test("each user at each address has a rate of its own")
  func callers() {
    let limiter = RateLimiter(rate: 10)

    #expect(admitted(limiter) == 50)
    #expect(admitted(limiter, user: "v") == 50)
    #expect(admitted(limiter, address: "b") == 50)
    #expect(admitted(limiter, user: nil, address: nil) == 50)
  }

  @Test("whoever sends too much is told so in the protocol's words")
  func refusal() {
    let limiter = RateLimiter(rate: 1)
    _ = admitted(limiter)

    #expect(throws: WireError(.tooManyRequests, "over 1 a second from u at a: wait a second")) {
      try limiter.admit(user: "u", address: "a", at: start)
    }
  }

  @Test("callers that are forgotten when there are many keep no debt and get no gift")
  func manyCallers() throws {
    let limiter = RateLimiter(rate: 1)
    _ = admitted(limiter)
    for number in 0..<20_000 { try limiter.admit(user: String(number), address: nil, at: start) }

    #expect(admitted(limiter) == 0)
    #expect(admitted(limiter, after: 3) == 3)
  }

  @Test("a rate of 0 is no limit")
  func unlimited() {
    #expect(admitted(RateLimiter(rate: 0)) == 1000)
  }
}
