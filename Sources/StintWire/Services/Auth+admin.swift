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
      /// Ignored: there is one company.
      package var company: String?

      package init(name: String, email: String, role: String? = nil) {
        (self.name, self.email, self.role) = (name, email, role)
      }
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

  /// `auth.set_password`: ours, lets a user log in with a name and a password. Administrators set anybody's, others
  /// their own; who has one needs it to set another.
  package enum SetPassword: Endpoint {
    package static let name = "auth.set_password"

    package struct Request: Codable, Sendable {
      package var password: String
      package var oldPassword: String?
      /// The caller, unless another is named.
      package var user: String?
      /// What to log in as: the login's name so far, or the user's.
      package var username: String?

      package init(password: String, user: String? = nil, username: String? = nil) {
        (self.password, self.user, self.username) = (password, user, username)
      }
    }
    package typealias Response = UpdatedCount
  }

  /// `auth.create_login_link`: ours, makes a link that logs a user in to the page, once and within a day. Administrators
  /// make anybody's, others their own.
  package enum CreateLoginLink: Endpoint {
    package static let name = "auth.create_login_link"

    package struct Request: Codable, Sendable {
      /// The caller, unless another is named.
      package var user: String?

      package init(user: String? = nil) { self.user = user }
    }

    package struct Response: Codable, Sendable {
      package var link: String

      package init(link: String) { self.link = link }
    }
  }

  /// `auth.get_token_for_user`
  package enum GetTokenForUser: Endpoint {
    package static let name = "auth.get_token_for_user"

    package struct Request: Codable, Sendable {
      package var user: String
      package var expirationSec: Int?
      /// Ignored: there is one company.
      package var company: String?
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

extension Auth {
  /// `auth.logout`: the browser forgets its token.
  package enum Logout: Endpoint {
    package static let name = "auth.logout"
    package typealias Request = Nothing
    package typealias Response = Nothing
  }
}

/// How one can log in.
package enum Login {
  /// `login.logout`: as `auth.logout`, also for those whose token has expired.
  package enum Logout: Endpoint {
    package static let name = "login.logout"
    package typealias Request = Nothing
    package typealias Response = Nothing
  }

  /// `login.use_link`: ours, logs in with the code of a link from `auth.create_login_link`, which is then no good any
  /// more. Browsers keep the token in a cookie.
  package enum UseLink: Endpoint {
    package static let name = "login.use_link"

    package struct Request: Codable, Sendable {
      package var code: String
    }

    package struct Response: Codable, Sendable {
      package var token: String

      package init(token: String) { self.token = token }
    }
  }

  /// `login.supported_modes`
  package enum SupportedModes: Endpoint {
    package static let name = "login.supported_modes"
    package typealias Request = JSON
    package typealias Response = JSON
  }
}
