import StintWire

extension Collection {
  /// How clients may filter on a field.
  enum Filter: Sendable, Hashable {
    /// A value or a list of values and operators; the field holds one value.
    case values
    /// As `values`; the field holds a list, of objects where `member` is given.
    case list(member: String? = nil)
    /// A regular expression.
    case pattern
    /// A date with an operator before it, or a list of them.
    case date
    /// Two bounds, either of which may be null.
    case dateRange
    case numberRange
  }

  /// The filter on a field of a request, with the path that it is about; nil for what is no filter.
  func filter(on field: String) -> (path: FieldPath, filter: Filter)? {
    if let filter = filters[field] { return (FieldPath(field), filter) }
    switch (self, field) {
    case (.projects, "parent"): return ("path", .list())
    case (.tasks, "models.input.model"): return ("models.input", .list(member: "model"))
    case (.tasks, "models.output.model"): return ("models.output", .list(member: "model"))
    default: break
    }
    guard let star = openFilters.first(where: { field.hasPrefix($0.prefix) }) else { return nil }
    return (FieldPath(field), star.filter)
  }

  private var filters: [String: Filter] {
    let common: [String: Filter] = [
      "id": .values, "user": .values, "company": .values, "name": .pattern, "tags": .list(), "system_tags": .list(),
      "created": .dateRange, "last_update": .date,
    ]
    let own: [String: Filter]
    switch self {
    case .tasks:
      own = [
        "project": .values, "type": .values, "status": .values, "parent": .values, "execution.queue": .values,
        "last_worker": .values, "comment": .pattern, "report": .pattern, "status_changed": .date, "last_change": .date,
        "started": .dateRange, "completed": .dateRange, "active_duration": .numberRange, "last_iteration": .numberRange,
      ]
    case .models:
      own = [
        "project": .values, "task": .values, "parent": .values, "framework": .values, "uri": .values, "ready": .values,
        "comment": .pattern, "last_change": .date, "last_iteration": .numberRange,
      ]
    case .projects: own = ["basename": .pattern, "description": .pattern]
    case .queues: own = ["display_name": .pattern]
    case .users: own = ["role": .values, "email": .values]
    case .credentials, .settings: own = [:]
    }
    return common.merging(own) { $1 }
  }

  private var openFilters: [(prefix: String, filter: Filter)] {
    switch self {
    case .tasks: [("hyperparams.", .values), ("runtime.", .values), ("last_metrics.", .numberRange)]
    case .models: [("metadata.", .values), ("last_metrics.", .numberRange)]
    case .queues: [("metadata.", .values)]
    default: []
    }
  }

  /// The top-level fields of documents of this kind, and of what the calls add to them.
  private var fields: Set<String> {
    let common = ["id", "name", "user", "company", "created", "tags", "system_tags", "last_update"]
    let own: [String]
    switch self {
    case .tasks:
      own = [
        "type", "status", "comment", "report", "report_assets", "started", "completed", "published", "active_duration",
        "parent", "project", "output", "execution", "container", "models", "script", "status_changed", "status_message",
        "status_reason", "last_worker", "last_worker_report", "last_change", "last_changed_by", "last_iteration",
        "last_metrics", "metric_stats", "unique_metrics", "hyperparams", "configuration", "runtime", "enqueue_status",
        "enqueued", "attempts",
      ]
    case .models:
      own = [
        "task", "parent", "project", "comment", "framework", "design", "labels", "uri", "ready", "ui_cache", "metadata",
        "stats", "last_iteration", "last_metrics", "last_change", "last_changed_by", "unique_metrics",
      ]
    case .projects:
      own = [
        "basename", "description", "default_output_destination", "parent", "path", "featured", "logo_url", "logo_blob",
        "hidden", "stats", "sub_projects", "own_tasks", "own_models", "own_datasets", "dataset_stats",
      ]
    case .queues: own = ["display_name", "entries", "metadata", "workers", "policy"]
    case .users:
      own = ["given_name", "family_name", "avatar", "role", "providers", "email", "preferences", "created_in_version"]
    case .credentials, .settings: own = []
    }
    return Set(common + own)
  }

  /// - Throws: `WireError.unknownField` where documents of this kind have no such field.
  func requireField(_ path: FieldPath) throws(WireError) {
    guard fields.contains(path.field) else {
      throw WireError(.unknownField, "Cannot resolve field \"\(path.field.prefix(64))\"")
    }
  }
}
