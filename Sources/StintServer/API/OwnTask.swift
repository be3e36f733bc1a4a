/// Runs `body` in a task of its own, as a part of this one.
///
/// A task keeps as much stack as its deepest call needed. For a call that is held, while thousands of others are, that
/// would be most of what it takes; what goes deep before the wait, or between two, gives its stack back here.
func inOwnTask<Success: Sendable, Failure: Error>(
  _ body: @escaping @Sendable () async throws(Failure) -> Success
) async throws(Failure) -> Success {
  let result = await withTaskGroup(of: Result<Success, Failure>.self) { group in
    group.addTask {
      do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
    }
    return await group.next()
  }
  guard let result else { preconditionFailure("a group that has a task has its result") }
  return try result.get()
}
