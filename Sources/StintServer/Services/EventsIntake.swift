import StintModel
import StintStore
import StintWire

extension Services {
  /// Stores events, and what they tell of their tasks and models.
  func add(_ batch: EventBatch, _ call: Call) async throws -> Events.AddBatch.Response {
    let sources = batch.sources
    let (refused, quiet) = try await store.read { records in
      try records.confirmAttempt(of: call.identity)
      return try sources.reduce(into: (refused: [String: String](), quiet: Set<String>())) { found, source in
        guard let fields = try records.columns(source.collection, id: source.id, ["status", "last_update"]) else {
          found.refused[source.id] = source.isModel ? "Invalid model id" : "Invalid task id"
          return
        }
        let isLocked = [.published, .publishing].contains(fields.status)
        if !source.isModel, isLocked, !source.allowsLocked { found.refused[source.id] = "Task is published" }
        if fields.wasUpdated(within: 5) { found.quiet.insert(source.id) }
      }
    }
    let added = try await store.events.add(batch, refusing: refused, worker: call.workerHost)
    meters.add(added.added, to: .eventsAdded)
    meters.add(added.errors.values.reduce(0, +), to: .eventsRefused)
    if added.added > 0 {
      for source in sources where !source.isModel { logSignal.ring(source.id, .all) }
    }
    // Lines of a log alone change nothing but the time of the last update: not each batch needs to write that.
    let changed = sources.filter { source in
      guard refused[source.id] == nil else { return false }
      let told = added.tasks[source.id]
      return told?.metrics.isEmpty == false || told?.maxIteration != nil || !quiet.contains(source.id)
    }
    if added.added > 0, !changed.isEmpty {
      try await transact(call) { transaction in
        for source in changed { try transaction.note(added.tasks[source.id], of: source) }
      }
    }
    return .init(added: added.added, errors: added.errors.values.reduce(0, +), errorsInfo: added.errors)
  }
}

extension EventBatch.Source {
  fileprivate var collection: Collection { isModel ? .models : .tasks }
}

extension Transaction {
  /// Keeps in a record what its metrics are now.
  fileprivate func note(_ metrics: TaskMetrics?, of source: EventBatch.Source) throws {
    try records.update(source.collection, id: source.id) { document in
      document["last_update"] = timestamp
      guard let metrics else { return }
      if let iteration = metrics.maxIteration, iteration > document["last_iteration"]?.int ?? 0 {
        document["last_iteration"] = .number(iteration)
      }
      var names = Set(document.texts("unique_metrics"))
      for summary in metrics.metrics {
        document[path: summary.path] = summary.json
        names.insert(summary.metric + "/" + summary.variant)
      }
      if !metrics.metrics.isEmpty, source.collection == .tasks { document["unique_metrics"] = .list(names.sorted()) }
    }
  }
}

extension JSON {
  fileprivate func wasUpdated(within seconds: Int) -> Bool {
    guard let last = text("last_update").flatMap({ Timestamp($0) }) else { return false }
    return last.seconds(to: .now) < seconds
  }
}
