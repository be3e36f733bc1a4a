import AsyncHTTPClient
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import StintWire
import Synchronization

/// Calls a server of the ClearML protocol: logs in, keeps the token fresh, and tries again where that makes sense.
///
///     let client = Client(api: "http://127.0.0.1:8008", credentials: .key("KEY", secret: "SECRET"), logger: logger)
///     let tasks = try await client.call(Tasks.GetAll.self, ["status": ["queued"]])
///     await client.shutdown()
package final class Client: Sendable {
  /// The server's address, without a slash at its end.
  package let api: String
  let credentials: ClientCredentials
  let origin: String
  let retry: RetryPolicy
  let logger: Logger
  let http: HTTPClient
  let session = Mutex<Session?>(nil)
  private let loops: MultiThreadedEventLoopGroup

  /// A client of the server at `api`. `origin` tells where the credentials came from, for the message when they are
  /// wrong. Nothing is sent yet.
  package init(
    api: String, credentials: ClientCredentials, origin: String = "the configuration", trust: ServerTrust = .system,
    proxy: ClientProxy? = nil, retry: RetryPolicy = .standard, logger: Logger
  ) {
    var address = api
    while address.hasSuffix("/") { address.removeLast() }
    self.api = address
    self.credentials = credentials
    self.origin = origin
    self.retry = retry
    self.logger = logger
    var configuration = HTTPClient.Configuration(tlsConfiguration: trust.tls, redirectConfiguration: .disallow)
    configuration.proxy = proxy?.configuration
    configuration.timeout.connect = .seconds(10)
    configuration.connectionPool.idleTimeout = .seconds(55)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 8
    configuration.httpVersion = .http1Only
    // Whether and when to try again is for the retry policy to say.
    configuration.connectionPool.retryConnectionEstablishment = false
    loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    http = HTTPClient(eventLoopGroupProvider: .shared(loops), configuration: configuration)
  }

  /// Closes all connections. A client must be shut down before it goes away.
  package func shutdown() async {
    do {
      try await http.shutdown()
      try await loops.shutdownGracefully()
    } catch {
      logger.debug("the HTTP client did not close cleanly: \(error)")
    }
  }

  /// Calls `endpoint`.
  ///
  /// `timeout` bounds one attempt, `patience` all of them together: nil is for ever, zero is one attempt.
  /// - Throws: `WireError` for what the server refused, `ClientError` for what did not reach it, `CancellationError`.
  package func call<E: Endpoint>(
    _ endpoint: E.Type, _ request: E.Request, timeout: Duration = .seconds(30), patience: Duration? = nil
  ) async throws -> E.Response {
    let body = try JSON(encoding: request).bytes
    let data = try await send(E.name, body: body, type: "application/json", timeout: timeout, patience: patience)
    return try decode(E.self, data)
  }

  /// Calls an endpoint that takes a batch: one JSON object a line.
  package func callLines<E: Endpoint>(
    _ endpoint: E.Type, _ lines: [JSON], timeout: Duration = .seconds(60), patience: Duration? = nil
  ) async throws -> E.Response {
    var body: [UInt8] = []
    for line in lines {
      line.write(to: &body)
      body.append(UInt8(ascii: "\n"))
    }
    let data = try await send(E.name, body: body, type: "application/json-lines", timeout: timeout, patience: patience)
    return try decode(E.self, data)
  }

  /// What the server can do beyond the protocol; logs in where that has not been done.
  package func extensions(patience: Duration? = nil) async throws -> Extensions? {
    try await loggedIn(patience: patience).extensions
  }

  private func decode<E: Endpoint>(_ endpoint: E.Type, _ data: JSON) throws -> E.Response {
    do {
      return try data.decode(E.Response.self)
    } catch {
      throw ClientError.unexpectedAnswer(call: E.name, reason: "\(error)")
    }
  }
}

/// How a client proves who it is.
package enum ClientCredentials: Sendable, Equatable {
  /// An access key and its secret.
  case key(String, secret: String)
  /// A token that somebody else got.
  case token(String)
}

extension ClientProxy {
  fileprivate var configuration: HTTPClient.Configuration.Proxy {
    switch kind {
    case .socks: .socksServer(host: host, port: port)
    case .http:
      .server(
        host: host, port: port,
        authorization: user.map { .basic(username: $0, password: password ?? "") })
    }
  }
}

/// Whose certificates a client accepts.
package enum ServerTrust: Sendable, Equatable {
  /// The system's authorities.
  case system
  /// The authorities in a PEM file.
  case file(String)
  /// Anybody's: for servers with a certificate of their own making in a closed network.
  case anyone

  fileprivate var tls: TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    switch self {
    case .system: break
    case .file(let path): configuration.trustRoots = .file(path)
    case .anyone: configuration.certificateVerification = .none
    }
    return configuration
  }
}
