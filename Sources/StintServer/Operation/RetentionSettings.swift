import StintModel
import StintStore
import StintWire

/// How long what ended tasks have left behind is kept; without a number for ever.
package struct RetentionSettings: Sendable, Hashable {
  /// Days from a task's last change to the end of its log, scalars, plots and debug images.
  package var eventDays: Int?
  /// Days from a task's last change to the end of its artifacts.
  package var artifactDays: Int?

  package init(eventDays: Int? = nil, artifactDays: Int? = nil) {
    (self.eventDays, self.artifactDays) = (eventDays, artifactDays)
  }
}

/// What is given up.
enum RetainedKind: String, CaseIterable, Sendable {
  case events, artifacts

  func days(_ settings: RetentionSettings) -> Int? {
    switch self {
    case .events: settings.eventDays
    case .artifacts: settings.artifactDays
    }
  }

  /// The folders of a task's files that go.
  var folder: String {
    switch self {
    case .events: "metrics"
    case .artifacts: "artifacts"
    }
  }
}

/// How far the sweep of one kind has come. It is kept, so that no task is looked at twice, and for the doctor.
struct RetentionProgress: Codable, Sendable {
  var days: Int?
  /// The last change and the identifier of the task that was swept last.
  var lastUpdate: String?
  var task: String?
  /// How much was deleted since the server's first start.
  var deleted: Int?
  /// When the last sweep came to its end.
  var finished: String?

  var previous: EndedTask? {
    guard let lastUpdate, let task else { return nil }
    return EndedTask(id: task, lastUpdate: lastUpdate)
  }

  static func id(_ kind: RetainedKind) -> String { "retention_\(kind.rawValue)" }
}
