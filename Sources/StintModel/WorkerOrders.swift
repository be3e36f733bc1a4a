/// What somebody has ordered for a worker; it is kept by the worker's name, whether or not it is there. None is the
/// default: it takes what it asks for.
package struct WorkerOrders: Codable, Sendable, Hashable {
  /// Whether a worker takes new tasks.
  package enum Mode: String, Codable, Sendable, CaseIterable {
    case enabled
    /// It takes them at any hour, whatever `hours` says.
    case forced
    /// It takes none until it is enabled again.
    case disabled
    /// It takes none, and its agent ends when it runs none any more.
    case draining
  }

  package var mode: Mode?
  /// What people call it.
  package var name: String?
  /// The queues that it takes tasks from, most urgent first, instead of those that its agent was started with.
  package var queues: [String]?
  /// The types of the tasks that it takes; all where unset.
  package var types: [String]?
  /// When it takes tasks, as `WorkingHours` reads it; always where unset.
  package var hours: String?
  /// What its agent is to remove from its disk; gone once that has been done.
  package var clean: StorageCleanup?

  package init() {}

  /// Whether it may be given a task.
  package func allowsTasks(at moment: HourOfWeek = .now) -> Bool {
    switch mode {
    case .disabled, .draining: false
    case .forced: true
    case nil, .enabled: isOpen(at: moment)
    }
  }

  /// Whether its hours are now.
  package func isOpen(at moment: HourOfWeek = .now) -> Bool {
    hours.flatMap { WorkingHours($0) }?.contains(moment) ?? true
  }
}
