import Synchronization

/// Something that takes time to find out, told again for a hundred times as long as that took: looking often then costs
/// little, and what is found at once is always new.
final class Remembered<Value: Sendable>: Sendable {
  private struct Known {
    let value: Value
    let end: ContinuousClock.Instant
  }

  private let find: @Sendable () async throws -> Value
  private let known = Mutex<Known?>(nil)

  init(_ find: @escaping @Sendable () async throws -> Value) { self.find = find }

  var value: Value {
    get async throws {
      let start = ContinuousClock.now
      if let known = known.withLock({ $0 }), start < known.end { return known.value }
      let value = try await find()
      let end = ContinuousClock.now
      known.withLock { $0 = Known(value: value, end: end + start.duration(to: end) * 100) }
      return value
    }
  }
}
