import Crypto
import StintModel
import StintStore
import StintWire

/// Access keys: what a program logs in with. The secret is shown once and stored as a salted hash.
package struct AccessKeys: Sendable {
  let store: Store

  /// A key and its secret, as they are shown to their owner.
  package struct Pair: Sendable, Hashable {
    package let accessKey: String
    package let secretKey: String

    package init(accessKey: String, secretKey: String) { (self.accessKey, self.secretKey) = (accessKey, secretKey) }

    /// A new pair: 30 upper-case alphanumerics and 50 random bytes in URL-safe base 64.
    package static func random() -> Pair {
      var generator = SystemRandomNumberGenerator()
      let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
      let key = String((0..<30).compactMap { _ in alphabet.randomElement(using: &generator) })
      let secret = (0..<50).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      return Pair(accessKey: key, secretKey: urlSafeBase64(secret))
    }
  }

  /// Stores a key of `user`; a key of that name is replaced.
  package func put(_ pair: Pair, user: String, label: String) async throws {
    let salt = randomIdentifier()
    let document: JSON = [
      "id": .string(pair.accessKey), "user": .string(user), "label": .string(label), "salt": .string(salt),
      "secret_hash": .string(Self.hash(pair.secretKey, salt: salt)), "created": .string(Timestamp.now.description),
    ]
    try await store.write { try $0.put(.credentials, document) }
  }

  /// Who holds this key, or logs in with this name and password.
  /// - Throws: `WireError` 401/22 when there is no such pair.
  package func identity(of pair: Pair) async throws -> Identity {
    let found = try await store.read { records -> (holder: Identity, lastUsed: Timestamp?)? in
      guard let credentials = try records.get(.credentials, id: pair.accessKey), credentials["kind"] == nil,
        let salt = credentials.text("salt"), let hash = credentials.text("secret_hash"),
        constantTimeEqual(Self.hash(pair.secretKey, salt: salt), hash), let user = credentials.text("user"),
        let holder = try records.identity(ofUser: user)
      else { return nil }
      return (holder, credentials.text("last_used").flatMap { Timestamp($0) })
    }
    if let found {
      await noteUse(of: pair.accessKey, before: found.lastUsed)
      return found.holder
    }
    guard let person = try await Passwords(store: store).identity(of: pair.accessKey, pair.secretKey) else {
      throw WireError(.invalidCredentials, "failed to locate provided credentials")
    }
    return person
  }

  /// Keeps when a key was used, to the minute: who asks often does not write each time. A login is not refused because
  /// this cannot be kept.
  private func noteUse(of key: String, before: Timestamp?) async {
    let now = Timestamp.now
    if let before, before.seconds(to: now) < 60 { return }
    try? await store.write { records in
      guard var credentials = try records.get(.credentials, id: key) else { return }
      credentials["last_used"] = .string(now.description)
      try records.put(.credentials, credentials)
    }
  }

  private static func hash(_ secret: String, salt: String) -> String {
    SHA256.hash(data: Array((salt + secret).utf8)).withUnsafeBytes { hexadecimal($0) }
  }
}

/// The bytes' hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Compares without telling by the time taken where two texts differ.
func constantTimeEqual(_ left: String, _ right: String) -> Bool {
  let (left, right) = (Array(left.utf8), Array(right.utf8))
  guard left.count == right.count else { return false }
  return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}

private func urlSafeBase64(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
  var text = ""
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for index in 0...group.count { text.append(alphabet[value >> (18 - 6 * index) & 63]) }
  }
  return text
}
