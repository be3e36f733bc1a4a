/// What `stint agent daemon` is told on its command line.
package struct DaemonOptions: Sendable {
  /// Names or identifiers of the queues to serve, most urgent first.
  package var queues: [String]
  /// Makes the queues that do not exist.
  package var createsQueues: Bool
  /// Stops running tasks when the daemon ends, instead of leaving them to the next one.
  package var stopsTasksOnExit: Bool

  package init(queues: [String] = ["default"], createsQueues: Bool = false, stopsTasksOnExit: Bool = false) {
    (self.queues, self.createsQueues, self.stopsTasksOnExit) = (queues, createsQueues, stopsTasksOnExit)
  }
}
