/// The server itself.
package enum ServerCalls {
  /// `server.info`
  package enum Info: Endpoint {
    package static let name = "server.info"
    package typealias Request = Nothing

    package struct Response: Codable, Sendable {
      package var version: String?
      package var build: String?
      package var commit: String?
      package var uid: String?
      package var apiVersion: String?

      package init(
        version: String? = nil, build: String? = nil, commit: String? = nil, uid: String? = nil,
        apiVersion: String? = nil
      ) {
        (self.version, self.build, self.commit) = (version, build, commit)
        (self.uid, self.apiVersion) = (uid, apiVersion)
      }
    }
  }
}
