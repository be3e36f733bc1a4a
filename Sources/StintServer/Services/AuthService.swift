import StintModel
import StintStore
import StintWire

extension Services {
  func addAuth(to api: inout API) {
    api.on(Auth.Login.self) { request, call in
      let life = request.expirationSec.map { Duration.seconds($0) } ?? Tokens.defaultLife
      return Auth.Login.Response(
        token: try await tokens.issue(for: call.caller, life: life),
        stint: Extensions(version: version, features: [.longPoll, .logOffsets, .watch]))
    }

    api.on(Auth.CreateCredentials.self) { request, call in
      let pair = AccessKeys.Pair.random()
      try await AccessKeys(store: store).put(pair, user: call.caller.user, label: request.label ?? "")
      return .init(
        credentials: Credentials(accessKey: pair.accessKey, secretKey: pair.secretKey, label: request.label))
    }

    api.on(Auth.GetCredentials.self) { _, call in
      let user = try call.caller.user
      let mine = try await store.read { try $0.find(.credentials, Query(.equals("user", .string(user)))) }
      return .init(credentials: mine.map { CredentialKey(accessKey: $0["id"]?.string, label: $0["label"]?.string) })
    }

    api.on(Auth.RevokeCredentials.self) { request, call in
      let user = try call.caller.user
      return .init(
        revoked: try await store.write { records in
          guard let key = request.accessKey, try records.get(.credentials, id: key)?["user"]?.string == user,
            try records.delete(.credentials, id: key)
          else { return 0 }
          return 1
        })
    }
  }

  func addServer(to api: inout API) {
    api.on(ServerCalls.Info.self) { _, _ in
      .init(
        version: version, build: version, commit: "", uid: Company.id, apiVersion: WireVersion.newest.description)
    }
    api.on(Debug.Ping.self, needsLogin: false) { _, _ in .init(msg: "Ready") }
  }

  func addUsers(to api: inout API) {
    api.on(Users.GetCurrentUser.self) { _, call in
      let caller = try call.caller
      return .init(
        user: [
          "id": .string(caller.user), "name": .string(caller.userName), "role": .string(caller.role.rawValue),
          "company": ["id": .string(Company.id), "name": .string(Company.name)], "preferences": [:],
        ])
    }
    api.on(Users.GetAll.self) { _, _ in ["users": .array(try await users())] }
    api.on(Users.GetAllEx.self) { _, _ in ["users": .array(try await users())] }
  }

  private func users() async throws -> [JSON] {
    try await store.read { try $0.find(.users) }
  }
}
