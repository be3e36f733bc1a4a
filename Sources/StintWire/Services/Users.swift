/// The people.
package enum Users {
  /// `users.get_current_user`
  package enum GetCurrentUser: Endpoint {
    package static let name = "users.get_current_user"
    package typealias Request = Nothing

    package struct Response: Codable, Sendable {
      package var user: JSON?
      package var gettingStarted: JSON?
      package var settings: JSON?

      package init(user: JSON? = nil, gettingStarted: JSON? = nil, settings: JSON? = nil) {
        (self.user, self.gettingStarted, self.settings) = (user, gettingStarted, settings)
      }
    }
  }
}
