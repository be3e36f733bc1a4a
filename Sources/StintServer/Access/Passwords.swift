import Crypto
import CryptoExtras
import Dispatch
import StintModel
import StintStore
import StintWire

/// The logins of people: a name and a password, of which a salted scrypt hash is kept beside the access keys.
struct Passwords: Sendable {
  /// The fewest characters of a password.
  static let shortest = 8

  /// Ten guesses at once at one login, then two a second: others get to log in meanwhile.
  private static let guesses = RateLimiter(rate: 2)

  let store: Store

  /// Whether anybody can log in with a password.
  func areUsed() async throws -> Bool {
    try await store.read { try $0.first(.credentials, Self.isPassword) != nil }
  }

  /// Who logs in with this name and password, or nil where it is nobody.
  /// - Throws: `WireError` 429 when that was tried too often.
  func identity(of name: String, _ password: String) async throws -> Identity? {
    let id = Self.id(of: name)
    guard let login = try await store.read({ try $0.get(.credentials, id: id) }) else { return nil }
    try Self.guesses.admit(user: name, address: nil)
    guard let salt = login.text("salt"), let kept = login.text("secret_hash"), let user = login.text("user"),
      constantTimeEqual(try await Self.hash(password, salt: salt), kept)
    else { return nil }
    return try await store.read { try $0.identity(ofUser: user) }
  }

  /// Gives `user` a login, in place of the one that they have.
  /// - Throws: `WireError` for a name that cannot be, or is another's, and for a short password.
  func set(_ password: String, name: String, user: String) async throws {
    guard password.count >= Self.shortest else {
      throw WireError(.fieldValue, "a password has \(Self.shortest) characters or more: field=password")
    }
    guard !name.isEmpty, name.utf8.count <= 200, name.allSatisfy({ $0 != ":" && !$0.isNewline }) else {
      throw WireError(.fieldValue, "the name of a login is 1 to 200 bytes without a colon: field=username")
    }
    let (id, salt) = (Self.id(of: name), randomIdentifier())
    let document: JSON = [
      "id": .string(id), "user": .string(user), "kind": "password", "username": .string(name), "salt": .string(salt),
      "secret_hash": .string(try await Self.hash(password, salt: salt)), "created": .string(Timestamp.now.text),
    ]
    try await store.write { records in
      guard try records.get(.credentials, id: id)?.text("user") ?? user == user else {
        throw WireError(.notUnique, "another user logs in as \(name)")
      }
      for old in try records.find(.credentials, Query(.and([Self.isPassword, .equals("user", .string(user))]))) {
        try records.delete(.credentials, id: old.text("id") ?? "")
      }
      try records.put(.credentials, document)
    }
  }

  /// The name that `user` logs in with, or nil where they have no password.
  func name(of user: String) async throws -> String? {
    try await store.read { records in
      try records.first(.credentials, .and([Self.isPassword, .equals("user", .string(user))]))?.text("username")
    }
  }

  /// Tells a login from an access key.
  static let isPassword = Condition.equals("kind", "password")

  /// Access keys have no slash.
  private static func id(of name: String) -> String { "password/\(name)" }

  /// One after another: guessing gets the server no further than one core and 16 MB.
  private static let queue = DispatchQueue(label: "stint.passwords", qos: .utility)

  private static func hash(_ password: String, salt: String) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(
          with: Result {
            let key = try KDF.Scrypt.deriveKey(
              from: Array(password.utf8), salt: Array(salt.utf8), outputByteCount: 32, rounds: 1 << 14, blockSize: 8,
              parallelism: 5)
            return key.withUnsafeBytes { hexadecimal($0) }
          })
      }
    }
  }
}
