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

  /// Names a user.
  package struct UserRequest: Codable, Sendable {
    package var user: String

    package init(user: String) { self.user = user }
  }

  /// `users.get_by_id`
  package enum GetByID: Endpoint {
    package static let name = "users.get_by_id"
    package typealias Request = UserRequest

    package struct Response: Codable, Sendable {
      package var user: JSON

      package init(user: JSON) { self.user = user }
    }
  }

  /// `users.create`
  package enum Create: Endpoint {
    package static let name = "users.create"

    package struct Request: Codable, Sendable {
      package var id: String
      package var name: String
      package var givenName: String?
      package var familyName: String?
      package var avatar: String?
      /// Ignored: there is one company.
      package var company: String?
    }
    package typealias Response = Nothing
  }

  /// `users.update`
  package enum Update: Endpoint {
    package static let name = "users.update"

    package struct Request: Codable, Sendable {
      package var user: String
      package var name: String?
      package var givenName: String?
      package var familyName: String?
      package var avatar: String?
    }
    package typealias Response = Updated
  }

  /// `users.delete`
  package enum Delete: Endpoint {
    package static let name = "users.delete"
    package typealias Request = UserRequest
    package typealias Response = Nothing
  }

  /// `users.get_preferences`
  package enum GetPreferences: Endpoint {
    package static let name = "users.get_preferences"
    package typealias Request = Nothing

    package struct Response: Codable, Sendable {
      package var preferences: JSON

      package init(preferences: JSON) { self.preferences = preferences }
    }
  }

  /// `users.set_preferences`: changes what is named, at any depth, and leaves the rest alone.
  package enum SetPreferences: Endpoint {
    package static let name = "users.set_preferences"

    package struct Request: Codable, Sendable {
      package var preferences: [String: JSON]
      package var returnUpdated: Bool?
    }

    package struct Response: Codable, Sendable {
      package var updated: Int
      package var fields: JSON?

      package init(updated: Int, fields: JSON?) { (self.updated, self.fields) = (updated, fields) }
    }
  }
}
