/// A kind of document.
package enum Collection: String, Sendable, CaseIterable {
  case tasks, models, projects, queues, users, credentials, settings

  /// The table that holds the documents.
  var table: String { rawValue }

  /// The values that are kept beside the document, so that filtering and sorting need not open it. A column holds the
  /// JSON of a list, the SQL value of anything else, and has the name of its field. A new one needs a migration.
  var columns: [String] {
    switch self {
    case .tasks:
      [
        "name", "user", "project", "status", "type", "parent", "created", "last_update", "status_changed", "started",
        "completed", "tags", "system_tags",
      ]
    case .models:
      ["name", "user", "project", "task", "parent", "uri", "ready", "created", "last_update", "tags", "system_tags"]
    case .projects: ["name", "parent", "user", "created", "last_update", "tags", "system_tags", "path"]
    case .queues: ["name", "created", "tags", "system_tags"]
    case .users: ["name"]
    case .credentials: ["user"]
    case .settings: []
    }
  }

  /// The fields that hold lists.
  static let listFields: Set<String> = ["tags", "system_tags", "path"]
}
