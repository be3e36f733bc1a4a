import StintModel
import StintStore
import StintWire

extension Services {
  func addProjectUsages(to api: inout API) {
    api.on(Organization.GetProjectUsages.self) { request, _ in try await usage(request) }
    api.on(Organization.GetProjectWorkloads.self) { request, _ in try await usage(request) }
  }

  private func usage(_ request: ProjectUsage.Request) async throws -> ProjectUsage.Response {
    let from = try seconds(request.fromDate, "from_date")
    let to = try request.toDate.map { try seconds($0, "to_date") } ?? Int(Timestamp.now.milliseconds / 1000)
    guard from < to else { throw WireError(.validation, "from_date must be before to_date: field=from_date") }
    var conditions: [Condition] = [
      .inProjectTree("project", request.projects), .exists("started"),
      .compare("started", .less, .string(Timestamp(milliseconds: Int64(to) * 1000).text)),
    ]
    if request.includeDevelopment != true { conditions.append(.not(.contains("system_tags", "development"))) }
    let condition = Condition.and(conditions)
    let fields = Set(request.usageFields ?? [.duration])
    return try await store.read { records in
      let runs = try records.find(.tasks, Query(condition)).compactMap { Run($0, from: from, to: to) }
      func usages(_ key: ProjectUsage.Key, _ collection: Collection) throws -> ProjectUsage.Usages? {
        guard request.breakdownKeys?.contains(key) ?? true else { return nil }
        return try records.usages(of: Dictionary(grouping: runs) { $0.owner(key) }, fields, collection)
      }
      var response = ProjectUsage.Response()
      response.projects = try usages(.project, .projects)
      response.users = try usages(.user, .users)
      response.queues = try usages(.queue, .queues)
      return response
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

  func owner(_ key: ProjectUsage.Key) -> String {
    switch key {
    case .project: task.text("project") ?? ""
    case .user: task.text("user") ?? ""
    case .queue: task[path: ["execution", "queue"]]?.string ?? ""
    }
  }

  /// What the run had, as the SDK and agents tell it; nil where nobody did.
  func count(_ resource: String) -> Double? { task[path: ["runtime", resource]]?.double }

  /// The use of each day, by the day's begin.
  var days: [Int: Use] {
    var days: [Int: Use] = [:]
    for start in stride(from: span.lowerBound / day * day, to: span.upperBound, by: day) {
      let seconds = span.clamped(to: start..<start + day).count
      days[start] = Use(
        seconds: seconds, cpu: Double(seconds) * (count("cpu_cores") ?? 1),
        gpu: Double(seconds) * (count("gpu_count") ?? 1))
    }
    return days
  }
}

/// Seconds that something ran, and what it had, in seconds of one processor or GPU.
private struct Use {
  var seconds = 0
  var cpu = 0.0
  var gpu = 0.0

  static func + (one: Use, other: Use) -> Use {
    Use(seconds: one.seconds + other.seconds, cpu: one.cpu + other.cpu, gpu: one.gpu + other.gpu)
  }
}

extension Records {
  fileprivate func usages(
    of runs: [String: [Run]], _ fields: Set<ProjectUsage.Field>, _ collection: Collection
  ) throws -> ProjectUsage.Usages {
    let named = try runs.filter { !$0.key.isEmpty }.map { id, runs in
      (id: id, name: try get(collection, id: id)?.text("name") ?? id, runs: runs)
    }.sorted { $0.name < $1.name }
    var usages = ProjectUsage.Usages(total: [], series: [])
    for (id, name, runs) in named {
      let days = runs.map(\.days).reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }.sorted { $0.key < $1.key }
      let sum = days.map(\.value).reduce(Use(), +)
      var total = ProjectUsage.Total(id: id, name: name)
      var series = ProjectUsage.Series(id: id, name: name, dates: days.map(\.key))
      if fields.contains(.duration) {
        (total.duration, series.duration) = (sum.seconds, days.map(\.value.seconds))
      }
      if fields.contains(.cpuUsage) {
        let isGuessed = runs.contains { $0.count("cpu_cores") == nil }
        (total.cpuUsage, total.cpuArtificialWeights) = (sum.cpu, isGuessed)
        (series.cpuUsage, series.cpuUsageArtificalWeights) = (days.map(\.value.cpu), isGuessed)
      }
      if fields.contains(.gpuUsage) {
        let isGuessed = runs.contains { $0.count("gpu_count") == nil }
        (total.gpuUsage, total.gpuArtificialWeights) = (sum.gpu, isGuessed)
        (series.gpuUsage, series.gpuUsageArtificalWeights) = (days.map(\.value.gpu), isGuessed)
      }
      usages.total.append(total)
      usages.series.append(series)
    }
    return usages
  }
}

private func seconds(_ text: String, _ field: String) throws(WireError) -> Int {
  guard let moment = Timestamp(text) else {
    throw WireError(.validation, "'\(text.prefix(64))' is not a date: field=\(field)")
  }
  return Int(moment.milliseconds / 1000)
}
