import StintModel
import StintStore
import StintWire

extension Services {
  /// Starts a task for the worker that holds it, and gives the worker a token for the task's own calls: its owner's, but
  /// never an administrator's, and good for this attempt only.
  func start(
    _ id: String, as claim: LeaseClaim, _ change: StatusChange, _ call: Call
  ) async throws -> Tasks.Started.Response {
    var (answer, owner) = try await transact(call) { try $0.start(id, as: claim, change) }
    guard let owner else { return answer }
    var identity = Identity(
      user: owner.user, userName: owner.userName, company: owner.company, role: min(owner.role, .user))
    identity.attempt = Identity.Attempt(task: id, lease: claim.id)
    // It ends with the attempt, so it may be good for longer than any clock is wrong.
    answer.token = try await tokens.issue(for: identity, life: Tokens.longestLife)
    return answer
  }
}

/// - Throws: `WireError` 403 for a task that wants what would outlive its attempt.
func requireNoTask(_ caller: Identity) throws(WireError) {
  guard caller.attempt == nil else {
    throw WireError(.roleNotAllowed, "the token of a running task gives no access to credentials")
  }
}
