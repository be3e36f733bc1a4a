import StintModel
import StintStore
import StintWire

extension Services {
  func addAuth(to api: inout API) {
    api.on(Auth.Login.self) { request, call in
      let life = try tokenLife(request.expirationSec)
      return Auth.Login.Response(
        token: try await tokens.issue(for: call.caller, life: life),
        stint: Extensions(version: version, features: features))
    }
    api.on(Auth.Logout.self) { _, _ in .init() }
    api.on(Login.Logout.self, needsLogin: false) { _, _ in .init() }
    api.on(Auth.FixedUsersMode.self, needsLogin: false) { _, _ in
      .init(enabled: try await Passwords(store: store).areUsed())
    }
    api.on(Login.SupportedModes.self, needsLogin: false) { _, call in
      var modes: JSON = [
        "authenticated": .bool(call.identity != nil),
        "basic": ["enabled": .bool(try await Passwords(store: store).areUsed()), "guest": ["enabled": false]],
        "server_errors": ["es_connection_error": false, "missed_es_upgrade": false], "sso": [:], "sso_providers": [],
      ]
      // The page asks for both before it can show anything.
      if let user = call.identity?.user { modes["stint"] = ["preferences": try await preferences(of: user)] }
      return modes
    }
    addCredentials(to: &api)
    addPasswords(to: &api)
    addLoginLinks(to: &api)
    addTokens(to: &api)
  }

  private func addPasswords(to api: inout API) {
    api.on(Auth.SetPassword.self) { request, call in
      let (caller, passwords) = (try call.caller, Passwords(store: store))
      try requireNoTask(caller)
      let user = request.user ?? caller.user
      guard user == caller.user || caller.role == .admin else {
        throw WireError(.roleNotAllowed, "only an administrator sets others' passwords: role=\(caller.role.rawValue)")
      }
      let record = try await store.read { try $0.user(user) }
      let name = try await passwords.name(of: user)
      if user == caller.user, let name {
        guard try await passwords.identity(of: name, request.oldPassword ?? "")?.user == user else {
          throw WireError(.fieldValue, "the old password is missing or wrong: field=old_password")
        }
      }
      try await passwords.set(
        request.password, name: request.username ?? name ?? record.text("name") ?? user, user: user)
      return .init(updated: 1)
    }
  }

  private func addLoginLinks(to api: inout API) {
    api.on(Auth.CreateLoginLink.self) { request, call in
      let caller = try call.caller
      try requireNoTask(caller)
      let user = request.user ?? caller.user
      guard user == caller.user || caller.role == .admin else {
        throw WireError(
          .roleNotAllowed, "only an administrator makes links for others: role=\(caller.role.rawValue)")
      }
      guard try await store.read({ try $0.identity(ofUser: user) }) != nil else {
        throw WireError(.invalidUserID, id: user)
      }
      return .init(link: try await loginLink(for: user))
    }
    api.on(Login.UseLink.self, needsLogin: false) { request, _ in
      .init(token: try await tokens.issue(for: try await LoginLinks(store: store).use(request.code)))
    }
  }

  /// The address of the page that logs `user` in, once.
  func loginLink(for user: String) async throws -> String {
    "\(addresses.current?.web ?? "")/#link=\(try await LoginLinks(store: store).newCode(for: user))"
  }

  private func addCredentials(to api: inout API) {
    api.on(Auth.CreateCredentials.self) { request, call in
      try requireNoTask(call.caller)
      let pair = AccessKeys.Pair.random()
      try await AccessKeys(store: store).put(pair, user: call.caller.user, label: request.label ?? "")
      return .init(
        credentials: Credentials(accessKey: pair.accessKey, secretKey: pair.secretKey, label: request.label))
    }
    api.on(Auth.GetCredentials.self) { _, call in
      let user = try call.caller.user
      let mine = try await store.read {
        try $0.find(.credentials, Query(.and([.equals("user", .string(user)), .isMissing("kind")])))
      }
      return .init(
        credentials: mine.map {
          CredentialKey(accessKey: $0.text("id"), label: $0.text("label"), lastUsed: $0.text("last_used"))
        })
    }
    api.on(Auth.EditCredentials.self) { request, call in
      try await transact(call) { transaction in
        let user = transaction.caller.user
        guard var credentials = try transaction.records.get(.credentials, id: request.accessKey),
          credentials.text("user") == user
        else {
          throw WireError(
            code: 400, subcode: 75,
            message: "Access key not found (it is none of yours): user=\(user), access_key=\(request.accessKey)")
        }
        credentials["label"] = .string(request.label ?? "")
        try transaction.records.put(.credentials, credentials)
        return UpdatedCount(updated: 1)
      }
    }
    api.on(Auth.RevokeCredentials.self) { request, call in
      try await transact(call) { transaction in
        let (user, key) = (transaction.caller.user, request.accessKey ?? "")
        guard try transaction.records.get(.credentials, id: key)?.text("user") == user else {
          throw WireError(
            code: 400, subcode: 300,
            message: "Invalid user (invalid user or invalid access key): id=\(user), access_key=\(key)")
        }
        try transaction.records.delete(.credentials, id: key)
      }
      return .init(revoked: 1)
    }
  }

  private func addTokens(to api: inout API) {
    api.on(Auth.GetTokenForUser.self, roles: [.admin]) { request, _ in
      guard let identity = try await store.read({ try $0.identity(ofUser: request.user) }) else {
        throw WireError(.invalidUserID, id: request.user)
      }
      let life = try tokenLife(request.expirationSec)
      return .init(token: try await tokens.issue(for: identity, life: life))
    }
    api.on(Auth.ValidateToken.self, roles: [.admin]) { request, _ in
      guard let identity = try? await tokens.identity(of: request.token) else { return .init(valid: false) }
      return .init(valid: true, user: identity.user, company: identity.company)
    }
  }
}

/// How long a token is to live.
/// - Throws: `FieldError` where that is no time.
private func tokenLife(_ seconds: Int?) throws(FieldError) -> Duration {
  guard let seconds else { return Tokens.defaultLife }
  guard seconds > 0 else { throw .outOfRange(path: ["expiration_sec"], range: "a number above 0") }
  return .seconds(seconds)
}
