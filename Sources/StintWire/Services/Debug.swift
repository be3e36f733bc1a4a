/// The server's pulse.
package enum Debug {
  /// `debug.ping`: answers once the server can serve. Needs no login.
  package enum Ping: Endpoint {
    package static let name = "debug.ping"
    package typealias Request = JSON

    package struct Response: Codable, Sendable {
      package var msg: String

      package init(msg: String) { self.msg = msg }
    }
  }
}
