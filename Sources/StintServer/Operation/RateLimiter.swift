import StintWire
import Synchronization

/// Lets each caller send so many requests a second, and for a moment five times as many: a bucket that fills at `rate`.
final class RateLimiter: Sendable {
  private struct Bucket {
    var level: Double
    var time: ContinuousClock.Instant
  }

  private struct State {
    var buckets: [String: Bucket] = [:]
    /// How many buckets may be there before those that are full again are dropped.
    var limit = 1000
  }

  private static let burstSeconds = 5.0

  /// Requests a second; 0 for any number.
  private let rate: Int
  private let state = Mutex(State())

  init(rate: Int) { self.rate = rate }

  /// Counts a request of whom `identify` finds, or of nobody where it fails.
  func admit(_ context: Exchange, _ identify: () async throws -> Identity?) async throws -> Identity? {
    let identity: Identity?
    do {
      identity = try await identify()
    } catch {
      try admit(user: nil, address: context.address)
      throw error
    }
    context.findings.note(user: identity?.user)
    try admit(user: identity?.user, address: context.address)
    return identity
  }

  /// Counts a request.
  /// - Throws: `WireError` 429 when the caller has sent too many.
  func admit(user: String?, address: String?, at now: ContinuousClock.Instant = .now) throws(WireError) {
    guard rate > 0 else { return }
    let caller = [user ?? "nobody", address].compactMap(\.self).joined(separator: " at ")
    guard take(from: caller, at: now) else {
      throw WireError(.tooManyRequests, "over \(rate) a second from \(caller): wait a second")
    }
  }

  private func take(from caller: String, at now: ContinuousClock.Instant) -> Bool {
    let capacity = Double(rate) * Self.burstSeconds
    return state.withLock { state in
      if state.buckets.count > state.limit {
        state.buckets = state.buckets.filter { level(of: $0.value, at: now) < capacity }
        state.limit = max(1000, 2 * state.buckets.count)
      }
      var left = state.buckets[caller].map { level(of: $0, at: now) } ?? capacity
      defer { state.buckets[caller] = Bucket(level: left, time: now) }
      guard left >= 1 else { return false }
      left -= 1
      return true
    }
  }

  private func level(of bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
    min(Double(rate) * Self.burstSeconds, bucket.level + (now - bucket.time) / .seconds(1) * Double(rate))
  }
}
