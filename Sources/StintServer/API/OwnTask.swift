/// Runs `body` in a task of its own, as a part of this one.
///
/// A task keeps as much stack as its deepest call needed. For a call that is held, while thousands of others are, that
/// would be most of what it takes; what goes deep before the wait, or between two, gives its stack back here.
func inOwnTask<Result: Sendable>(
  _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  try await withThrowingTaskGroup(of: Result.self) { group in
    group.addTask(operation: body)
    guard let result = try await group.next() else { throw CancellationError() }
    return result
  }
}
