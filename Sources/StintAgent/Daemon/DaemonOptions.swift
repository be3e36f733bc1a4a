/// What `stint agent daemon` is told on its command line.
package struct DaemonOptions: Sendable {
  /// Names or identifiers of the queues to serve, most urgent first.
  package var queues: [String]
  /// Makes the queues that do not exist.
  package var createsQueues: Bool
  /// Stops running tasks when the daemon ends, instead of leaving them to the next one.
  package var stopsTasksOnExit: Bool
  /// Whether its process is not its own, but also a server's: `--stop` leaves it alone then.
  package var isEmbedded: Bool
  /// Takes tasks from all queues in turn, instead of from the most urgent one that has some.
  package var isFair: Bool

  package init(
    queues: [String] = ["default"], createsQueues: Bool = false, stopsTasksOnExit: Bool = false,
    isEmbedded: Bool = false, isFair: Bool = false
  ) {
    (self.queues, self.createsQueues, self.stopsTasksOnExit) = (queues, createsQueues, stopsTasksOnExit)
    (self.isEmbedded, self.isFair) = (isEmbedded, isFair)
  }
}
