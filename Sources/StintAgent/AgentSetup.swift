import Logging
import StintClient
import StintConfig
import StintPlan
import StintRuntime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Everything an agent is told from outside: its settings, its environment, and the binary that supervises jobs.
package struct AgentSetup: Sendable {
  /// The settings of the configuration file and the environment.
  package var settings: AgentSettings
  /// The agent's own environment variables, on which those of its tasks are based.
  package var environment: [String: String]
  /// The path of the `stint` binary, whose hidden verb `shim` supervises jobs.
  package var shim: String
  /// Whether tasks see no GPU.
  package var cpuOnly: Bool
  /// What the command line says about how tasks are run.
  package var work = WorkOptions()
  /// Where the agent keeps things between tasks.
  package let caches: CacheFolders
  /// What the agents with this key have of their own.
  package let home: AgentHome
  let connection: ServerConnection
  private var gitLogin = GitLogin(user: nil, password: nil)
  private let trust: ServerTrust
  private let proxy: ClientProxy?

  /// - Throws: `SettingsError` where the settings name no server or no credentials, or the environment a proxy or
  ///   certificates that cannot be used.
  package init(
    settings: AgentSettings, environment: [String: String], shim: String, cpuOnly: Bool = false
  ) throws(SettingsError) {
    self.settings = settings
    self.shim = shim
    self.cpuOnly = cpuOnly || settings.isCPUOnly
    connection = try settings.connection()
    caches = CacheFolders(environment: environment)
    home = AgentHome(in: caches, credentials: connection.credentials)
    let authorities = try Authorities(
      settings.api.certificateCheck, environment: ClientProxy.inBothCases(environment), folder: caches.authorities)
    (trust, self.environment) = (authorities.trust, authorities.environment)
    do {
      proxy = try ClientProxy(for: connection.server, environment: environment)
    } catch {
      throw .badVariable(name: error.variable, reason: error.reason)
    }
  }

  /// The same agent with what its configuration file says now.
  func reloaded() throws(SettingsError) -> AgentSetup {
    with(try AgentSettings.load(configFile: settings.file, environment: environment))
  }

  /// The same agent with other settings. What the command line said stays.
  func with(_ settings: AgentSettings) -> AgentSetup {
    var setup = self
    setup.settings = settings
    setup.use(gitLogin)
    return setup
  }

  /// The user and the password for repositories that the command line names, over those of the settings.
  package struct GitLogin: Sendable {
    let user: String?
    let password: Secret?

    package init(user: String?, password: Secret?) { (self.user, self.password) = (user, password) }
  }

  package mutating func use(_ login: GitLogin) {
    gitLogin = login
    if let user = login.user { settings.git.user = user }
    if let password = login.password { settings.git.password = password }
  }

  /// The machine's part of worker names.
  package var machineName: String { settings.worker.name ?? ProcessInfo.processInfo.hostName }

  /// The tags that a worker is reported with; nil where they never change.
  func tags(busy: Bool) -> [String]? {
    guard !work.reportTags.isEmpty else { return nil }
    return settings.worker.tags + (busy ? work.reportTags : [])
  }

  /// A client of the server that the settings name. Shut it down after use.
  package func client(logger: Logger) -> Client {
    let credentials: ClientCredentials =
      switch connection.credentials {
      case .key(let access, let secret): .key(access, secret: secret.reveal())
      case .token(let token): .token(token.reveal())
      }
    return Client(
      api: connection.server, credentials: credentials, origin: credentialsOrigin, trust: trust, proxy: proxy,
      logger: logger)
  }

  /// A client that gets files of others, over the proxy that leads to `address`. Shut it down after use.
  func client(for address: String, logger: Logger) throws -> Client {
    let proxy = try ClientProxy(for: address, environment: environment)
    return Client(api: address, credentials: .token(""), trust: trust, proxy: proxy, logger: logger)
  }

  private var credentialsOrigin: String {
    let variables = ["CLEARML_API_ACCESS_KEY", "CLEARML_API_SECRET_KEY", "CLEARML_AUTH_TOKEN"].filter {
      environment[$0]?.isEmpty == false
    }
    return variables.isEmpty ? settings.file : variables.joined(separator: " and ")
  }

  /// Hides the secrets that this agent knows.
  var masker: Masker { Masker(secrets) }

  /// What must be seen nowhere.
  var secrets: [String] {
    var secrets = [settings.git.password].compactMap { $0?.reveal() }
    secrets += settings.git.extraCredentials.map { $0.password.reveal() }
    let variables = environment.merging(settings.environment) { $1 }
    secrets += variables.filter { SecretMask.hides(name: $0.key) }.map(\.value)
    secrets += (settings.packages.extraIndexURLs + variables.values).flatMap(SecretMask.passwords)
    switch connection.credentials {
    case .key(_, let secret): secrets.append(secret.reveal())
    case .token(let token): secrets.append(token.reveal())
    }
    return secrets
  }
}
