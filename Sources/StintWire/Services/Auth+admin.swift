// Users and tokens, as administrators see them, and how one can log in.

extension Auth {
  /// `auth.edit_credentials`
  package enum EditCredentials: Endpoint {
    package static let name = "auth.edit_credentials"

    package struct Request: Codable, Sendable {
      package var accessKey: String
      package var label: String?
    }
    package typealias Response = UpdatedCount
  }

  /// `auth.create_user`
  package enum CreateUser: Endpoint {
    package static let name = "auth.create_user"

    package struct Request: Codable, Sendable {
      package var name: String
      package var email: String
      package var role: String?
      package var givenName: String?
      package var familyName: String?
      package var avatar: String?
    }

    package struct Response: Codable, Sendable {
      package var id: String

      package init(id: String) { self.id = id }
    }
  }

  /// `auth.edit_user`
  package enum EditUser: Endpoint {
    package static let name = "auth.edit_user"

    package struct Request: Codable, Sendable {
      package var user: String?
      package var role: String?
    }
    package typealias Response = Updated
  }

  /// `auth.get_token_for_user`
  package enum GetTokenForUser: Endpoint {
    package static let name = "auth.get_token_for_user"

    package struct Request: Codable, Sendable {
      package var user: String
      package var expirationSec: Int?
    }

    package struct Response: Codable, Sendable {
      package var token: String

      package init(token: String) { self.token = token }
    }
  }

  /// `auth.validate_token`
  package enum ValidateToken: Endpoint {
    package static let name = "auth.validate_token"

    package struct Request: Codable, Sendable {
      package var token: String
    }

    package struct Response: Codable, Sendable {
      package var valid: Bool
      package var user: String?
      package var company: String?

      package init(valid: Bool, user: String? = nil, company: String? = nil) {
        (self.valid, self.user, self.company) = (valid, user, company)
      }
    }
  }

  /// `auth.fixed_users_mode`: whether users log in with passwords from a list.
  package enum FixedUsersMode: Endpoint {
    package static let name = "auth.fixed_users_mode"
    package typealias Request = Nothing

    package struct Response: Codable, Sendable {
      package var enabled: Bool
      package var guest: JSON
      package var serverErrors: JSON

      package init(enabled: Bool) { (self.enabled, guest, serverErrors) = (enabled, ["enabled": false], [:]) }
    }
  }
}

/// How one can log in.
package enum Login {
  /// `login.supported_modes`
  package enum SupportedModes: Endpoint {
    package static let name = "login.supported_modes"
    package typealias Request = JSON
    package typealias Response = JSON
  }
}
