/// How clients reach object storage: settings that the server keeps for them.
package enum Storage {
  /// The settings by kind of storage, as clients read them.
  package struct Settings: Codable, Sendable {
    package var aws: [String: JSON]?
    package var google: [String: JSON]?
    package var azure: [String: JSON]?
    package var lastUpdate: String?
  }

  /// `storage.get_settings`
  package enum GetSettings: Endpoint {
    package static let name = "storage.get_settings"
    package typealias Request = Nothing
    package typealias Response = Settings
  }

  /// `storage.set_settings`: replaces those that are named.
  package enum SetSettings: Endpoint {
    package static let name = "storage.set_settings"
    package typealias Request = Settings
    package typealias Response = UpdatedCount
  }

  /// `storage.reset_settings`
  package enum ResetSettings: Endpoint {
    package static let name = "storage.reset_settings"

    package struct Request: Codable, Sendable {
      package var keys: [Kind]?
    }
    package typealias Response = UpdatedCount
  }

  /// A kind of storage.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case aws, google, azure
  }
}
