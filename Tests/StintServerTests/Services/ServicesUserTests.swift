import StintModel
import StintStore
import StintWire
import Testing

@testable import StintServer

@Suite struct ServicesUserTests {
  private let annotator = Identity(user: "other", userName: "other", company: Company.id, role: .annotator)

  @Test(
    "what only administrators may do is refused to others",
    arguments: [
      ("users.create", ["id": "x", "name": "somebody"]), ("users.delete", ["user": "x"]),
      ("auth.create_user", ["name": "somebody", "email": "a@b"]), ("auth.edit_user", ["user": "x", "role": "admin"]),
      ("auth.get_token_for_user", ["user": "x"]), ("auth.validate_token", ["token": "x"]), ("server.get_stats", [:]),
      ("storage.set_settings", ["aws": ["key": "k"]]), ("storage.reset_settings", [:]),
      ("users.update", ["user": "x", "name": "somebody"]),
    ] as [(String, JSON)])
  func roles(call: String, request: JSON) async throws {
    let server = try await ServicesFixture()
    #expect(await fails(with: .roleNotAllowed) { try await server.call(call, request, as: annotator) })
  }

  @Test("preferences are each user's own and merge at any depth")
  func preferences() async throws {
    let server = try await ServicesFixture()
    try await server.call("users.create", ["id": "other", "name": "other"])
    try await server.call("users.set_preferences", ["preferences": ["a": ["b": ["c": 1]], "list": [1, 2]]])

    let answer = try await server.call(
      "users.set_preferences", ["preferences": ["a": ["b": ["d": 2]], "list": [3]]])
    let same = try await server.call(
      "users.set_preferences", ["preferences": ["list": [3]], "return_updated": false])

    let merged: JSON = ["a": ["b": ["c": 1, "d": 2]], "list": [3]]
    #expect(answer == ["updated": 1, "fields": ["preferences": merged]])
    #expect(same == ["updated": 0])
    #expect(try await server.call("users.get_preferences", as: annotator) == ["preferences": [:]])
    #expect(try await server.call("users.get_current_user")[path: ["user", "preferences"]] == merged)
    let all = try await server.call("users.get_all", ["name": "golden"])
    #expect(all["users"]?.array?.count == 1)
    #expect(all["users"]?.array?.first?["preferences"] == nil)
    #expect(await fails(with: .validation) { try await server.call("users.set_preferences", ["preferences": [1]]) })
  }

  @Test("a link that nobody used within a day is no good any more, and the next one takes its place")
  func oldLinks() async throws {
    let server = try await ServicesFixture()
    let (links, user) = (LoginLinks(store: server.services.store), server.caller.user)
    let made = Timestamp.now
    func kept() async throws -> Int {
      try await server.services.store.read { try $0.find(.credentials, Query(.equals("kind", "link"))).count }
    }

    let old = try await links.newCode(for: user, at: made)
    let young = try await links.newCode(for: user, at: made.advanced(bySeconds: 1))
    let later = made.advanced(bySeconds: LoginLinks.seconds)
    #expect(await fails(with: .invalidCredentials) { _ = try await links.use(old, at: later) })
    #expect(try await links.use(young, at: later).user == user)
    #expect(try await kept() == 0)
    _ = try await links.newCode(for: user, at: made)
    _ = try await links.newCode(for: user, at: later)
    #expect(try await kept() == 1)
  }

  @Test("an administrator makes users, gives them roles and tokens, and deletes them with their keys")
  func administration() async throws {
    let server = try await ServicesFixture()
    let made = try await server.call("auth.create_user", ["name": "somebody", "email": "a@b", "role": "user"])
    let id = try #require(made.text("id"))
    #expect(try await server.call("auth.edit_user", ["user": .string(id), "role": "superuser"])["updated"] == 1)

    let token = try await server.call("auth.get_token_for_user", ["user": .string(id), "expiration_sec": 60])
    let identity = try await server.services.tokens.identity(of: try #require(token.text("token")))
    #expect(identity.user == id)
    #expect(identity.role == .superuser)
    let valid = try await server.call("auth.validate_token", token)
    #expect(valid == ["valid": true, "user": .string(id), "company": .string(Company.id)])
    #expect(try await server.call("auth.validate_token", ["token": "forged"]) == ["valid": false])

    let key = try await server.call("auth.create_credentials", [:], as: identity)[path: ["credentials", "access_key"]]
    try await server.call("users.delete", ["user": .string(id)])
    #expect(try await server.services.store.read { try $0.exists(.credentials, id: key?.string ?? "") } == false)
    #expect(await fails(with: .invalidUserID) { try await server.call("users.get_by_id", ["user": .string(id)]) })
    #expect(await fails(with: .validation) { try await server.call("auth.edit_user", ["role": "god"]) })
  }

  @Test("an administrator can neither resign nor delete themselves")
  func lastAdministrator() async throws {
    let server = try await ServicesFixture()
    #expect(await fails(with: .fieldValue) { try await server.call("auth.edit_user", ["role": "user"]) })
    let me: JSON = ["user": .string(server.caller.user)]
    #expect(await fails(with: .fieldValue) { try await server.call("users.delete", me) })
    let update = try await server.call("users.update", me.merging(["given_name": "G"]))
    #expect(update == ["updated": 1, "fields": ["given_name": "G"]])
  }

  @Test("keys of other users can neither be renamed nor revoked")
  func foreignKeys() async throws {
    let server = try await ServicesFixture()
    let key = try await server.call("auth.create_credentials")[path: ["credentials", "access_key"]] ?? .null
    for call in ["auth.edit_credentials", "auth.revoke_credentials"] {
      await #expect(throws: WireError.self) {
        try await server.call(call, ["access_key": key, "label": "x"], as: annotator)
      }
    }
    #expect(try await server.call("auth.get_credentials")["credentials"]?.array?.count == 1)
  }
}
