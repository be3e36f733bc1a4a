import StintModel
import StintStore
import StintWire

extension Services {
  func addProjectsContent(to api: inout API) {
    api.on(Projects.GetHyperParameters.self) { request, _ in
      let place = Condition.inProjects(
        [request.project], includingSubprojects: request.includeSubprojects ?? true)
      let pairs = try await store.read { records in
        try records.distinctPairs(.tasks, in: "hyperparams", "section", "name", place)
          .map { ["section": .string($0), "name": .string($1)] as JSON }
      }
      let page = Page(pairs, request.page, request.pageSize)
      return .init(parameters: page.items, remaining: page.remaining, total: page.total)
    }
    api.on(Projects.GetHyperparamValues.self) { request, _ in
      let pattern = try request.pattern.map { try Pattern($0, field: "pattern") }
      let path = FieldPath(names: ["hyperparams", request.section, request.name, "value"])
      let place = Condition.inProjects(
        request.projects, includingSubprojects: request.includeSubprojects ?? true)
      var search = pattern.map { PatternSearch($0) }
      let values = try await store.read { try $0.distinct(.tasks, path, place) }
        .filter { try search?.finds(in: $0) ?? true }
      let page = Page(values, request.page, request.pageSize)
      return .init(total: page.total, values: page.items)
    }
    api.on(Projects.GetModelMetadataKeys.self) { request, _ in
      let place = Condition.inProjects(
        [request.project], includingSubprojects: request.includeSubprojects ?? true)
      let page = Page(
        try await store.read { try $0.distinctNames(.models, in: "metadata", place) }, request.page, request.pageSize)
      return .init(keys: page.items, remaining: page.remaining, total: page.total)
    }
    api.on(Projects.GetModelMetadataValues.self) { request, _ in
      let path = FieldPath(names: ["metadata", request.key, "value"])
      let place = Condition.inProjects(
        request.projects, includingSubprojects: request.includeSubprojects ?? true)
      let page = Page(
        try await store.read { try $0.distinct(.models, path, place) }, request.page, request.pageSize)
      return .init(total: page.total, values: page.items)
    }
    api.on(Projects.GetUniqueMetricVariants.self) { request, _ in
      var parts: [Condition] = [
        .inProjects([request.project], includingSubprojects: request.includeSubprojects ?? true)
      ]
      if let ids = request.ids, !ids.isEmpty { parts.append(.isOneOf("id", ids.map(JSON.string))) }
      let (collection, condition) = (request.modelMetrics == true ? Collection.models : .tasks, Condition.and(parts))
      return .init(
        metrics: try await store.read { records in
          try records.distinctPairs(collection, in: "last_metrics", "metric", "variant", condition)
            .map { metric, variant in
              [
                "metric": .string(metric), "metric_hash": .string(metricHash(metric)),
                "variant": .string(variant), "variant_hash": .string(metricHash(variant)),
              ]
            }
        })
    }
    addProjectsPeople(to: &api)
  }

  private func addProjectsPeople(to api: inout API) {
    api.on(Projects.GetTaskParents.self) { request, _ in
      let pattern = try request.taskName.map { try Pattern($0, field: "task_name") }
      var parts: [Condition] = [
        .inProjects(request.projects, includingSubprojects: request.includeSubprojects ?? true)
      ]
      let isArchived = Condition.contains("system_tags", SystemTag.archived)
      switch request.tasksState {
      case .active: parts.append(.not(isArchived))
      case .archived: parts.append(isArchived)
      case nil: break
      }
      let condition = Condition.and(parts)
      return .init(
        parents: try await store.read { records in
          let parents = try records.get(.tasks, ids: records.distinct(.tasks, "parent", condition)).values
          var search = pattern.map { PatternSearch($0) }
          return try parents.filter { try search?.finds(in: $0.text("name") ?? "") ?? true }.sortedByName()
            .map { parent in
              var entry = parent.nameAndID
              let project = try parent.text("project").flatMap { try records.get(.projects, id: $0) }
              entry["project"] = project?.nameAndID
              return entry
            }
        })
    }
    api.on(Projects.GetUserNames.self) { request, _ in
      let place = Condition.inProjects(
        request.projects, includingSubprojects: request.includeSubprojects ?? true)
      let collection: Collection = request.entity == .model ? .models : .tasks
      return .init(
        users: try await store.read { records in
          try records.get(.users, ids: records.distinct(collection, "user", place)).values.sortedByName()
            .map(\.nameAndID)
        })
    }
  }
}

/// A page of a list.
private struct Page<Item: Sendable>: Sendable {
  let items: [Item]
  let total: Int
  /// How many come after this page.
  let remaining: Int

  init(_ all: [Item], _ page: Int?, _ size: Int?) {
    let size = max(1, size ?? 500)
    let start = max(0, page ?? 0).multipliedReportingOverflow(by: size)
    let rest = start.overflow ? [] : all.dropFirst(start.partialValue)
    items = Array(rest.prefix(size))
    (total, remaining) = (all.count, rest.count - items.count)
  }
}

extension JSON {
  /// A reference to this record.
  var nameAndID: JSON { ["id": self["id"] ?? .null, "name": self["name"] ?? .null] }
}

extension Sequence where Element == JSON {
  fileprivate func sortedByName() -> [JSON] {
    sorted { ($0.text("name") ?? "", $0.text("id") ?? "") < ($1.text("name") ?? "", $1.text("id") ?? "") }
  }
}
