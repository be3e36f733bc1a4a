import StintModel
import StintStore
import StintWire

/// What `projects.get_all_ex` can be asked for beyond the filter.
struct ProjectListing: Decodable, Sendable {
  /// The projects to look in: with `shallow_search`, right below them.
  var parent: JSON?
  var includeStats: Bool?
  /// Of which tasks; those that are not archived without it.
  var statsForState: State?
  var statsWithChildren: Bool?
  /// Which tasks count, as a filter.
  var includeStatsFilter: [String: JSON]?
  var includeDatasetStats: Bool?
  var checkOwnContents: Bool?
  var shallowSearch: Bool?
  /// Only projects in which these users have tasks.
  var activeUsers: [String]?
  /// Only projects with such tasks in them.
  var childrenType: ChildrenType?
  var childrenTags: [String]?
  var childrenTagsFilter: JSON?

  /// Whether tasks are archived.
  enum State: String, Codable, CaseIterable { case active, archived }

  /// What tasks are used for.
  enum ChildrenType: String, Codable, CaseIterable {
    case pipeline, report, dataset

    fileprivate var tag: String {
      switch self {
      case .pipeline: SystemTag.pipeline
      case .report: SystemTag.reports
      case .dataset: SystemTag.dataset
      }
    }
  }

  /// What must hold of the projects, besides the filter.
  func condition(_ records: Records) throws -> Condition {
    var parts: [Condition] = []
    if shallowSearch == true {
      let parents = (parent?.array ?? parent.map { [$0] } ?? []).filter { !$0.isNull }
      parts.append(parents.isEmpty ? .isMissing("parent") : .isOneOf("parent", parents))
    }
    if let users = activeUsers, !users.isEmpty {
      parts.append(try records.haveTasks(where: .isOneOf("user", users.map(JSON.string))))
    }
    if let type = childrenType {
      var filter: JSON = ["search_hidden": true]
      filter["tags"] = childrenTags.map(JSON.list)
      filter["filters"] = childrenTagsFilter.map { ["tags": $0] }
      let tags = try Query(parsing: filter, for: .tasks).condition
      parts.append(try records.haveTasks(where: .and([.contains("system_tags", type.tag), tags])))
    }
    return .and(parts)
  }

  /// The project with what was asked for.
  func complete(_ project: JSON, _ records: Records) throws -> JSON {
    var project = project
    let id = project.text("id") ?? ""
    if includeStats == true {
      project["stats"] = [(statsForState ?? .active).rawValue: try stats(of: id, records)]
      project["sub_projects"] = .array(
        try records.projectNames(below: id).map { ["id": .string($0.id), "name": .string($0.name)] })
    }
    if checkOwnContents == true {
      let own = Condition.equals("project", .string(id))
      project["own_tasks"] = .number(try records.count(.tasks, own))
      project["own_models"] = .number(try records.count(.models, own))
      project["own_datasets"] = .number(
        try records.count(.tasks, .and([own, .contains("system_tags", SystemTag.dataset)])))
    }
    if includeDatasetStats == true, let stats = try records.datasetStats(of: id) { project["dataset_stats"] = stats }
    return project
  }

  private func stats(of project: String, _ records: Records) throws -> JSON {
    let lastDay = Timestamp.now.advanced(bySeconds: -86_400).text
    let withChildren = statsWithChildren ?? true
    let activity =
      if statsForState == .archived || includeStatsFilter?.isEmpty == false {
        try records.activity(where: countedTasks(of: project, withChildren), completedSince: lastDay)
      } else {
        try records.activity(ofProject: project, includingBelow: withChildren, completedSince: lastDay)
      }
    let statuses = TaskStatus.allCases.map { ($0.rawValue, JSON.number(activity.counts[$0.rawValue] ?? 0)) }
    return [
      "status_count": .object(Dictionary(uniqueKeysWithValues: statuses)),
      "total_tasks": .number(activity.counts.values.reduce(0, +)), "total_runtime": .number(activity.runtime),
      "completed_tasks_24h": .number(activity.completed),
      "last_task_run": activity.lastStarted.map(JSON.string) ?? .null,
    ]
  }

  private func countedTasks(of project: String, _ withChildren: Bool) throws -> Condition {
    let place: Condition =
      withChildren ? .inProjectTree("project", [project]) : .equals("project", .string(project))
    let isArchived = Condition.contains("system_tags", SystemTag.archived)
    var filter = JSON.object(includeStatsFilter ?? [:])
    filter["search_hidden"] = true
    return .and([
      place, statsForState == .archived ? isArchived : .not(isArchived),
      try Query(parsing: filter, for: .tasks).condition,
    ])
  }
}

extension Records {
  /// The project has such tasks, in it or below it.
  fileprivate func haveTasks(where condition: Condition) throws -> Condition {
    let projects = try distinct(.tasks, "project", condition).map(JSON.string)
    let above = try distinct(.projects, "path", .isOneOf("id", projects)).map(JSON.string)
    return .isOneOf("id", projects + above)
  }

  /// What such tasks did. It takes time in proportion to their number.
  fileprivate func activity(where condition: Condition, completedSince moment: String) throws -> ProjectActivity {
    let ran = Condition.and([condition, .exists("started")])
    let completed: [Condition] = [
      condition, .equals("status", .string(TaskStatus.completed.rawValue)),
      .compare("completed", .greaterOrEqual, .string(moment)),
    ]
    return ProjectActivity(
      counts: try counts(.tasks, by: "status", condition),
      runtime: try find(.tasks, Query(ran)).reduce(0) { $0 + ($1["active_duration"]?.int ?? 0) },
      completed: try count(.tasks, .and(completed)),
      lastStarted: try find(.tasks, Query(ran, order: [Order("started", descending: true)], limit: 1)).first?
        .text("started"))
  }

  /// How large the newest version of a dataset is, where the project is one.
  fileprivate func datasetStats(of project: String) throws -> JSON? {
    let versions = Condition.and([
      .equals("project", .string(project)), .contains("system_tags", SystemTag.dataset),
    ])
    let newest = Query(versions, order: [Order("last_update", descending: true)], limit: 1)
    guard let runtime = try find(.tasks, newest).first?["runtime"] else { return nil }
    guard let count = runtime["ds_file_count"]?.int, let size = runtime["ds_total_size"]?.int else { return nil }
    return ["file_count": .number(count), "total_size": .number(size)]
  }
}
