import StintModel
import StintStore
import StintWire

// A report is a task with the system tag `reports`, in a hidden project `.reports` of the project that it is about.

extension Services {
  func addReports(to api: inout API) {
    api.on(Reports.Create.self) { request, call in try await transact(call) { try $0.createReport(request) } }
    api.on(Reports.Update.self) { request, call in try await transact(call) { try $0.updateReport(request) } }
    api.on(Reports.Move.self) { request, call in
      try await transact(call) { transaction in
        _ = try transaction.records.report(request.task)
        let target = try transaction.project(request.project, named: request.projectName)
        let project = try transaction.reportsProject(in: target)
        try transaction.changeTask(request.task, while: .anyStatus) { $0["project"] = .string(project) }
        return MoveResponse(projectId: project)
      }
    }
    api.on(Reports.Publish.self) { request, call in
      try await transact(call) { transaction in
        guard try transaction.records.report(request.task).status != .published else {
          throw WireError(.taskPublished, id: request.task)
        }
        // A report does not run: it is created, and published one day.
        let fields = try transaction.publishTask(
          request.task, publishesModels: false, message: request.comment, force: true)
        return Updated(updated: 1, fields: fields)
      }
    }
    api.on(Reports.Archive.self) { request, call in
      try await transact(call) { transaction in
        _ = try transaction.records.report(request.task)
        try transaction.setArchived(.tasks, request.task, true)
      }
      return .init(archived: 1)
    }
    api.on(Reports.Unarchive.self) { request, call in
      try await transact(call) { transaction in
        _ = try transaction.records.report(request.task)
        try transaction.setArchived(.tasks, request.task, false)
      }
      return .init(unarchived: 1)
    }
    api.on(Reports.Delete.self) { request, call in
      try await transact(call) { transaction in
        _ = try transaction.records.report(request.task)
        _ = try transaction.deleteTask(request.task, force: request.force ?? false, deletesModels: false)
      }
      try await store.events.deleteTask(request.task)
      return .init(deleted: 1)
    }
    api.on(Reports.GetAllEx.self) { request, _ in
      try await list(.tasks, request.merging(["search_hidden": true]), expanding: true, where: Self.isReport)
    }
    api.on(Reports.GetTags.self) { _, _ in
      .init(tags: try await store.read { try $0.distinct(.tasks, "tags", Self.isReport) })
    }
    api.on(Reports.GetTaskData.self) { request, _ in try await taskData(request) }
  }

  private static let isReport = Condition.contains("system_tags", SystemTag.reports)

  private func taskData(_ request: JSON) async throws -> JSON {
    let wanted = try request.decode(Reports.GetTaskData.Wanted.self)
    let isModel = wanted.modelEvents ?? false
    let collection: Collection = isModel ? .models : .tasks
    let page: JSON = ["page": 0, "page_size": request["size"] ?? .number(Query.largestPage)]
    var answer = try await list(collection, request.merging(page), expanding: true)
    let found = answer[collection.rawValue]?.array ?? []
    answer = ["tasks": .array(found)]
    let ids = found.compactMap { $0.text("id") }
    if let plots = wanted.plots {
      answer["plots"] =
        try await self.plots(
          of: ids, isModel: isModel, metrics: metricFilters(plots.metrics), iterations: plots.iters ?? 1,
          ofTheWholeTask: plots.lastItersPerTaskMetric == false
        ).0
    }
    if let images = wanted.debugImages {
      let metrics = ids.flatMap { id in
        (images.metrics ?? [MetricVariants()]).map {
          TaskMetricVariants(task: id, metric: $0.metric, variants: $0.variants)
        }
      }
      let found = try await iterations(
        .init(metrics: metrics, iters: images.iters, modelEvents: isModel), of: .debugImage)
      answer["debug_images"] = found["metrics"]
    }
    if let curves = wanted.scalarMetricsIterHistogram {
      answer["scalar_metrics_iter_histogram"] = try await self.curves(
        of: ids, isModel: isModel, metrics: metricFilters(curves.metrics), samples: curves.samples,
        key: scalarKey(curves.key))
    }
    if wanted.singleValueMetrics != nil {
      answer["single_value_metrics"] = .array(try await singleValues(of: ids, isModel: isModel, []))
    }
    return answer
  }
}

extension Records {
  /// The report `id`.
  /// - Throws: `WireError` 400/101 when there is no such task, 400/150 when it is no report.
  fileprivate func report(_ id: String) throws -> JSON {
    let task = try task(id)
    guard task.texts("system_tags").contains(SystemTag.reports) else {
      throw WireError(code: 400, subcode: 150, message: "Operation is supported on reports only: id=\(id)")
    }
    return task
  }
}

extension Transaction {
  fileprivate mutating func createReport(_ request: Reports.Create.Request) throws -> Reports.Create.Response {
    let project = try reportsProject(in: request.project)
    let id = try createTask(
      .init(
        name: request.name, type: .application, tags: request.tags,
        systemTags: [SystemTag.reports, SystemTag.hidden], comment: request.comment, project: project))
    try changeTask(id, while: .anyStatus) { task in
      task["report"] = .string(request.report ?? "")
      task["report_assets"] = .list(request.reportAssets ?? [])
    }
    return .init(id: id, projectId: project)
  }

  fileprivate func updateReport(_ request: Reports.Update.Request) throws -> Updated {
    let task = try records.report(request.task)
    var fields: [String: JSON] = [:]
    if let name = request.name { fields["name"] = .string(try checkedName(name)) }
    if let tags = request.tags { fields["tags"] = .tags(tags) }
    if let comment = request.comment { fields["comment"] = .string(comment) }
    if let report = request.report { fields["report"] = .string(report) }
    if let assets = request.reportAssets { fields["report_assets"] = .list(assets) }
    guard !fields.isEmpty else { return Updated(updated: 0) }
    // What a published report is called and tagged may change, what it says may not.
    let isOnlyLabels = Set(fields.keys).isSubset(of: ["name", "tags"])
    guard isOnlyLabels || task.status == .created else {
      throw WireError(.invalidTaskStatus, task.status, of: request.task)
    }
    let changed = fields
    try changeTask(request.task, while: .anyStatus) { $0.set(changed) }
    return Updated(updated: 1, fields: .object(fields))
  }

  /// The hidden project for the reports about a project, or about none.
  fileprivate mutating func reportsProject(in parent: String?) throws -> String {
    let about = try parent.flatMap { $0.isEmpty ? nil : try records.project($0).text("name") }
    if let about, about.split(separator: "/").last == ".reports", let parent { return parent }
    let (id, isNew) = try findOrCreateProject((about.map { $0 + "/" } ?? "") + ".reports")
    if isNew {
      try records.update(.projects, id: id) {
        $0["system_tags"] = .tags([SystemTag.reports, SystemTag.hidden])
      }
    }
    return id
  }
}
