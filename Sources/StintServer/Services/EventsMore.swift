import StintModel
import StintStore
import StintWire

extension Services {
  func addManyTasksEvents(to api: inout API) {
    api.on(Events.GetMultiTaskMetrics.self) { request, _ in
      let kinds = try eventKind(request.eventType).map { [$0] } ?? EventKind.allCases.filter { $0 != .log }
      var metrics: [MetricFilter] = []
      for task in request.tasks {
        try await checkTask(task, isModel: request.modelEvents)
        for kind in kinds { metrics += try await store.events.metrics(task: task, kind: kind) }
      }
      return .init(metrics: joined(metrics))
    }
    api.on(Events.GetMultiTaskPlots.self) { request, _ in
      // Everything fits one answer: what goes on after it is nothing.
      if request.scrollId == Self.endOfScroll {
        return .init(plots: [:], returned: 0, total: 0, scrollId: Self.endOfScroll)
      }
      let (plots, count) = try await plots(
        of: request.tasks, isModel: request.modelEvents, metrics: metricFilters(request.metrics),
        iterations: request.iters ?? 1)
      return .init(
        plots: plots, returned: count, total: Double(count),
        scrollId: request.noScroll == true ? nil : Self.endOfScroll)
    }
    api.on(Events.MultiTaskScalarMetricsIterHistogram.self) { request, _ in
      try await curves(
        of: request.tasks, isModel: request.modelEvents, metrics: metricFilters(request.metrics),
        samples: request.samples, key: scalarKey(request.key), within: scalarRange(request.range),
        keepsExtremes: request.extremes ?? false)
    }
  }

  /// The plots of several tasks: `{metric: {variant: {task: {iteration: {"name", "plots"}}}}}`, and how many.
  func plots(
    of tasks: [String], isModel: Bool?, metrics: [MetricFilter], iterations: Int, ofTheWholeTask: Bool = false
  ) async throws -> (JSON, count: Int) {
    var (plots, count): (JSON, Int) = ([:], 0)
    for task in Set(tasks).sorted() {
      let name = try await checkTask(task, isModel: isModel)
      var events = try await store.events.documents(
        task: task, kind: .plot, metrics: metrics, lastIterations: max(1, iterations))
      if ofTheWholeTask {
        let last = Set(Set(events.compactMap { $0["iter"]?.int }).sorted(by: >).prefix(max(1, iterations)))
        events.removeAll { !last.contains($0["iter"]?.int ?? 0) }
      }
      for event in events {
        let path = [
          event["metric"]?.string ?? "", event["variant"]?.string ?? "", task, String(event["iter"]?.int ?? 0),
        ]
        plots[path: path] = ["name": .string(name), "plots": [event]]
      }
      count += events.count
    }
    return (plots, count)
  }

  /// The curves of several tasks: `{metric: {variant: {task: {"name", "x", "y"}}}}`.
  func curves(
    of tasks: [String], isModel: Bool?, metrics: [MetricFilter], samples: Int?, key: ScalarKey,
    within range: ClosedRange<Double>? = nil, keepsExtremes: Bool = false
  ) async throws -> JSON {
    var curves: JSON = [:]
    for task in Set(tasks).sorted() {
      let name = try await checkTask(task, isModel: isModel)
      let scalars = try await store.events.scalars(
        task: task, metrics: metrics, maxPoints: min(max(1, samples ?? 10_000), 100_000), key: key, within: range,
        keepsExtremes: keepsExtremes)
      for (metric, variants) in scalars.object ?? [:] {
        for (variant, curve) in variants.object ?? [:] {
          curves[path: [metric, variant, task]] = curve.merging(["name": .string(name)])
        }
      }
    }
    return curves
  }

  func addRawEvents(to api: inout API) {
    api.on(Events.GetScalarMetricsAndVariants.self) { request, _ in
      try await checkTask(request.task, isModel: request.modelEvents)
      let metrics = try await store.events.metrics(task: request.task, kind: .scalar)
      return .init(metrics: Dictionary(metrics.map { ($0.metric, $0.variants) }, uniquingKeysWith: +))
    }
    api.on(Events.GetVectorMetricsAndVariants.self) { request, _ in
      try await checkTask(request.task, isModel: request.modelEvents)
      return .init(metrics: joined(try await store.events.metrics(task: request.task, kind: .vector)))
    }
    api.on(Events.VectorMetricsIterHistogram.self) { request, _ in
      try await checkTask(request.task, isModel: request.modelEvents)
      let filter = MetricFilter(metric: request.metric, variants: [request.variant])
      let page = try await store.events.events(
        task: request.task, kind: .vector, metrics: [filter], limit: 10_000)
      return .init(images: page.events)
    }
    api.on(Events.GetScalarMetricData.self) { request, _ in
      try await checkTask(request.task, isModel: request.modelEvents)
      let page = try await store.events.events(
        task: request.task, kind: .scalar, metrics: request.metric.map { [MetricFilter(metric: $0)] } ?? [],
        limit: 10_000, scroll: request.scrollId.flatMap { $0.isEmpty ? nil : $0 })
      return .init(
        events: page.events, returned: page.events.count, total: Double(page.total),
        scrollId: request.noScroll == true ? nil : page.scrollID)
    }
    api.on(Events.ScalarMetricsIterRaw.self) { request, _ in
      try await checkTask(request.task, isModel: request.modelEvents)
      let key = try scalarKey(request.key)
      guard let metric = request.metric.metric else { throw FieldError.missing(path: ["metric", "metric"]) }
      let page = try await store.events.events(
        task: request.task, kind: .scalar,
        metrics: [MetricFilter(metric: metric, variants: request.metric.variants ?? [])],
        limit: min(max(1, request.batchSize ?? 10_000), 200_000),
        scroll: request.scrollId.flatMap { $0.isEmpty ? nil : $0 })
      let variants = Dictionary(grouping: page.events) { $0["variant"]?.string ?? "" }.mapValues { events -> JSON in
        ["y": .array(events.map { $0["value"] ?? .null }), key.rawValue: .array(events.map { $0.position(key) })]
      }
      return .init(
        variants: .object(variants), total: request.countTotal == true ? page.total : nil,
        returned: page.events.count, scrollId: page.scrollID)
    }
    // Scrolls hold all there is to know: there is nothing to forget.
    api.on(Events.ClearScroll.self) { _, _ in .init() }
  }

  func addEventRemoval(to api: inout API) {
    api.on(Events.DeleteForTask.self) { request, _ in
      try await checkUnlocked(request.task, allowsLocked: request.allowLocked)
      return .init(deleted: try await store.events.deleteTask(request.task))
    }
    api.on(Events.DeleteForModel.self) { request, _ in
      let model = try await store.read { try $0.model(request.model) }
      guard model["ready"] != true || request.allowLocked == true else {
        throw WireError(.modelIsReady, id: request.model)
      }
      return .init(deleted: try await store.events.deleteTask(request.model))
    }
    api.on(Events.ClearTaskLog.self) { request, _ in
      try await checkUnlocked(request.task, allowsLocked: request.allowLocked)
      if request.includeMetrics?.isEmpty == false { return .init(deleted: 0) }
      let threshold = request.thresholdSec.flatMap { $0 > 0 ? $0 : nil }
      return .init(
        deleted: try await store.events.clearLog(
          task: request.task,
          olderThan: threshold.map { Int(Timestamp.now.milliseconds) - min($0, Int(Int32.max)) * 1000 }))
    }
  }

  /// - Throws: `WireError` 400/113 for a published task, whose events stay.
  private func checkUnlocked(_ task: String, allowsLocked: Bool?) async throws {
    let status = try await store.read { try $0.task(task).status }
    guard allowsLocked == true || ![.published, .publishing].contains(status) else {
      throw WireError(.taskPublished, id: task)
    }
  }
}

/// Metrics with all their variants, each once.
private func joined(_ metrics: [MetricFilter]) -> [MetricVariants] {
  Dictionary(metrics.map { ($0.metric, Set($0.variants)) }) { $0.union($1) }
    .sorted { $0.key < $1.key }.map { MetricVariants(metric: $0.key, variants: $0.value.sorted()) }
}

extension JSON {
  /// What a scalar event is drawn over.
  fileprivate func position(_ key: ScalarKey) -> JSON {
    switch key {
    case .iteration: self["iter"] ?? .null
    case .timestamp: self["timestamp"] ?? .null
    case .isoTime: .string(Timestamp(milliseconds: Int64(self["timestamp"]?.int ?? 0)).text)
    }
  }
}
