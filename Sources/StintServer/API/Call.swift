import StintWire

/// Who calls.
package struct Identity: Sendable, Hashable {
  package let user: String
  package let userName: String
  package let company: String
  package let role: Role
  /// The attempt whose own token it is: it counts for nothing once that is over.
  package var attempt: Attempt?

  package init(user: String, userName: String, company: String, role: Role) {
    (self.user, self.userName, self.company, self.role) = (user, userName, company, role)
  }

  /// An attempt at a task.
  package struct Attempt: Sendable, Hashable, Codable {
    package let task: String
    package let lease: String
  }

  /// What a user may do (`role` of the protocol).
  package enum Role: String, Sendable, Codable, Comparable {
    case admin, superuser, user, annotator

    private var rank: Int {
      switch self {
      case .annotator: 0
      case .user: 1
      case .superuser: 2
      case .admin: 3
      }
    }

    /// Whether the other may do more.
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }
  }
}

/// One call of the API: who, what, and where from.
package struct Call: Sendable {
  /// `service.action`.
  package let endpoint: String
  package let version: WireVersion
  /// nil only for the endpoints that need no login.
  package let identity: Identity?
  /// The request as it came, query arguments merged over it. An array for JSON lines.
  package let body: JSON
  /// JSON lines as they came, for an endpoint that reads them itself.
  package var lines: [UInt8]? = .none
  /// `X-ClearML-Worker`: the host that calls.
  package let workerHost: String?
  /// The caller's address.
  package let address: String?

  /// The caller.
  /// - Throws: `WireError` 401/20 when nobody is logged in.
  package var caller: Identity {
    get throws(WireError) {
      guard let identity else { throw WireError(.noCredentials) }
      return identity
    }
  }
}
