import StintModel
import StintStore
import StintWire

extension Services {
  func addStorage(to api: inout API) {
    api.on(Storage.GetSettings.self) { _, _ in
      try await store.read { try ($0.get(.settings, id: settingsID) ?? [:]).decode(Storage.Settings.self) }
    }
    api.on(Storage.SetSettings.self, roles: [.admin]) { request, call in
      let given = try JSON(encoding: request).object ?? [:]
      return try await transact(call) { try $0.changeStorage(given.filter { $0.key != "last_update" }) }
    }
    api.on(Storage.ResetSettings.self, roles: [.admin]) { request, call in
      let gone = (request.keys ?? Storage.Kind.allCases).map { ($0.rawValue, JSON.null) }
      return try await transact(call) { try $0.changeStorage(Dictionary(gone) { $1 }) }
    }
  }
}

private let settingsID = "storage"

extension Transaction {
  /// Sets some of the settings; null takes them away.
  fileprivate func changeStorage(_ changes: [String: JSON]) throws -> UpdatedCount {
    guard !changes.isEmpty else { return UpdatedCount(updated: 0) }
    var settings = try records.get(.settings, id: settingsID) ?? ["id": .string(settingsID)]
    for (kind, value) in changes { settings[kind] = value.isNull ? .none : value }
    settings["last_update"] = timestamp
    try records.put(.settings, settings)
    return UpdatedCount(updated: 1)
  }
}
