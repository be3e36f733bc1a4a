/// An index of a collection's table, by the fields that it sorts by. Behind them it has the row's number.
struct TableIndex {
  let name: String
  let fields: [String]

  init(_ name: String, _ fields: String...) { (self.name, self.fields) = (name, fields) }
}

extension Collection {
  /// The indexes by which pages are found. (`RecordSchema` makes them.)
  var indexes: [TableIndex] {
    switch self {
    case .tasks:
      [
        TableIndex("sqlite_autoindex_tasks_1", "id"),
        TableIndex("tasks_1", "project", "last_update"), TableIndex("tasks_2", "project", "name"),
        TableIndex("tasks_by_project_created", "project", "created"),
        TableIndex("tasks_by_project_started", "project", "started"),
        TableIndex("tasks_by_project_completed", "project", "completed"),
        TableIndex("tasks_7", "parent"), TableIndex("tasks_by_name", "name"),
        TableIndex("tasks_3", "status", "last_update"), TableIndex("tasks_4", "user", "last_update"),
        TableIndex("tasks_5", "type", "last_update"),
        TableIndex("tasks_8", "created"), TableIndex("tasks_9", "last_update"),
        TableIndex("tasks_10", "status_changed"),
        TableIndex("tasks_11", "started"), TableIndex("tasks_12", "completed"),
      ]
    case .models:
      [
        TableIndex("sqlite_autoindex_models_1", "id"), TableIndex("models_0", "project", "last_update"),
        TableIndex("models_1", "task"), TableIndex("models_2", "uri"), TableIndex("models_5", "parent"),
        TableIndex("models_4", "ready", "last_update"), TableIndex("models_6", "created"),
        TableIndex("models_7", "last_update"),
      ]
    case .projects:
      [
        TableIndex("sqlite_autoindex_projects_1", "id"), TableIndex("projects_1", "parent"),
        TableIndex("projects_by_name", "name"), TableIndex("projects_by_created", "created"),
        TableIndex("projects_2", "last_update"),
      ]
    case .queues, .users, .credentials, .settings: []
    }
  }
}
