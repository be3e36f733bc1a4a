import StintStore
import StintWire

extension Services {
  func addEventSamples(to api: inout API) {
    api.on(Events.DebugImages.self) { request, _ in try await iterations(request, of: .debugImage) }
    api.on(Events.Plots.self) { request, _ in try await iterations(request, of: .plot) }

    api.on(Events.GetDebugImageSample.self) { request, _ in
      try await checkTask(request.task, isModel: request.modelEvents)
      let filter = MetricFilter(metric: request.metric, variants: [request.variant])
      let place = try await store.events.lastPlace(
        task: request.task, kind: .debugImage, metrics: [filter], upTo: request.iteration)
      return try await image(place, of: request.task, staysInMetric: request.navigateCurrentMetric ?? true)
    }
    api.on(Events.NextDebugImageSample.self) { request, _ in
      let (place, staysInMetric) = try await next(request, of: .debugImage)
      var answer = try await image(place, of: request.task, staysInMetric: staysInMetric)
      answer.scrollId = answer.scrollId ?? request.scrollId
      return answer
    }
    api.on(Events.GetPlotSample.self) { request, _ in
      try await checkTask(request.task, isModel: request.modelEvents)
      let place = try await store.events.lastPlace(
        task: request.task, kind: .plot, metrics: [MetricFilter(metric: request.metric)], upTo: request.iteration)
      return try await plots(place, of: request.task, staysInMetric: request.navigateCurrentMetric ?? true)
    }
    api.on(Events.NextPlotSample.self) { request, _ in
      let (place, staysInMetric) = try await next(request, of: .plot)
      var answer = try await plots(place, of: request.task, staysInMetric: staysInMetric)
      answer.scrollId = answer.scrollId ?? request.scrollId
      return answer
    }
  }

  /// The events of some iterations, the newest first, and on from there in either direction.
  func iterations(_ request: Events.DebugImages.Request, of kind: EventKind) async throws -> JSON {
    let count = min(max(1, request.iters ?? 1), 10_000)
    let last = try request.scrollId.flatMap { $0.isEmpty || request.refresh == true ? nil : $0 }.map(
      IterationScroll.init)
    let first = last.map { request.navigateEarlier ?? true ? $0.end : max(0, $0.start - count) } ?? 0
    let page = IterationScroll(start: first, end: first + count)
    var metrics: [JSON] = []
    for (task, asked) in Dictionary(grouping: request.metrics, by: \.task).sorted(by: { $0.key < $1.key }) {
      try await checkTask(task, isModel: request.modelEvents)
      let filters = asked.compactMap { item in
        item.metric.map { MetricFilter(metric: $0, variants: item.variants ?? []) }
      }
      let events = try await store.events.documents(
        task: task, kind: kind, metrics: filters, lastIterations: page.end)
      let iterations = Dictionary(grouping: events) { $0["iter"]?.int ?? 0 }.sorted { $0.key > $1.key }
      metrics.append([
        "task": .string(task),
        "iterations": .array(
          iterations.dropFirst(page.start).prefix(count).map { ["iter": .number($0.key), "events": .array($0.value)] }),
      ])
    }
    return ["scroll_id": .string(page.text), "metrics": .array(metrics)]
  }

  private func image(
    _ place: EventPlace?, of task: String, staysInMetric: Bool
  ) async throws -> Events.GetDebugImageSample.Response {
    guard let place else { return .init(scrollId: nil, event: nil, minIteration: nil, maxIteration: nil) }
    let filter = [MetricFilter(metric: place.metric, variants: [place.variant])]
    let events = try await store.events.documents(
      task: task, kind: .debugImage, metrics: filter, at: place.iteration)
    let range = try await store.events.iterations(task: task, kind: .debugImage, metrics: filter)
    return .init(
      scrollId: SampleScroll(place: place, staysInMetric: staysInMetric).text, event: events.first,
      minIteration: range?.lowerBound, maxIteration: range?.upperBound)
  }

  private func plots(
    _ place: EventPlace?, of task: String, staysInMetric: Bool
  ) async throws -> Events.GetPlotSample.Response {
    guard let place else { return .init(scrollId: nil, events: [], minIteration: nil, maxIteration: nil) }
    let filter = [MetricFilter(metric: place.metric)]
    let events = try await store.events.documents(task: task, kind: .plot, metrics: filter, at: place.iteration)
    let range = try await store.events.iterations(task: task, kind: .plot, metrics: filter)
    return .init(
      scrollId: SampleScroll(place: place, staysInMetric: staysInMetric).text, events: events,
      minIteration: range?.lowerBound, maxIteration: range?.upperBound)
  }

  private func next(
    _ request: Events.NextDebugImageSample.Request, of kind: EventKind
  ) async throws -> (EventPlace?, staysInMetric: Bool) {
    try await checkTask(request.task, isModel: request.modelEvents)
    let scroll = try SampleScroll(request.scrollId)
    let step = EventStep(
      isEarlier: request.navigateEarlier ?? true, leavesIteration: request.nextIteration ?? false,
      joinsVariants: kind == .plot)
    let place = try await store.events.place(
      after: scroll.place, task: request.task, kind: kind,
      metrics: scroll.staysInMetric ? [MetricFilter(metric: scroll.place.metric)] : [], step)
    return (place, scroll.staysInMetric)
  }
}

/// Which iterations were shown, counted from the newest.
private struct IterationScroll {
  let start: Int
  let end: Int

  init(start: Int, end: Int) { (self.start, self.end) = (start, end) }

  init(_ text: String) throws {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 2, 0 <= parts[0], parts[0] <= parts[1], parts[1] < Int(Int32.max) else {
      throw WireError(.invalidScrollID, "scroll_id=\(text.prefix(64))")
    }
    (start, end) = (parts[0], parts[1])
  }

  var text: String { "\(start)-\(end)" }
}

/// Which event was shown. The scroll holds all there is to know, so that the server need not remember who looks.
private struct SampleScroll {
  let place: EventPlace
  let staysInMetric: Bool

  init(place: EventPlace, staysInMetric: Bool) { (self.place, self.staysInMetric) = (place, staysInMetric) }

  init(_ text: String) throws {
    guard let parts = (try? JSON(parsing: text))?.array, parts.count == 4, let metric = parts[0].string,
      let variant = parts[1].string, let iteration = parts[2].int, let staysInMetric = parts[3].bool
    else { throw WireError(.invalidScrollID, "scroll_id=\(text.prefix(64))") }
    place = EventPlace(metric: metric, variant: variant, iteration: iteration)
    self.staysInMetric = staysInMetric
  }

  var text: String {
    let parts: JSON = [
      .string(place.metric), .string(place.variant), .number(place.iteration), .bool(staysInMetric),
    ]
    return parts.text
  }
}
