/// What a server can do beyond the protocol, told in its `auth.login` answer. A client uses nothing that is not listed.
package struct Extensions: Codable, Sendable, Hashable {
  /// The server's version.
  package var version: String
  /// The features' names, as in `Feature`.
  package var features: [String]

  package init(version: String, features: [Feature]) {
    (self.version, self.features) = (version, features.map(\.rawValue))
  }

  /// Whether `feature` is offered.
  package func offers(_ feature: Feature) -> Bool { features.contains(feature.rawValue) }

  /// One thing beyond the protocol.
  package enum Feature: String, Sendable {
    /// `queues.get_next_task` takes `wait_ms` and `queues`.
    case longPoll = "long_poll"
    /// Log events carry the `stream`, `offset` and `size` of the output they were cut from; what the server already has
    /// is dropped. `tasks.ping` with `stream` answers `stream_end`.
    case logOffsets = "log_offsets"
    /// `queues.get_next_task` takes `lease`, which makes the claim last only as long as the worker tells that it lives; the
    /// calls that change a task's status and `tasks.ping` take it, too, and are refused once it is over.
    case leases
    /// `tasks.ping` takes `wait_ms` and `status`: it answers when the task's status differs or its status message changes.
    case watch
    /// `users.get_vaults` tells what settings and variables are kept for a task's owner.
    case vaults
    /// `machine_stats` take `gpu_names` and `gpu_processes`.
    case processes
    /// `workers.status_report` takes `storage`, and its answer tells of a clean-up that was ordered, until it is told to
    /// be done.
    case storage
    /// `workers.status_report` takes `out_of_hours`.
    case hours
  }
}
