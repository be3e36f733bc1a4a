import StintModel

/// A task's record (`task`), as far as a worker and the command line read it.
package struct TaskRecord: Codable, Sendable {
  package var id: String
  package var name: String?
  package var user: String?
  package var company: String?
  package var type: TaskType?
  package var status: TaskStatus?
  package var comment: String?
  package var created: String?
  package var started: String?
  package var completed: String?
  package var activeDuration: Int?
  package var parent: String?
  package var project: String?
  package var output: JSON?
  package var execution: Execution?
  package var container: [String: String]?
  package var models: TaskModels?
  package var script: Script?
  package var tags: [String]?
  package var systemTags: [String]?
  package var statusChanged: String?
  package var statusMessage: String?
  package var statusReason: String?
  package var published: String?
  package var lastWorker: String?
  package var lastWorkerReport: String?
  package var lastUpdate: String?
  package var lastChange: String?
  package var lastIteration: Int?
  package var lastMetrics: [String: JSON]?
  package var hyperparams: [String: [String: ParamsItem]]?
  package var configuration: [String: ConfigurationItem]?
  package var runtime: [String: JSON]?
}
