import StintModel
import StintStore
import StintWire

extension Services {
  func addEvents(to api: inout API) {
    api.on(Events.AddBatch.self, takesLines: true) { request, call in
      let events = request.array ?? (request.object?.isEmpty == false ? [request] : [])
      return try await addAny(of: call.lines.map(EventBatch.init(lines:)) ?? EventBatch(events), call)
    }
    api.on(Events.Add.self) { request, call in
      _ = try await addAny(of: EventBatch([request]), call)
      return .init()
    }
    addLog(to: &api)
    addScalars(to: &api)
    addEventDocuments(to: &api)
    addEventSamples(to: &api)
    addManyTasksEvents(to: &api)
    addRawEvents(to: &api)
    addEventRemoval(to: &api)
  }

  /// - Throws: `WireError` when there are no events, 400/131 when not one of them could be stored.
  private func addAny(of events: EventBatch, _ call: Call) async throws -> Events.AddBatch.Response {
    guard !events.isEmpty else { throw WireError(.emptyBatch) }
    let added = try await add(events, call)
    guard added.added > 0 else {
      let reasons = added.errorsInfo.keys.sorted().joined(separator: "; ")
      throw WireError(.eventsNotAdded, reasons, data: try JSON(encoding: added))
    }
    return added
  }

  private func addLog(to api: inout API) {
    api.onHeld(Events.GetTaskLog.self) { request, _ in
      try await checkTask(request.task)
      if let index = request.fromIndex { return try log(request, from: index) }
      let page = try await store.events.log(
        task: request.task, from: request.fromTimestamp.flatMap { Int(exactly: $0.rounded()) },
        limit: batchSize(request.batchSize), navigateEarlier: request.navigateEarlier ?? true,
        order: try sortOrder(request.order))
      return { .init(events: page.events, returned: page.events.count, total: Double(page.total)) }
    }
    api.on(Events.SearchTaskLog.self) { request, _ in
      try await checkTask(request.task)
      let found = try await store.events.search(task: request.task, for: request.text)
      return .init(indexes: found.indexes, counts: found.counts, isCut: found.isCut)
    }
    api.on(Events.GetTaskEvents.self) { request, _ in
      try await checkTask(request.task, isModel: request.modelEvents)
      let kind = try eventKind(request.eventType)
      let page = try await store.events.events(
        task: request.task, kind: kind, metrics: metricFilters(request.metrics),
        order: try sortOrder(request.order) ?? .ascending, limit: batchSize(request.batchSize),
        scroll: request.scrollId.flatMap { $0.isEmpty ? nil : $0 })
      return .init(
        events: page.events, returned: page.events.count, total: Double(page.total), scrollId: page.scrollID)
    }
  }

  /// The log from a place on, waiting for more as long as the caller says it can. Of a log that is shorter than the caller
  /// knows it, because it was cleared, only the length is told.
  private func log(
    _ request: Events.GetTaskLog.Request, from index: Int
  ) throws -> @Sendable () async throws -> Events.GetTaskLog.Response {
    guard index >= 0 else { throw WireError(.validation, "a place in a log must be >=0: field=from_index") }
    let limit = batchSize(request.batchSize)
    @Sendable func look() async throws -> EventPage {
      try await store.events.log(task: request.task, fromIndex: index, limit: limit)
    }
    let wait = min(.milliseconds(max(0, request.waitMs ?? 0)), Self.longestWait)
    return {
      let news = try await logSignal.poll([request.task], upTo: wait) { () -> EventPage? in
        let page = try await look()
        return page.total == index ? nil : page
      }
      let page = if let news { news } else { try await look() }
      return .init(events: page.events, returned: page.events.count, total: Double(page.total))
    }
  }

  private func addScalars(to api: inout API) {
    api.on(Events.ScalarMetricsIterHistogram.self) { request, _ in
      try await checkTask(request.task, isModel: request.modelEvents)
      return try await store.events.scalars(
        task: request.task, metrics: metricFilters(request.metrics),
        maxPoints: min(max(1, request.samples ?? 10_000), 100_000),
        key: scalarKey(request.key), within: scalarRange(request.range), keepsExtremes: request.extremes ?? false)
    }
    api.on(Events.GetTaskSingleValueMetrics.self) { request, _ in
      [
        "tasks": .array(
          try await singleValues(of: request.tasks, isModel: request.modelEvents, metricFilters(request.metrics)))
      ]
    }
    api.on(Events.GetTaskLatestScalarValues.self) { request, _ in
      try await checkTask(request.task)
      var byMetric: [String: [JSON]] = [:]
      for summary in try await store.events.summaries(task: request.task) {
        let filter = MetricFilter(metric: summary.metric, variants: [summary.variant])
        let last = try await store.events.events(
          task: request.task, kind: .scalar, metrics: [filter], order: .descending, limit: 100)
        let values = last.events.compactMap { $0["value"]?.double }
        byMetric[summary.metric, default: []].append([
          "name": .string(summary.variant), "last_value": .double(summary.value),
          "last_100_value": .double(values.isEmpty ? summary.value : values.reduce(0, +) / Double(values.count)),
        ])
      }
      return .init(
        metrics: byMetric.sorted { $0.key < $1.key }.map { ["name": .string($0.key), "variants": .array($0.value)] })
    }
    api.on(Events.GetTaskMetrics.self) { request, _ in
      let kinds = try eventKind(request.eventType).map { [$0] } ?? EventKind.allCases.filter { $0 != .log }
      var metrics: [JSON] = []
      for task in request.tasks {
        try await checkTask(task, isModel: request.modelEvents)
        var names: Set<String> = []
        for kind in kinds { names.formUnion(try await store.events.metrics(task: task, kind: kind).map(\.metric)) }
        metrics.append(["task": .string(task), "metrics": .list(names.sorted())])
      }
      return .init(metrics: metrics)
    }
  }

  /// The values of tasks that are no series, where there are any.
  func singleValues(of tasks: [String], isModel: Bool?, _ metrics: [MetricFilter]) async throws -> [JSON] {
    var found: [JSON] = []
    for id in tasks {
      let name = try await checkTask(id, isModel: isModel)
      let values = try await store.events.singleValues(task: id, metrics: metrics)
      guard !values.isEmpty else { continue }
      found.append(["task": .string(id), "task_name": .string(name), "values": .array(values)])
    }
    return found
  }

  private func addEventDocuments(to api: inout API) {
    api.on(Events.GetTaskPlots.self) { request, _ in
      try await checkTask(request.task, isModel: request.modelEvents)
      // Everything fits one answer: what goes on after it is nothing.
      if request.scrollId == Self.endOfScroll {
        return .init(plots: [], returned: 0, total: 0, scrollId: Self.endOfScroll)
      }
      let plots = try await store.events.documents(
        task: request.task, kind: .plot, metrics: metricFilters(request.metrics),
        lastIterations: max(1, request.iters ?? 1))
      return .init(
        plots: plots, returned: plots.count, total: Double(plots.count),
        scrollId: request.noScroll == true ? nil : Self.endOfScroll)
    }
  }

  /// The scroll that goes on after what fits one answer.
  static let endOfScroll = "end"

  /// The name of a task, or of a model that has events.
  /// - Throws: `WireError` 400/101 or 400/201 when there is none.
  @discardableResult
  func checkTask(_ id: String, isModel: Bool? = nil) async throws -> String {
    try await store.read { records in
      try (isModel == true ? records.model(id) : records.task(id)).text("name") ?? ""
    }
  }
}

/// How many events a request asks for.
func batchSize(_ asked: Int?) -> Int { min(max(1, asked ?? 500), 10_000) }

/// The metrics that a request asks for.
func metricFilters(_ metrics: [MetricVariants]?) -> [MetricFilter] {
  (metrics ?? []).compactMap { item in item.metric.map { MetricFilter(metric: $0, variants: item.variants ?? []) } }
}

/// The order that a request asks for.
func sortOrder(_ name: String?) throws -> SortOrder? {
  guard let name else { return nil }
  guard let order = SortOrder(rawValue: name) else { throw FieldError.notAChoice(path: ["order"], value: name) }
  return order
}

/// What the points of a curve are drawn over.
func scalarKey(_ name: String?) throws -> ScalarKey {
  guard let name else { return .iteration }
  guard let key = ScalarKey(rawValue: name) else { throw FieldError.notAChoice(path: ["key"], value: name) }
  return key
}

/// The part of the axis that a request asks for.
func scalarRange(_ ends: [Double]?) throws(WireError) -> ClosedRange<Double>? {
  guard let ends else { return nil }
  guard ends.count == 2, ends[0] <= ends[1] else {
    throw WireError(.validation, "two numbers were expected, the lower one first: field=range")
  }
  return ends[0]...ends[1]
}

/// A kind of events, or all of them.
func eventKind(_ name: String?) throws -> EventKind? {
  guard let name, !name.isEmpty else { return nil }
  guard let kind = EventKind(rawValue: name) else { throw FieldError.notAChoice(path: ["event_type"], value: name) }
  return kind
}
