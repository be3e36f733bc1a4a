/// One call of the protocol: its name and the types of what is asked and answered. Server and client share it.
package protocol Endpoint: Sendable {
  /// What the client sends. `JSON` where the fields are a language of their own, as in the `get_all` family.
  associatedtype Request: Codable & Sendable
  /// What the server answers with, inside the envelope.
  associatedtype Response: Codable & Sendable
  /// `service.action`.
  static var name: String { get }
}

/// An endpoint that takes many requests of another one at once: the body is JSON lines.
package protocol BatchEndpoint: Endpoint where Request == JSON {
  /// What each line is a request of.
  associatedtype Single: Endpoint
}

/// An answer, or a request, that says nothing.
package struct Nothing: Codable, Sendable, Hashable {
  package init() {}
}

/// What calls that change one record answer: how many changed, and the fields' new values.
package struct Updated: Codable, Sendable {
  /// 1 when the record changed.
  package var updated: Int
  /// The changed fields by their dotted paths.
  package var fields: JSON

  package init(updated: Int, fields: JSON = .object([:])) { (self.updated, self.fields) = (updated, fields) }
}

/// A version of the protocol, as in `v2.23`.
package struct WireVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
  package let major: Int
  package let minor: Int

  package init(_ major: Int, _ minor: Int) { (self.major, self.minor) = (major, minor) }

  /// Parses `v2.23` or `2.23`.
  package init?(_ text: some StringProtocol) {
    let parts = (text.hasPrefix("v") ? text.dropFirst() : text[...]).split(
      separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0 else {
      return nil
    }
    self.init(major, minor)
  }

  /// The newest version spoken here.
  package static let newest = WireVersion(2, 34)

  /// The release of the stock server whose behaviour is served here: clients choose what they ask for by it.
  package static let serverRelease = "2.3.0"

  package static func < (lhs: Self, rhs: Self) -> Bool { (lhs.major, lhs.minor) < (rhs.major, rhs.minor) }
  package var description: String { "\(major).\(minor)" }
}
