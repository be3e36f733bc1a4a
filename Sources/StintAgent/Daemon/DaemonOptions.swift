/// What `stint agent daemon` is told on its command line.
package struct DaemonOptions: Sendable {
  /// Names or identifiers of the queues to serve, most urgent first.
  package var queues: [String]
  /// Makes the queues that do not exist.
  package var createsQueues: Bool
  /// Whether its process is not its own, but also a server's: `--stop` leaves it alone then.
  package var isEmbedded: Bool
  /// Takes tasks from all queues in turn, instead of from the most urgent one that has some.
  package var isFair: Bool
  /// Ends when there is nothing to do.
  package var exitsWhenIdle: Bool
  /// How many tasks it takes before it ends; nil for ever.
  package var taskLimit: Int?
  /// The version of the program, for those who look at it from outside.
  package var version: String?

  package init(
    queues: [String] = ["default"], createsQueues: Bool = false, isEmbedded: Bool = false, isFair: Bool = false,
    exitsWhenIdle: Bool = false, taskLimit: Int? = nil
  ) {
    (self.queues, self.createsQueues, self.isEmbedded, self.isFair) = (queues, createsQueues, isEmbedded, isFair)
    (self.exitsWhenIdle, self.taskLimit) = (exitsWhenIdle, taskLimit)
  }
}
