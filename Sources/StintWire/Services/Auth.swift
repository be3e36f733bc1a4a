/// Credentials and tokens.
package enum Auth {
  /// `auth.login`
  package enum Login: Endpoint {
    package static let name = "auth.login"

    package struct Request: Codable, Sendable {
      package var expirationSec: Int?

      package init(expirationSec: Int? = nil) {
        self.expirationSec = expirationSec
      }
    }

    package struct Response: Codable, Sendable {
      package var token: String
      /// What this server can do beyond the protocol; absent from the stock server.
      package var stint: Extensions?

      package init(token: String, stint: Extensions? = nil) { (self.token, self.stint) = (token, stint) }
    }
  }

  /// `auth.create_credentials`
  package enum CreateCredentials: Endpoint {
    package static let name = "auth.create_credentials"

    package struct Request: Codable, Sendable {
      package var label: String?

      package init(label: String? = nil) {
        self.label = label
      }
    }

    package struct Response: Codable, Sendable {
      package var credentials: Credentials?

      package init(credentials: Credentials? = nil) {
        self.credentials = credentials
      }
    }
  }

  /// `auth.get_credentials`
  package enum GetCredentials: Endpoint {
    package static let name = "auth.get_credentials"
    package typealias Request = Nothing

    package struct Response: Codable, Sendable {
      package var credentials: [CredentialKey]?

      package init(credentials: [CredentialKey]? = nil) {
        self.credentials = credentials
      }
    }
  }

  /// `auth.revoke_credentials`
  package enum RevokeCredentials: Endpoint {
    package static let name = "auth.revoke_credentials"

    package struct Request: Codable, Sendable {
      package var accessKey: String?

      package init(accessKey: String? = nil) {
        self.accessKey = accessKey
      }
    }

    package struct Response: Codable, Sendable {
      package var revoked: Int?

      package init(revoked: Int? = nil) {
        self.revoked = revoked
      }
    }
  }
}
