import StintConfig
import StintRuntime
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the agents with one key have of their own: the folders of their tasks, what these take in, and logs.
package struct AgentHome: Sendable, Equatable {
  /// The folder, named by the fingerprint of the key.
  package let path: String

  init(path: String) { self.path = path }

  /// The home of the agents that log in with `credentials`.
  init(in caches: CacheFolders, credentials: ServerConnection.Credentials) {
    path = "\(caches.homes)/\(Self.fingerprint(of: credentials))"
  }

  /// What daemons say, and the logs of tasks that are over.
  package var logs: String { path + "/logs" }
  package var storage: String { path + "/storage" }
  /// Models, data and images.
  var contents: ContentStore { ContentStore(directory: storage, temporary: temporary) }
  /// A folder for each task.
  package var tasks: String { path + "/tasks" }
  /// What is being made, on the same disk.
  package var temporary: String { path + "/tmp" }

  /// The public half of a key tells it from others; of a token, whom it is for, because tokens are renewed.
  private static func fingerprint(of credentials: ServerConnection.Credentials) -> String {
    let text =
      switch credentials {
      case .key(let access, _): access
      case .token(let token): bearer(of: token.reveal())
      }
    return String(Digest.hex(of: text).prefix(16))
  }

  /// The `identity` in a JSON Web Token, or the token itself.
  private static func bearer(of token: String) -> String {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return token }
    var text = parts[1].map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
    while text.count % 4 != 0 { text.append("=") }
    guard let bytes = Data(base64Encoded: String(text)), let claims = try? JSON(parsing: bytes),
      let user = claims["identity"]?["user"]?.string
    else { return token }
    return user
  }
}
