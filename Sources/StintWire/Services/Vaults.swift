// The configuration vault: settings and environment variables that the server keeps for a user, or for everybody, and
// that agents apply on top of their own configuration. The stock open server has none; its clients ask for it.

/// Whom a vault is for.
package enum VaultScope: String, Codable, Sendable, CaseIterable {
  case company, user
}

/// A vault as its readers see it.
package struct Vault: Codable, Sendable, Hashable {
  package var id: String
  package var description: String
  package var scope: VaultScope
  package var enabled: Bool
  /// What the data is: `config`.
  package var type: String
  /// Settings as in `clearml.conf`.
  package var data: String
  package var lastUpdate: String?

  package init(
    id: String, description: String, scope: VaultScope, enabled: Bool, type: String, data: String, lastUpdate: String?
  ) {
    (self.id, self.description, self.scope, self.enabled) = (id, description, scope, enabled)
    (self.type, self.data, self.lastUpdate) = (type, data, lastUpdate)
  }
}

extension Users {
  /// `users.get_vaults`: the company's, then the caller's own, or those of a task's owner, in the order in which they are
  /// to be applied.
  package enum GetVaults: Endpoint {
    package static let name = "users.get_vaults"

    package struct Request: Codable, Sendable {
      package var enabled: Bool?
      /// Types, or one.
      package var types: JSON?
      /// Ours: a task, whose owner's they are to be. Only its owner, the holder of its lease and administrators may.
      package var task: String?
      /// The claim on the task.
      package var lease: LeaseClaim?

      package init(enabled: Bool? = nil, task: String? = nil, lease: LeaseClaim? = nil) {
        (self.enabled, self.task, self.lease) = (enabled, task, lease)
      }
    }

    package struct Response: Codable, Sendable {
      package var vaults: [Vault]

      package init(vaults: [Vault]) { self.vaults = vaults }
    }
  }

  /// `users.create_vault`, ours. Only administrators make one for the company.
  package enum CreateVault: Endpoint {
    package static let name = "users.create_vault"

    package struct Request: Codable, Sendable {
      package var data: String
      package var description: String?
      package var scope: VaultScope?
      package var enabled: Bool?

      package init(data: String, description: String, scope: VaultScope) {
        (self.data, self.description, self.scope) = (data, description, scope)
      }
    }

    package struct Response: Codable, Sendable {
      package var id: String

      package init(id: String) { self.id = id }
    }
  }

  /// `users.edit_vault`, ours.
  package enum EditVault: Endpoint {
    package static let name = "users.edit_vault"

    package struct Request: Codable, Sendable {
      package var vault: String
      package var data: String?
      package var description: String?
      package var enabled: Bool?

      package init(vault: String, data: String? = nil, enabled: Bool? = nil) {
        (self.vault, self.data, self.enabled) = (vault, data, enabled)
      }
    }
    package typealias Response = UpdatedCount
  }

  /// `users.delete_vault`, ours.
  package enum DeleteVault: Endpoint {
    package static let name = "users.delete_vault"

    package struct Request: Codable, Sendable {
      package var vault: String

      package init(vault: String) { self.vault = vault }
    }

    package struct Response: Codable, Sendable {
      package var deleted: Int

      package init(deleted: Int) { self.deleted = deleted }
    }
  }
}
