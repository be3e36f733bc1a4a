import GRDB
import StintModel

/// What goes on in a project: its tasks that are not archived.
package struct ProjectActivity: Sendable, Hashable {
  /// How many tasks have a status.
  package var counts: [String: Int] = [:]
  /// How long they ran, in seconds.
  package var runtime = 0
  /// How many were completed in the time that was asked about.
  package var completed = 0
  /// When one was started last.
  package var lastStarted: String?

  package init(counts: [String: Int] = [:], runtime: Int = 0, completed: Int = 0, lastStarted: String? = nil) {
    (self.counts, self.runtime, self.completed) = (counts, runtime, completed)
    self.lastStarted = lastStarted
  }
}

extension Records {
  /// What goes on in a project, and with `includingBelow` in those below it. It takes time in proportion to the number
  /// of projects, not of tasks.
  package func activity(
    ofProject id: String, includingBelow: Bool, completedSince moment: String
  ) throws -> ProjectActivity {
    let projects: SQL = includingBelow ? Condition.projectTree([id]) : "SELECT \(id) AS id"
    let sums: SQL = """
      SELECT status, sum(tasks), sum(runtime) FROM (\(projects)) AS place
      JOIN project_statistics ON project_statistics.project = place.id GROUP BY status
      """
    var activity = ProjectActivity()
    for row in try Row.fetchAll(db, SQLRequest(literal: sums)) {
      activity.counts[row[0]] = row[1]
      activity.runtime += row[2]
    }
    let isActive = Condition.not(.contains("system_tags", "archived")).sql(for: .tasks)
    let times: SQL = """
      SELECT
        sum((SELECT count(*) FROM tasks WHERE project = place.id AND completed >= \(moment)
          AND status = \(TaskStatus.completed.rawValue) AND \(isActive))),
        max((SELECT started FROM tasks WHERE project = place.id AND started > '' AND \(isActive)
          ORDER BY started DESC LIMIT 1))
      FROM (\(projects)) AS place
      """
    if let row = try Row.fetchOne(db, SQLRequest(literal: times)) {
      (activity.completed, activity.lastStarted) = (row[0] ?? 0, row[1])
    }
    return activity
  }

  /// The projects below another one, by name.
  package func projectNames(below id: String) throws -> [(id: String, name: String)] {
    let condition = Condition.contains("path", id).sql(for: .projects)
    let request: SQL = "SELECT id, coalesce(name, '') FROM projects WHERE \(condition) ORDER BY name, rowid"
    return try Row.fetchAll(db, SQLRequest(literal: request)).map { ($0[0], $0[1]) }
  }
}
