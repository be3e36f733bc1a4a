import StintWire
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One login: what it gave and how long it is good for.
struct Session: Sendable {
  let token: String
  let extensions: Extensions?
  /// When a new token is due; nil for a token that does not tell.
  let renewal: Date?

  init(token: String, extensions: Extensions?, now: Date = Date()) {
    self.token = token
    self.extensions = extensions
    renewal = Self.expiry(of: token).map { end in
      let life = max(0, end.timeIntervalSince(now))
      return now.addingTimeInterval(life * 0.9)
    }
  }

  /// The `exp` of a JSON Web Token. Its signature is the server's business.
  static func expiry(of token: String) -> Date? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    var text = parts[1].map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
    while text.count % 4 != 0 { text.append("=") }
    guard let bytes = Data(base64Encoded: String(text)), let claims = try? JSON(parsing: bytes),
      let seconds = claims["exp"]?.double
    else { return nil }
    return Date(timeIntervalSince1970: seconds)
  }
}

extension Client {
  /// The session in use, or a new one. Callers that come together may each log in; the last one stays.
  func loggedIn(patience: Duration?) async throws -> Session {
    if let current = session.withLock({ $0 }), current.renewal.map({ $0 > Date() }) ?? true { return current }
    let authorization =
      switch credentials {
      case .key(let key, let secret): "Basic \(Data("\(key):\(secret)".utf8).base64EncodedString())"
      case .token(let token): "Bearer \(token)"
      }
    do {
      let data = try await attempt(
        Auth.Login.name, body: Array("{}".utf8), type: "application/json", authorization: authorization,
        timeout: .seconds(20), patience: patience)
      let answer = try data.decode(Auth.Login.Response.self)
      let new = Session(token: answer.token, extensions: answer.stint)
      session.withLock { $0 = new }
      return new
    } catch let error as WireError where error.code == 401 || error.code == 403 {
      throw refused(error)
    } catch is FieldError {
      throw ClientError.notAServer(api: api)
    } catch let error as WireError where [404, 405].contains(error.code) || error.code < 400 {
      throw ClientError.notAServer(api: api)
    }
  }

  /// Drops a session that the server no longer accepts.
  func forget(_ stale: Session) {
    session.withLock { if $0?.token == stale.token { $0 = nil } }
  }

  func refused(_ error: WireError) -> ClientError {
    switch credentials {
    case .key(let key, _): .wrongKey(api: api, key: key, origin: origin, reason: error.message)
    case .token: .wrongToken(api: api, origin: origin, reason: error.message)
    }
  }
}
