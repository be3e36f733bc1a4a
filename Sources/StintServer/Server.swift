import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import ServiceLifecycle
import StintStore
import StintWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The control plane: API, page and files on three ports over one data folder. Stops when its task is cancelled or its
/// service group shuts down: open calls are answered, nothing new is taken.
package struct Server: Service {
  /// Told to those who start a server once it serves.
  package struct Ready: Sendable {
    package let addresses: ServerAddresses
    /// The access key that was made, at the first start only: it is never shown again.
    package let newKey: AccessKeys.Pair?
    /// The configuration file for clients on this machine.
    package let clientConfiguration: String
    /// Makes a link that logs the administrator in to the page, once.
    package let loginLink: @Sendable () async throws -> String
  }

  /// How long a connection may be silent while the server waits for a request or its rest. A held call may take longer.
  private static let idleTimeout = TimeAmount.seconds(70)

  private let options: ServerOptions
  private let version: String
  private let logger: Logger
  private let onReady: @Sendable (Ready) async throws -> Void

  package init(
    options: ServerOptions, version: String, logger: Logger, onReady: @escaping @Sendable (Ready) async throws -> Void
  ) {
    (self.options, self.version, self.logger, self.onReady) = (options, version, logger, onReady)
  }

  package func run() async throws {
    let store = try Store(directory: options.dataDirectory)
    let folder = DataDirectory(path: options.dataDirectory)
    let tokens = await Tokens(secret: try folder.tokenSecret(), build: version)
    let newKey = try await folder.prepare(store, preset: options.accessKey)
    let services = Services(
      store: store, workers: WorkerRegistry(), queueSignal: Signal(), taskSignal: Signal(), tokens: tokens,
      vaultCipher: VaultCipher(key: try folder.vaultSecret()),
      version: version, logger: logger, leaseDuration: options.leaseDuration,
      silentTaskLimit: options.silentTaskLimit, features: options.offersExtensions ? Services.allFeatures : [])
    try await services.resumeLeases()
    let authentication = Authentication(tokens: tokens, keys: AccessKeys(store: store))
    let certificate = try options.certificate.map { try self.certificate($0) }

    let (ports, portBell) = AsyncStream<(Listener, Int)>.makeStream()
    let listeners = try listeners(services, authentication, folder)
    let applications = try Listener.allCases.map { listener in
      let responder = Responder(
        listener: listener, meters: services.meters, logger: logger, answer: listeners.answer(listener))
      return try application(listener, responder, certificate) { portBell.yield((listener, $0)) }
    }

    try await withThrowingTaskGroup { group in
      group.addTask { try? await cancelWhenGracefulShutdown { try await services.keepLeases() } }
      group.addTask { try? await cancelWhenGracefulShutdown { await services.asyncCalls.run() } }
      group.addTask { try? await cancelWhenGracefulShutdown { try await services.keepHistory() } }
      let retention = Retention(services: services, settings: options.retention)
      group.addTask { try? await cancelWhenGracefulShutdown { try await retention.run() } }
      group.addTask {
        try await withGracefulShutdownHandler {
          try await ServiceGroup(services: applications, logger: logger).run()
        } onGracefulShutdown: {
          services.queueSignal.close()
          services.taskSignal.close()
          services.logSignal.close()
        }
        portBell.finish()
      }
      group.addTask {
        var bound: [Listener: Int] = [:]
        for await (listener, port) in ports {
          bound[listener] = port
          if bound.count == Listener.allCases.count { break }
        }
        guard bound.count == Listener.allCases.count else { return }
        let addresses = addresses(bound)
        services.addresses.current = addresses
        if options.isOpenWithoutTLS {
          logger.warning(
            """
            Keys, tokens and data cross the network readable by all who see it: give --tls-cert and --tls-key, or put a \
            proxy with TLS in front and listen on loopback only.
            """)
        }
        try folder.writeClientConfiguration(addresses, key: newKey)
        try await onReady(
          Ready(
            addresses: addresses, newKey: options.accessKey == nil ? newKey : nil,
            clientConfiguration: folder.clientConfiguration,
            loginLink: {
              let admin = try await store.read { try $0.first(.users, .equals("role", "admin")) }
              return try await services.loginLink(for: admin?.text("id") ?? "")
            }))
        if let file = options.portFile { try writePrivateFile(addresses.json.bytes, to: file) }
      }
      // The first failure ends the other.
      for try await _ in group {}
    }
    try? await store.history.write()
    store.close()
  }

  private func listeners(
    _ services: Services, _ authentication: Authentication, _ folder: DataDirectory
  ) throws -> Listeners {
    let limiter = RateLimiter(rate: options.requestsPerSecond)
    return Listeners(
      status: StatusRoutes(
        services: services, authentication: authentication, metrics: MetricsPage(services: services),
        metricsToken: options.metricsAreOpen ? nil : try folder.metricsToken()),
      api: APIListener(
        api: services.api(), authentication: authentication, asyncCalls: services.asyncCalls, limiter: limiter,
        limit: options.requestLimit, isSecure: options.certificate != nil, logger: logger),
      files: FilesListener(
        files: services.store.files, authentication: authentication, limiter: limiter, meters: services.meters,
        logger: logger))
  }

  private func certificate(_ files: CertificateFiles) throws(ServerError) -> Certificate {
    // Programs that renew certificates send this to make servers read them again. We look at each handshake.
    signal(SIGHUP, SIG_IGN)
    return try Certificate(files) { error in
      if let error {
        logger.error("the certificate before goes on to be used: \(error)")
      } else {
        logger.notice("the certificate was renewed")
      }
    }
  }

  private func application(
    _ listener: Listener, _ responder: Responder, _ certificate: Certificate?,
    onPort: @escaping @Sendable (Int) -> Void
  ) throws -> ListenerService {
    var quiet = logger
    // What goes wrong in a request is told by the listeners; a connection that breaks is no error of ours.
    quiet.logLevel = max(logger.logLevel, .critical)
    let port = options.port(of: listener)
    let http = HTTPServerBuilder.http1(
      configuration: .init(additionalChannelHandlers: [HangUpHandler()], idleTimeout: Self.idleTimeout))
    return ListenerService(
      application: Application(
        responder: responder,
        server: try certificate.map { try .tls(http, tlsConfiguration: $0.configuration) } ?? http,
        configuration: .init(address: .hostname(options.host, port: port), serverName: "stint"),
        onServerRunning: { channel in onPort(channel.localAddress?.port ?? port) },
        logger: quiet),
      host: options.host, port: port)
  }

  private func addresses(_ ports: [Listener: Int]) -> ServerAddresses {
    let host = options.publicHost
    let scheme = options.certificate == nil ? "http" : "https"
    func address(_ listener: Listener) -> String { "\(scheme)://\(host):\(ports[listener] ?? 0)" }
    return ServerAddresses(api: address(.api), web: address(.web), files: address(.files))
  }
}

/// One listening application, whose failure to listen is told in our words.
private struct ListenerService: Service {
  let application: Application<Responder>
  let host: String
  let port: Int

  func run() async throws {
    do {
      try await application.run()
    } catch let error as IOError {
      throw ServerError.portTaken(host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
    } catch let error as SocketAddressError {
      throw ServerError.portTaken(host: host, port: port, reason: "\(error)")
    }
  }
}
