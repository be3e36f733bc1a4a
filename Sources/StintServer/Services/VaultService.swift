import StintConfig
import StintModel
import StintStore
import StintWire

extension Services {
  func addVaults(to api: inout API) {
    api.on(Users.GetVaults.self) { request, call in
      let caller = try call.caller
      let types = request.types.map { $0.array ?? [$0] }?.compactMap(\.string)
      guard types?.contains(Self.vaultType) ?? true else { return .init(vaults: []) }
      let (user, found) = try await store.read { records in
        let owner = try request.task.map { try records.owner(ofTask: $0, heldAs: request.lease, caller) }
        return (owner ?? caller.user, try records.find(.settings, Query(Self.isVault, order: [Order("created")])))
      }
      let vaults = try found.filter { $0.text("scope") == VaultScope.company.rawValue || $0.text("user") == user }
        .map(vault).filter { request.enabled == nil || $0.enabled == request.enabled }
      return .init(vaults: vaults.filter { $0.scope == .company } + vaults.filter { $0.scope == .user })
    }
    api.on(Users.CreateVault.self) { request, call in
      try requireNoTask(call.caller)
      let (scope, id) = (request.scope ?? .user, randomIdentifier())
      try Self.check(data: request.data)
      let data = try vaultCipher.seal(request.data, for: Self.settingsID(id))
      try await transact(call) { transaction in
        try transaction.require(scope)
        try transaction.records.put(
          .settings,
          [
            "id": .string(Self.settingsID(id)), "kind": "vault", "vault": .string(id),
            "user": .string(transaction.caller.user), "scope": .string(scope.rawValue),
            "description": .string(request.description ?? ""), "enabled": .bool(request.enabled ?? true),
            "data": .string(data), "created": transaction.timestamp, "last_update": transaction.timestamp,
          ])
      }
      return .init(id: id)
    }
    api.on(Users.EditVault.self) { request, call in
      try requireNoTask(call.caller)
      if let data = request.data { try Self.check(data: data) }
      let data = try request.data.map { try vaultCipher.seal($0, for: Self.settingsID(request.vault)) }
      return try await transact(call) { transaction in
        var vault = try transaction.vault(Self.settingsID(request.vault))
        if let data { vault["data"] = .string(data) }
        if let description = request.description { vault["description"] = .string(description) }
        if let enabled = request.enabled { vault["enabled"] = .bool(enabled) }
        vault["last_update"] = transaction.timestamp
        try transaction.records.put(.settings, vault)
        return UpdatedCount(updated: 1)
      }
    }
    api.on(Users.DeleteVault.self) { request, call in
      try requireNoTask(call.caller)
      try await transact(call) { transaction in
        let id = Self.settingsID(request.vault)
        _ = try transaction.vault(id)
        try transaction.records.delete(.settings, id: id)
      }
      return .init(deleted: 1)
    }
  }

  private static let vaultType = "config"
  private static let isVault = Condition.equals("kind", "vault")

  private static func settingsID(_ vault: String) -> String { "vault/\(vault)" }

  private func vault(_ document: JSON) throws -> Vault {
    let data = try vaultCipher.open(document.text("data") ?? "", for: document.text("id") ?? "")
    return Vault(
      id: document.text("vault") ?? "", description: document.text("description") ?? "",
      scope: document.text("scope").flatMap(VaultScope.init) ?? .user, enabled: document["enabled"]?.bool ?? true,
      type: Self.vaultType, data: data, lastUpdate: document.text("last_update"))
  }

  /// Refuses what agents could not apply.
  private static func check(data: String) throws {
    do {
      guard case .object = try HOCON.parse(data, file: "data", environment: [:]) else {
        throw WireError(.fieldValue, "settings have to be an object: field=data")
      }
    } catch let error as HOCONError {
      throw WireError(.fieldValue, "line \(error.line): \(error.reason) field=data")
    }
  }
}

extension Records {
  /// A task's owner, for those who may know what is theirs.
  fileprivate func owner(ofTask id: String, heldAs claim: LeaseClaim?, _ caller: Identity) throws -> String {
    let owner = try task(id).text("user") ?? ""
    let lease = try lease(task: id)
    let isHolder = claim != nil && lease?.isHeld == true && lease?.id == claim?.id
    guard isHolder || caller.user == owner || caller.role == .admin else {
      throw WireError(.roleNotAllowed, "the vaults of a task are for its owner and its worker: task=\(id)")
    }
    return owner
  }
}

extension Transaction {
  /// Only administrators change what is for everybody.
  fileprivate func require(_ scope: VaultScope) throws {
    guard scope == .user || caller.role == .admin else {
      throw WireError(
        .roleNotAllowed, "only an administrator changes the company's vaults: role=\(caller.role.rawValue)")
    }
  }

  /// A vault that the caller may change.
  fileprivate func vault(_ id: String) throws -> JSON {
    guard let vault = try records.get(.settings, id: id) else { throw WireError(.invalidID, "no such vault: id=\(id)") }
    let scope = vault.text("scope").flatMap(VaultScope.init) ?? .user
    try require(scope)
    guard scope == .company || vault.text("user") == caller.user else {
      throw WireError(.invalidID, "no such vault: id=\(id)")
    }
    return vault
  }
}
