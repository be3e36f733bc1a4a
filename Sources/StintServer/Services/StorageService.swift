import StintModel
import StintStore
import StintWire

extension Services {
  func addStorage(to api: inout API) {
    api.on(Storage.GetSettings.self) { _, _ in
      try await store.read { try $0.storage(vaultCipher) }.decode(Storage.Settings.self)
    }
    api.on(Storage.SetSettings.self, roles: [.admin]) { request, call in
      let given = try JSON(encoding: request).object ?? [:]
      return try await changeStorage(given.filter { $0.key != "last_update" }, call)
    }
    api.on(Storage.ResetSettings.self, roles: [.admin]) { request, call in
      let gone = (request.keys ?? Storage.Kind.allCases).map { ($0.rawValue, JSON.null) }
      return try await changeStorage(Dictionary(gone) { $1 }, call)
    }
  }

  /// Sets some of the settings; null takes them away. They hold keys to others' storage, and are sealed as vaults are.
  private func changeStorage(_ changes: [String: JSON], _ call: Call) async throws -> UpdatedCount {
    guard !changes.isEmpty else { return UpdatedCount(updated: 0) }
    return try await transact(call) { transaction in
      var settings = try transaction.records.storage(vaultCipher)
      for (kind, value) in changes { settings[kind] = value.isNull ? .none : value }
      settings["last_update"] = transaction.timestamp
      let sealed = try vaultCipher.seal(settings.text, for: settingsID)
      try transaction.records.put(.settings, ["id": .string(settingsID), "sealed": .string(sealed)])
      return UpdatedCount(updated: 1)
    }
  }
}

private let settingsID = "storage"

extension Records {
  fileprivate func storage(_ cipher: VaultCipher) throws -> JSON {
    let kept = try get(.settings, id: settingsID) ?? [:]
    guard let sealed = kept.text("sealed") else { return kept }
    return try JSON(parsing: cipher.open(sealed, for: settingsID))
  }
}
