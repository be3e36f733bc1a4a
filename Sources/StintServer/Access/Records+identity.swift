import StintModel
import StintStore
import StintWire

extension Records {
  /// Who the user `id` is, or nil where there is no such user.
  func identity(ofUser id: String) throws -> Identity? {
    try get(.users, id: id).map { user in
      Identity(user: id, userName: user.text("name") ?? id, company: Company.id, role: user.role)
    }
  }

  /// Makes sure that the attempt goes on whose own token the caller has. It may have ended since the call began: a caller
  /// can take long to send it.
  /// - Throws: `WireError` 401/30.
  func confirmAttempt(of caller: Identity?) throws {
    guard let attempt = caller?.attempt else { return }
    guard let lease = try lease(task: attempt.task), lease.id == attempt.lease, lease.isHeld else {
      throw WireError(.invalidToken, "the attempt that it was made for is over: task=\(attempt.task)")
    }
  }
}

extension JSON {
  /// What a user's document says that the user may do.
  var role: Identity.Role { text("role").flatMap(Identity.Role.init) ?? .user }
}
