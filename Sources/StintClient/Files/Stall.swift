import Synchronization

/// When a transfer moved last.
final class TransferProgress: Sendable {
  private let last = Mutex(ContinuousClock.now)

  func note() { last.withLock { $0 = .now } }

  var silence: Duration { last.withLock { $0 }.duration(to: .now) }
}

/// Does `work` until nothing has moved for the client's `stallLimit`.
func unlessStalled<Value: Sendable>(
  _ url: String, limit: Duration = Client.stallLimit,
  _ work: @escaping @Sendable (TransferProgress) async throws -> Value
) async throws -> Value {
  let progress = TransferProgress()
  return try await withThrowingTaskGroup(of: Value.self) { group in
    group.addTask { try await work(progress) }
    group.addTask {
      while progress.silence < limit { try await Task.sleep(for: limit / 10) }
      throw ClientError.unavailable(api: url.withoutSecrets, reason: "nothing moved for \(limit.components.seconds) s")
    }
    defer { group.cancelAll() }
    guard let value = try await group.next() else { throw CancellationError() }
    return value
  }
}
