import Crypto
import StintModel
import StintStore
import StintWire

/// Links that log somebody in to the page, once. Each has a random code, of which a hash is kept beside the access keys.
struct LoginLinks: Sendable {
  /// How long a link is good that nobody has used.
  static let seconds = 86_400

  let store: Store

  /// The code of a new link for `user`.
  func newCode(for user: String, at now: Timestamp = .now) async throws -> String {
    let code = randomIdentifier()
    let document: JSON = [
      "id": .string(Self.id(of: code)), "user": .string(user), "kind": "link",
      "end": .string(now.advanced(bySeconds: Self.seconds).text),
    ]
    try await store.write { records in
      for old in try records.find(.credentials, Query(.equals("kind", "link"))) where Self.isOver(old, at: now) {
        try records.delete(.credentials, id: old.text("id") ?? "")
      }
      try records.put(.credentials, document)
    }
    return code
  }

  /// Whom the link with this code logs in, which is no good any more from then on.
  /// - Throws: `WireError` 401/22 where there is no such link, or none any more.
  func use(_ code: String, at now: Timestamp = .now) async throws -> Identity {
    let identity = try await store.write { records -> Identity? in
      guard let link = try records.get(.credentials, id: Self.id(of: code)) else { return nil }
      try records.delete(.credentials, id: Self.id(of: code))
      guard !Self.isOver(link, at: now), let user = link.text("user") else { return nil }
      return try records.identity(ofUser: user)
    }
    guard let identity else {
      throw WireError(
        .invalidCredentials, "the link was used before, or is older than a day: stint user link makes another")
    }
    return identity
  }

  private static func isOver(_ link: JSON, at now: Timestamp) -> Bool {
    guard let end = link.text("end").flatMap({ Timestamp($0) }) else { return true }
    return end <= now
  }

  /// Access keys have no slash.
  private static func id(of code: String) -> String {
    "link/" + SHA256.hash(data: Array(code.utf8)).withUnsafeBytes { hexadecimal($0) }
  }
}
