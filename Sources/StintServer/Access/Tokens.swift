import JWTKit
import StintModel
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes and checks the signed tokens (JWT, HS256) that a login gives.
package struct Tokens: Sendable {
  /// Life of a token when the client asks for none: 30 days, as on the stock server.
  package static let defaultLife: Duration = .seconds(30 * 86_400)
  /// The longest life a client can ask for: a year.
  package static let longestLife: Duration = .seconds(365 * 86_400)

  private let keys: JWTKeyCollection
  private let build: String

  /// Signs with `secret`: at least 32 random bytes, the same after every restart, so that tokens stay valid.
  package init(secret: [UInt8], build: String) async {
    keys = await JWTKeyCollection().add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    self.build = build
  }

  /// A token for `identity`.
  package func issue(for identity: Identity, life: Duration = defaultLife) async throws -> String {
    let now = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
    let seconds = Double(min(max(life, .seconds(1)), Self.longestLife).components.seconds)
    return try await keys.sign(
      Claims(
        iat: IssuedAtClaim(value: now), exp: ExpirationClaim(value: now.addingTimeInterval(seconds)),
        session_id: randomIdentifier(), env: "stint",
        identity: .init(
          user: identity.user, company: identity.company, role: identity.role.rawValue,
          user_name: identity.userName, company_name: Company.name),
        api_version: WireVersion.newest.description, server_version: WireVersion.serverRelease,
        server_build: build, feature_set: "basic", stint_attempt: identity.attempt))
  }

  /// Who holds `token`.
  /// - Throws: `WireError` 401/30 when it is forged or has expired.
  package func identity(of token: String) async throws(WireError) -> Identity {
    let claims: Claims
    do {
      claims = try await keys.verify(token, as: Claims.self)
    } catch let error as JWTError where error.errorType == .claimVerificationFailure {
      throw WireError(.invalidToken, "the token has expired: log in again")
    } catch {
      throw WireError(.invalidToken, "invalid jwt token")
    }
    var identity = Identity(
      user: claims.identity.user, userName: claims.identity.user_name, company: claims.identity.company,
      role: Identity.Role(rawValue: claims.identity.role) ?? .user)
    identity.attempt = claims.stint_attempt
    return identity
  }
}

/// What clients read from a token without checking it (`clearml-wire.md`, Login).
private struct Claims: JWTPayload {
  struct Holder: Codable {
    let user, company, role, user_name, company_name: String
  }

  let iat: IssuedAtClaim
  let exp: ExpirationClaim
  let session_id: String
  let env: String
  let identity: Holder
  let api_version: String
  let server_version: String
  let server_build: String
  let feature_set: String
  /// Ours: the attempt at a task that the token is for.
  let stint_attempt: Identity.Attempt?

  func verify(using algorithm: some JWTAlgorithm) throws { try exp.verifyNotExpired() }
}
