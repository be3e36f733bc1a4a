import Logging
import StintStore
import StintWire

/// What the endpoints work with.
package struct Services: Sendable {
  package let store: Store
  /// Workers that are registered now. They live in memory: they register anew after a restart.
  package let workers: WorkerRegistry
  /// Rung with a queue's identifier when a task enters it.
  package let queueSignal: Signal
  /// Rung with a task's identifier when its status changes.
  package let taskSignal: Signal
  package let tokens: Tokens
  package let vaultCipher: VaultCipher
  package let version: String
  package let logger: Logger
  let leases = LeaseClock()
  /// How long the holder of a lease may be silent, unless its queue says otherwise.
  package var leaseDuration = Duration.seconds(900)
  /// How long a running task may be silent that nobody holds by a lease, before it is stopped.
  package var silentTaskLimit = Duration.seconds(7200)
  /// What is offered beyond the protocol.
  package var features = Self.allFeatures
  /// Rung with a task's identifier when events of it have come.
  let logSignal = Signal()
  let addresses = KnownAddresses()
  /// What was done so far, for operators.
  let meters = Meters()
  let queueLooks = QueueLooks()
  let serving = ServingRegistry()
  let clusters = ClusterRegistry()
  let asyncCalls = AsyncCalls()

  static let allFeatures: [Extensions.Feature] = [
    .longPoll, .logOffsets, .watch, .leases, .vaults, .processes, .storage, .hours,
  ]

  /// All endpoints of this server.
  package func api() -> API {
    var api = API()
    addAuth(to: &api)
    addUsers(to: &api)
    addVaults(to: &api)
    addProjects(to: &api)
    addProjectsTree(to: &api)
    addProjectsContent(to: &api)
    addSharing(to: &api)
    addTasks(to: &api)
    addMoreOfTasks(to: &api)
    addTaskStatus(to: &api)
    addTaskParts(to: &api)
    addModels(to: &api)
    addQueues(to: &api)
    addWorkers(to: &api)
    addClusters(to: &api)
    addEvents(to: &api)
    addOrganization(to: &api)
    addDownloads(to: &api)
    addProjectUsages(to: &api)
    addPipelines(to: &api)
    addReports(to: &api)
    addStorage(to: &api)
    addServing(to: &api)
    addServingHistory(to: &api)
    addServer(to: &api)
    return api
  }
}
