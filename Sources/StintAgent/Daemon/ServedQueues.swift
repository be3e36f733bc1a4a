import StintClient
import StintWire

/// The queues that a daemon serves.
struct ServedQueues: Sendable {
  /// Identifiers, most urgent first.
  var ids: [String]
  /// Names by identifier, for log lines.
  var names: [String: String]

  /// Makes the queue behind `queue` the most urgent one.
  mutating func putLast(_ queue: String) {
    guard let place = ids.firstIndex(of: queue) else { return }
    ids = Array(ids[(place + 1)...] + ids[...place])
  }

  /// Looks the queues up by name, then by identifier; makes missing ones where that is wanted.
  static func resolve(_ wanted: [String], creating: Bool, client: Client) async throws -> ServedQueues {
    let answer = try await client.call(Queues.GetAll.self, ["only_fields": ["id", "name"], "search_hidden": true])
    var known: [(id: String, name: String)] = []
    for queue in answer["queues"]?.array ?? [] {
      if let id = queue["id"]?.string { known.append((id, queue["name"]?.string ?? id)) }
    }
    var served = ServedQueues(ids: [], names: [:])
    for name in wanted {
      let found = known.first { $0.name == name } ?? known.first { $0.id == name }
      let id: String
      if let found {
        id = found.id
      } else if creating {
        id = try await create(name, client: client)
      } else {
        throw AgentError.noQueue(name: name)
      }
      if !served.ids.contains(id) { served.ids.append(id) }
      served.names[id] = found?.name ?? name
    }
    return served
  }

  private static func create(_ name: String, client: Client) async throws -> String {
    guard let id = try await client.call(Queues.Create.self, .init(name: name)).id else {
      throw AgentError.noQueue(name: name)
    }
    return id
  }
}
