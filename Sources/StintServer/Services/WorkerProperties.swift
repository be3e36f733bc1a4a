import StintModel
import StintStore
import StintWire

// Properties that somebody gives a worker while it runs, as `force` to make it work outside of its hours. They are
// kept by the worker's name, as it may not be registered yet.

extension Services {
  func addWorkerProperties(to api: inout API) {
    api.on(Workers.GetRuntimeProperties.self) { request, _ in
      let (kept, orders) = try await store.read { records in
        (try records.get(.settings, id: settingsID(request.worker)), try records.orders(ofWorker: request.worker))
      }
      let now = Timestamp.now
      // An answer without the list sends clearml-agent into a crash loop.
      var properties = (kept?["properties"]?.object ?? [:]).sorted { $0.key < $1.key }.compactMap {
        key, kept -> JSON? in
        guard let left = kept.secondsLeft(at: now) else { return nil }
        return ["key": .string(key), "value": kept["value"] ?? "", "expiry": left]
      }
      // For those who know no orders.
      if let force = orders.force, !properties.contains(where: { $0.text("key") == "force" }) {
        properties.append(["key": "force", "value": .string(force), "expiry": .null])
      }
      return .init(runtimeProperties: properties)
    }
    api.on(Workers.SetRuntimeProperties.self) { request, call in
      try await transact(call) { transaction in
        let id = settingsID(request.worker)
        let old = try transaction.records.get(.settings, id: id)?["properties"]?.object ?? [:]
        var properties = old.filter { $0.value.secondsLeft(at: transaction.now) != nil }
        for property in request.runtimeProperties {
          guard property.expiry.map({ $0 > 0 }) ?? true else {
            properties[property.key] = nil
            continue
          }
          var kept: JSON = ["value": .string(property.value ?? "")]
          kept["expires"] = property.expiry.map {
            .string(transaction.now.advanced(bySeconds: min($0, longestExpiry)).text)
          }
          properties[property.key] = kept
        }
        if properties.isEmpty {
          try transaction.records.delete(.settings, id: id)
        } else {
          try transaction.records.put(.settings, ["id": .string(id), "properties": .object(properties)])
        }
        return UpdatedCount(updated: request.runtimeProperties.count)
      }
    }
  }
}

extension WorkerOrders {
  /// The orders as clearml-agent understands them: its property `force`.
  fileprivate var force: String? {
    switch mode {
    case .forced: "on"
    case .disabled, .draining: "off"
    case nil, .enabled: isOpen() ? nil : "off"
    }
  }
}

/// In seconds; about a hundred years.
private let longestExpiry = 3_000_000_000

private func settingsID(_ worker: String) -> String { "worker_properties/\(worker)" }

extension JSON {
  /// How long this property is valid yet: null for ever, nil if it is not.
  fileprivate func secondsLeft(at now: Timestamp) -> JSON? {
    guard let expires = text("expires").flatMap({ Timestamp($0) }) else { return .some(.null) }
    let left = now.seconds(to: expires)
    return left > 0 ? .number(left) : .none
  }
}
