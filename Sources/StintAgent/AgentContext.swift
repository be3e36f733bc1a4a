import Logging
import StintClient
import StintConfig
import StintModel
import StintPlan
import StintRuntime
import StintWire

/// What all parts of a running agent share.
struct AgentContext: Sendable {
  var setup: AgentSetup
  let client: Client
  /// The worker's registered name.
  let workerID: String
  /// What the server can do beyond the protocol.
  let extensions: Extensions?
  let mirrors: GitMirrors
  var environments: Environments
  let cuda: CUDAProbe
  let masker: Masker
  let logger: Logger
  /// How the identifiers of all claims begin that agents with these caches make.
  let leasePrefix: String?
  /// How those begin that this agent makes, as long as it lives.
  let ownLeasePrefix: String?

  init(setup: AgentSetup, client: Client, workerID: String, extensions: Extensions?, logger: Logger) {
    let isLeasing = extensions?.offers(.leases) == true && extensions?.offers(.watch) == true
    self.init(
      setup: setup, client: client, workerID: workerID, extensions: extensions, logger: logger, masker: setup.masker,
      ownLeasePrefix: isLeasing ? setup.caches.identity.map { "\($0).\(randomIdentifier().prefix(12))." } : nil)
  }

  private init(
    setup: AgentSetup, client: Client, workerID: String, extensions: Extensions?, logger: Logger, masker: Masker,
    ownLeasePrefix: String?
  ) {
    (self.setup, self.client, self.workerID) = (setup, client, workerID)
    (self.extensions, self.logger, self.masker) = (extensions, logger, masker)
    self.ownLeasePrefix = ownLeasePrefix
    leasePrefix = ownLeasePrefix == nil ? nil : setup.caches.identity
    mirrors = GitMirrors(
      directory: setup.caches.mirrors, isOffline: setup.work.isStandalone,
      isShallow: setup.settings.git.fetchesNoHistory)
    environments = Environments(
      directory: setup.caches.environments, limits: setup.environmentLimits,
      overlays: OverlayProbe(shim: setup.shim, scratch: setup.home.temporary))
    environments.uvVersion = setup.settings.packages.uvVersion
    cuda = CUDAProbe(environment: setup.environment)
  }

  /// What is so after the configuration file was read again, where it asks for that. The server and the worker's name
  /// stay as they are, and where the file cannot be used, so does all.
  func reloaded() -> AgentContext {
    guard setup.settings.reloadsConfig else { return self }
    do {
      let setup = try setup.reloaded()
      return AgentContext(
        setup: setup, client: client, workerID: workerID, extensions: extensions, logger: logger,
        masker: masker.hiding(setup.secrets), ownLeasePrefix: ownLeasePrefix)
    } catch {
      logger.warning("\(error) What was read before stays in force.")
      return self
    }
  }

  /// A claim of its own for the next task; nil where the server knows no leases.
  func newClaim() -> LeaseClaim? {
    ownLeasePrefix.map { LeaseClaim(id: "\($0)\(randomIdentifier())", worker: workerID) }
  }

  /// Whether the server offers `feature`.
  func offers(_ feature: Extensions.Feature) -> Bool { extensions?.offers(feature) ?? false }
}
