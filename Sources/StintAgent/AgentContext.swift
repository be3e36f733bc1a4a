import Logging
import StintClient
import StintConfig
import StintPlan
import StintRuntime
import StintWire

/// What all parts of a running agent share.
struct AgentContext: Sendable {
  let setup: AgentSetup
  let client: Client
  /// The worker's registered name.
  let workerID: String
  /// What the server can do beyond the protocol.
  let extensions: Extensions?
  let mirrors: GitMirrors
  let environments: Environments
  let facts: MachineFacts
  let masker: Masker
  let logger: Logger

  init(setup: AgentSetup, client: Client, workerID: String, extensions: Extensions?, logger: Logger) {
    (self.setup, self.client, self.workerID) = (setup, client, workerID)
    (self.extensions, self.logger) = (extensions, logger)
    mirrors = GitMirrors(directory: setup.caches.mirrors)
    environments = Environments(
      directory: setup.caches.environments, limit: max(1, setup.settings.caches.environmentCacheLimit))
    facts = MachineFacts.find(path: setup.environment["PATH"])
    masker = setup.masker
  }

  /// Whether the server offers `feature`.
  func offers(_ feature: Extensions.Feature) -> Bool { extensions?.offers(feature) ?? false }
}
