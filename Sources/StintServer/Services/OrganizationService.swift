import StintModel
import StintStore
import StintWire

extension Services {
  func addOrganization(to api: inout API) {
    api.on(Organization.GetTags.self) { request, _ in try await tags([.tasks, .models, .projects, .queues], request) }
    api.on(Organization.GetUserCompanies.self) { _, _ in
      let (owners, users) = try await store.read { records in
        (try records.find(.users, Query(.equals("role", "admin"))), try records.count(.users))
      }
      return .init(companies: [
        [
          "id": .string(Company.id), "name": .string(Company.name), "allocated": .number(users),
          "owners": .array(owners.map { ["id": $0["id"] ?? .null, "name": $0["name"] ?? .null] }),
        ]
      ])
    }
    api.on(Organization.GetEntitiesCount.self) { request, _ in
      let common: JSON = ["search_hidden": request["search_hidden"] ?? false]
      let limit = request["limit"]?.int ?? .max
      let activeUsers = request["active_users"]?.array ?? []
      return try await store.read { records in
        var answer: JSON = [:]
        for (kind, collection) in countedKinds {
          guard let filter = request[kind], filter.object != nil else { continue }
          do {
            var condition = try Query(parsing: common.merging(filter), for: collection).condition
            if !activeUsers.isEmpty {
              condition = .and([condition, try records.isActive(of: activeUsers, collection)])
            }
            answer[kind] = .number(min(limit, try records.count(collection, condition)))
          } catch let error as WireError {
            answer[path: ["errors", kind]] = .string(error.message)
          }
        }
        return answer
      }
    }
  }
}

/// What can be counted, and as what it is stored.
private let countedKinds: [(kind: String, collection: Collection)] = [
  ("projects", .projects), ("tasks", .tasks), ("models", .models), ("pipelines", .projects),
  ("pipeline_runs", .tasks), ("datasets", .projects), ("dataset_versions", .tasks), ("reports", .tasks),
]

extension Records {
  /// The record is one of these users', or a project in which they have tasks.
  fileprivate func isActive(of users: [JSON], _ collection: Collection) throws -> Condition {
    let own = Condition.isOneOf("user", users)
    guard collection == .projects else { return own }
    return .isOneOf("id", try distinct(.tasks, "project", own).map(JSON.string))
  }
}
