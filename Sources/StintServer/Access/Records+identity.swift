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
}

extension JSON {
  /// What a user's document says that the user may do.
  var role: Identity.Role { text("role").flatMap(Identity.Role.init) ?? .user }
}
