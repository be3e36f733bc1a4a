import StintModel
import StintStore
import StintWire

extension Services {
  func addUsers(to api: inout API) {
    api.on(Users.GetCurrentUser.self) { _, call in
      let caller = try call.caller
      let kept = try await store.read { try $0.get(.users, id: caller.user) }
      var user: JSON = kept ?? [:]
      user.set([
        "id": .string(caller.user), "name": .string(caller.userName), "role": .string(caller.role.rawValue),
        "company": ["id": .string(Company.id), "name": .string(Company.name)],
        "preferences": kept?["preferences"] ?? [:],
      ])
      return .init(
        user: user,
        gettingStarted: [
          "agentName": "clearml", "configure": "clearml-init", "install": "pip install clearml",
          "packageName": "clearml",
        ])
    }
    api.on(Users.GetAll.self) { request, _ in try await list(.users, request) }
    api.on(Users.GetAllEx.self) { request, _ in
      let projects = (request["active_in_projects"]?.array ?? []).compactMap(\.string)
      guard !projects.isEmpty else { return try await list(.users, request, expanding: true) }
      let active = try await store.read { try $0.distinct(.tasks, "user", .inProjects(projects)) }
      return try await list(
        .users, request, expanding: true, where: .isOneOf("id", active.map(JSON.string)))
    }
    api.on(Users.GetByID.self) { request, _ in
      var user = try await store.read { try $0.user(request.user) }
      user["preferences"] = nil
      return .init(user: user)
    }
    addPreferences(to: &api)
    addUserChanges(to: &api)
  }

  private func addPreferences(to api: inout API) {
    api.on(Users.GetPreferences.self) { _, call in
      .init(preferences: try await preferences(of: call.caller.user))
    }
    api.on(Users.SetPreferences.self) { request, call in
      let (isChanged, preferences) = try await transact(call) { transaction in
        var user = try transaction.records.user(transaction.caller.user)
        let old = user["preferences"] ?? [:]
        let new = old.mergingDeeply(.object(request.preferences))
        user["preferences"] = new
        try transaction.records.put(.users, user)
        return (old != new, new)
      }
      var fields: JSON?
      if request.returnUpdated ?? true { fields = isChanged ? ["preferences": preferences] : [:] }
      return .init(updated: isChanged ? 1 : 0, fields: fields)
    }
  }

  /// What a user has chosen, as the user's clients have kept it.
  func preferences(of user: String) async throws -> JSON {
    try await store.read { try $0.get(.users, id: user)?["preferences"] } ?? [:]
  }

  private func addUserChanges(to api: inout API) {
    api.on(Users.Create.self, roles: [.admin]) { request, call in
      try await transact(call) { transaction in
        guard try !transaction.records.exists(.users, id: request.id) else {
          throw WireError(code: 400, subcode: 302, message: "User ID already exists: id=\(request.id)")
        }
        try transaction.addUser(id: request.id, JSON(encoding: request))
      }
      return .init()
    }
    api.on(Auth.CreateUser.self, roles: [.admin]) { request, call in
      _ = try checkedRole(request.role)
      let id = randomIdentifier()
      try await transact(call) { try $0.addUser(id: id, JSON(encoding: request)) }
      return .init(id: id)
    }
    api.on(Users.Update.self) { request, call in
      try await transact(call) { transaction in
        let caller = transaction.caller
        guard request.user == caller.user || caller.role == .admin else {
          throw WireError(.roleNotAllowed, "only an administrator changes other users: role=\(caller.role.rawValue)")
        }
        var user = try transaction.records.user(request.user)
        var fields = try JSON(encoding: request).object ?? [:]
        fields["user"] = nil
        if let name = fields["name"] { fields["name"] = .string(try checkedName(name.string ?? "")) }
        user.set(fields)
        try transaction.records.put(.users, user)
        return Updated(updated: fields.isEmpty ? 0 : 1, fields: .object(fields))
      }
    }
    api.on(Auth.EditUser.self, roles: [.admin]) { request, call in
      let role = try checkedRole(request.role)
      return try await transact(call) { transaction in
        let id = request.user ?? transaction.caller.user
        var user = try transaction.records.user(id)
        guard let role, user.role != role else { return Updated(updated: 0) }
        // There would be nobody left to undo it.
        guard id != transaction.caller.user else {
          throw WireError(.fieldValue, "nobody can take the role from themselves: let another administrator do it")
        }
        user["role"] = .string(role.rawValue)
        try transaction.records.put(.users, user)
        return Updated(updated: 1, fields: ["role": .string(role.rawValue)])
      }
    }
    api.on(Users.Delete.self, roles: [.admin]) { request, call in
      try await transact(call) { transaction in
        _ = try transaction.records.user(request.user)
        guard request.user != transaction.caller.user else {
          throw WireError(.fieldValue, "nobody can delete themselves: let another administrator do it")
        }
        for key in try transaction.records.distinct(.credentials, "id", .equals("user", .string(request.user))) {
          try transaction.records.delete(.credentials, id: key)
        }
        try transaction.records.delete(.users, id: request.user)
      }
      return .init()
    }
  }
}

/// - Throws: `WireError` 400/12 for a role that does not exist.
private func checkedRole(_ name: String?) throws(WireError) -> Identity.Role? {
  guard let name else { return nil }
  guard let role = Identity.Role(rawValue: name) else {
    throw WireError(FieldError.notAChoice(path: ["role"], value: name))
  }
  return role
}

extension Records {
  /// The user `id`.
  /// - Throws: `WireError` 400/301 when there is none.
  func user(_ id: String) throws -> JSON {
    guard let user = try get(.users, id: id) else { throw WireError(.invalidUserID, id: id) }
    return user
  }
}

extension Transaction {
  /// Makes a user of the fields of a request.
  fileprivate func addUser(id: String, _ request: JSON) throws {
    var user: JSON = [
      "id": .string(id), "name": .string(try checkedName(request.text("name") ?? "")),
      "company": .string(Company.id), "created": timestamp,
      "role": request["role"] ?? .string(Identity.Role.user.rawValue),
    ]
    for field in ["email", "given_name", "family_name", "avatar"] { user[field] = request[field] }
    try records.put(.users, user)
  }
}

extension JSON {
  /// This object with the members of another over its own, and so on in the objects that both have.
  fileprivate func mergingDeeply(_ other: JSON) -> JSON {
    guard let mine = object, let others = other.object else { return other }
    return .object(mine.merging(others) { $0.mergingDeeply($1) })
  }
}
