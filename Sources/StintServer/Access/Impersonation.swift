import HTTPTypes
import StintStore
import StintWire

/// Administrators can make a call for somebody else: with `X-ClearML-Impersonate-As` with that user's rights, with
/// `X-ClearML-Act-As` with their own. Agents run a task as its owner in this way.
extension Authentication {
  /// Who a call of `caller` counts for.
  /// - Throws: `WireError` 400/6 where the caller may not, or there is no such user.
  func impersonated(_ caller: Identity, _ headers: HTTPFields) async throws -> Identity {
    let (other, actor) = (headers[.impersonateAs], headers[.actAs])
    guard let user = other ?? actor, !user.isEmpty else { return caller }
    guard other == nil || actor == nil else {
      throw WireError(.invalidHeaders, "X-ClearML-Impersonate-As and X-ClearML-Act-As exclude each other")
    }
    guard caller.role == .admin, caller.attempt == nil else {
      throw WireError(.impersonation, "only administrators act for others, and no tasks: role=\(caller.role.rawValue)")
    }
    guard let identity = try await keys.store.read({ try $0.identity(ofUser: user) }) else {
      throw WireError(.impersonation, "there is no such user: id=\(user.prefix(64))")
    }
    let role = other == nil ? caller.role : identity.role
    return Identity(user: identity.user, userName: identity.userName, company: identity.company, role: role)
  }
}

extension HTTPField.Name {
  fileprivate static let impersonateAs = Self.known("X-ClearML-Impersonate-As")
  fileprivate static let actAs = Self.known("X-ClearML-Act-As")
}
