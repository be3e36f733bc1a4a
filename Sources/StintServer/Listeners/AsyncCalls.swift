import StintWire
import Synchronization

/// Calls whose clients do not wait (`X-ClearML-Async`): they are answered at once with 202, go on, and leave their
/// answer to be fetched with `async.result`.
package final class AsyncCalls: Sendable {
  package typealias Outcome = Swift.Result<JSON, WireError>

  /// The most calls that are kept, and how long a finished one is.
  private static let limit = (calls: 1000, age: Duration.seconds(600))

  private struct Kept {
    let owner: String?
    var outcome: Outcome?
    var end: ContinuousClock.Instant?
  }

  private struct Job: Sendable {
    let id: String
    let work: @Sendable () async -> Outcome
  }

  private let kept = Mutex<[String: Kept]>([:])
  private let jobs: AsyncStream<Job>
  private let inbox: AsyncStream<Job>.Continuation

  package init() { (jobs, inbox) = AsyncStream.makeStream() }

  /// Works until it is cancelled.
  package func run() async {
    await withDiscardingTaskGroup { group in
      for await job in jobs {
        group.addTask { self.finish(job.id, await job.work()) }
      }
    }
  }

  /// Begins a call of `owner`, whose answer will be kept under `id`.
  /// - Throws: `WireError` 503 where too many are under way.
  func begin(_ id: String, owner: String?, _ work: @escaping @Sendable () async -> Outcome) throws(WireError) {
    let isTaken = kept.withLock { kept in
      let now = ContinuousClock.now
      kept = kept.filter { $0.value.end.map { $0 > now } ?? true }
      guard kept.count < Self.limit.calls else { return false }
      kept[id] = Kept(owner: owner)
      return true
    }
    guard isTaken else {
      throw WireError(code: 503, subcode: 0, message: "\(Self.limit.calls) calls are under way: try again later")
    }
    inbox.yield(Job(id: id, work: work))
  }

  /// The answer of the call `id`.
  /// - Throws: the call's own error; `WireError` 202 while it is under way, 400/10 where `caller` has no such call.
  func result(_ id: String, for caller: String) throws(WireError) -> JSON {
    let call = kept.withLock { $0[id] }
    guard let call, call.owner == caller else {
      throw WireError(.invalidID, "no such call, or its answer was not fetched in time: id=\(id.prefix(64))")
    }
    guard let outcome = call.outcome else { throw Self.accepted }
    return try outcome.get()
  }

  /// What is answered while a call is under way.
  static let accepted = WireError(code: 202, subcode: 0, message: "Accepted")

  private func finish(_ id: String, _ outcome: Outcome) {
    kept.withLock { kept in
      kept[id]?.outcome = outcome
      kept[id]?.end = .now + Self.limit.age
    }
  }
}
