import HTTPTypes
import StintStore
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds out who sends a request: by its `Authorization` header, or by the cookie that a login sets for browsers.
struct Authentication: Sendable {
  /// The cookie's name, the stock server's, so that its clients find it.
  static let cookie = "clearml_token_basic"

  let tokens: Tokens
  let keys: AccessKeys

  /// The caller, or nil when the request carries no credentials. A cookie counts only with `acceptingCookie`: browsers
  /// send it along with what other pages make them ask for, so it must open nothing that changes things, unless the
  /// request shows otherwise that our own page sent it.
  /// - Throws: `WireError` 401 for credentials that are wrong.
  func identity(of headers: HTTPFields, acceptingCookie: Bool = false) async throws -> Identity? {
    if let header = headers[.authorization] {
      let (scheme, value) = Self.split(header)
      switch scheme {
      case "bearer": return try await confirmed(tokens.identity(of: value))
      case "basic": return try await keys.identity(of: Self.pair(basic: value))
      default: throw WireError(.badAuthType)
      }
    }
    guard acceptingCookie, let token = Self.cookies(headers[.cookie])[Self.cookie] else { return nil }
    return try await confirmed(tokens.identity(of: token))
  }

  /// Refuses the token of an attempt that is over: what runs of it still must change nothing any more.
  private func confirmed(_ identity: Identity) async throws -> Identity {
    if identity.attempt != nil { try await keys.store.read { try $0.confirmAttempt(of: identity) } }
    return identity
  }

  private static func split(_ header: String) -> (scheme: String, value: String) {
    let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    return (parts.first?.lowercased() ?? "", parts.count > 1 ? String(parts[1]) : "")
  }

  private static func pair(basic: String) throws(WireError) -> AccessKeys.Pair {
    guard let data = Data(base64Encoded: basic), let text = String(validating: data, as: UTF8.self),
      let colon = text.firstIndex(of: ":")
    else { throw WireError(.badCredentials) }
    return AccessKeys.Pair(accessKey: String(text[..<colon]), secretKey: String(text[text.index(after: colon)...]))
  }

  private static func cookies(_ header: String?) -> [String: String] {
    var cookies: [String: String] = [:]
    for part in (header ?? "").split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      cookies[pair[0].filter { $0 != " " }] = String(pair[1])
    }
    return cookies
  }
}
