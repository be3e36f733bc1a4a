import StintModel
import StintStore
import StintWire

extension Services {
  func addProjectUsages(to api: inout API) {
    api.on(Organization.GetProjectUsages.self) { request, _ in
      let (from, to) = (try seconds(request.fromDate, "from_date"), try seconds(request.toDate, "to_date"))
      guard from < to else { throw WireError(.validation, "from_date must be before to_date: field=from_date") }
      var conditions: [Condition] = [
        .inProjectTree("project", request.projects), .exists("started"),
        .compare("started", .less, .string(Timestamp(milliseconds: Int64(to) * 1000).text)),
      ]
      if request.includeDevelopment != true { conditions.append(.not(.contains("system_tags", "development"))) }
      let condition = Condition.and(conditions)
      return try await store.read { records in
        let runs = try records.find(.tasks, Query(condition)).compactMap { Run($0, from: from, to: to) }
        func usages(_ key: Organization.GetProjectUsages.Key, _ collection: Collection) throws
          -> Organization.GetProjectUsages.Usages?
        {
          guard request.breakdownKeys?.contains(key) ?? true else { return nil }
          return try records.usages(of: Dictionary(grouping: runs) { $0.owner(key) }, collection)
        }
        var response = Organization.GetProjectUsages.Response()
        response.projects = try usages(.project, .projects)
        response.users = try usages(.user, .users)
        response.queues = try usages(.queue, .queues)
        return response
      }
    }
  }
}

private let day = 86_400

/// The part of a task's run that is within the time that was asked for, in seconds.
private struct Run {
  let task: JSON
  let span: Range<Int>

  init?(_ task: JSON, from: Int, to: Int) {
    func moment(_ field: String) -> Int? {
      task.text(field).flatMap { Timestamp($0) }.map { Int($0.milliseconds / 1000) }
    }
    guard let started = moment("started") else { return nil }
    let end = moment("completed") ?? moment("last_update") ?? started
    let (first, last) = (max(started, from), min(end, to))
    guard first < last else { return nil }
    (self.task, span) = (task, first..<last)
  }

  func owner(_ key: Organization.GetProjectUsages.Key) -> String {
    switch key {
    case .project: task.text("project") ?? ""
    case .user: task.text("user") ?? ""
    case .queue: task[path: ["execution", "queue"]]?.string ?? ""
    }
  }

  /// The seconds of each day, by the day's begin.
  var days: [Int: Int] {
    var days: [Int: Int] = [:]
    for start in stride(from: span.lowerBound / day * day, to: span.upperBound, by: day) {
      days[start] = span.clamped(to: start..<start + day).count
    }
    return days
  }
}

extension Records {
  fileprivate func usages(
    of runs: [String: [Run]], _ collection: Collection
  ) throws -> Organization.GetProjectUsages.Usages {
    let named = try runs.filter { !$0.key.isEmpty }.map { id, runs in
      let days = runs.map(\.days).reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }.sorted { $0.key < $1.key }
      return (id: id, name: try get(collection, id: id)?.text("name") ?? id, days: days)
    }.sorted { $0.name < $1.name }
    return .init(
      total: named.map { .init(id: $0.id, name: $0.name, duration: $0.days.reduce(0) { $0 + $1.value }) },
      series: named.map { .init(id: $0.id, name: $0.name, dates: $0.days.map(\.key), duration: $0.days.map(\.value)) })
  }
}

private func seconds(_ text: String, _ field: String) throws(WireError) -> Int {
  guard let moment = Timestamp(text) else {
    throw WireError(.validation, "'\(text.prefix(64))' is not a date: field=\(field)")
  }
  return Int(moment.milliseconds / 1000)
}
