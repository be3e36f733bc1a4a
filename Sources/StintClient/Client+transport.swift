import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import StintWire
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Client {
  /// The largest answer that is read.
  private static let answerLimit = 256 << 20

  /// Sends a call with a valid token; logs in once more where the server no longer knows the token.
  func send(
    _ name: String, body: [UInt8], type: String, timeout: Duration, patience: Duration?
  ) async throws -> JSON {
    let login = try await loggedIn(patience: patience)
    do {
      return try await attempt(
        name, body: body, type: type, authorization: "Bearer \(login.token)", timeout: timeout, patience: patience)
    } catch let error as WireError where error.code == 401 {
      guard case .key = credentials else { throw refused(error) }
      forget(login)
      let renewed = try await loggedIn(patience: patience)
      return try await attempt(
        name, body: body, type: type, authorization: "Bearer \(renewed.token)", timeout: timeout, patience: patience)
    }
  }

  /// Sends a call until it is answered, as the retry policy says.
  func attempt(
    _ name: String, body: [UInt8], type: String, authorization: String, timeout: Duration, patience: Duration?
  ) async throws -> JSON {
    guard api.hasPrefix("http://") || api.hasPrefix("https://") else { throw ClientError.badAddress(api) }
    var request = HTTPClientRequest(url: "\(api)/\(name)")
    request.method = .POST
    request.headers.add(name: "Content-Type", value: type)
    request.headers.add(name: "Authorization", value: authorization)
    request.headers.add(name: "X-ClearML-Client", value: "stint")
    request.body = .bytes(body)
    return try await retry.run(
      patience: patience,
      onFailure: { [api, logger] failure in
        logger.warning("\(api) does not answer \(name), trying again: \(failure)")
      },
      attempt: { try await self.once(request, timeout: timeout) })
  }

  private func once(_ request: HTTPClientRequest, timeout: Duration) async throws -> JSON {
    let response: HTTPClientResponse
    let body: ByteBuffer
    do {
      (response, body) = try await exchange(request, timeout: timeout)
    } catch {
      try Task.checkCancellation()
      throw ClientError.transport(api: api, error)
    }
    let status = Int(response.status.code)
    if RetryPolicy.isTransient(status: status) {
      throw ClientError.unavailable(api: api, reason: "HTTP status \(status)")
    }
    do {
      return try Envelope.open(body.readableBytesView, status: status)
    } catch {
      guard let refusal = error as? WireError else { throw error }
      // Nothing is wrong with the call, and somebody will make room.
      if refusal.is(.lowDiskSpace) { throw ClientError.unavailable(api: api, reason: refusal.message) }
      if isOfGateway(status, body) {
        throw ClientError.unavailable(api: api, reason: "something else answers in its place (HTTP status \(status))")
      }
      throw error
    }
  }

  /// Whether it is not the server that answers, at an address where it has answered before: a gateway, for one, says that
  /// it finds nothing while the server behind it is away.
  private func isOfGateway(_ status: Int, _ body: ByteBuffer) -> Bool {
    guard status < 400 || status == 404 || status >= 500, session.withLock({ $0 != nil }) else { return false }
    return !Envelope.isOne(body.readableBytesView)
  }

  /// One request and its answer. A connection that was kept may have been closed by the server just when it is used
  /// again, which says nothing about the server: then it is asked once more over another one.
  private func exchange(
    _ request: HTTPClientRequest, timeout: Duration
  ) async throws -> (HTTPClientResponse, ByteBuffer) {
    func ask() async throws -> (HTTPClientResponse, ByteBuffer) {
      let response = try await http.execute(request, timeout: TimeAmount(timeout))
      return (response, try await response.body.collect(upTo: Self.answerLimit))
    }
    do {
      return try await ask()
    } catch  where ClientError.isHangUp(error) && !Task.isCancelled {
      return try await ask()
    }
  }
}

extension ClientError {
  /// Whether the other side closed a connection that had been made.
  static func isHangUp(_ error: any Error) -> Bool {
    switch error {
    case let error as HTTPClientError: error == .remoteConnectionClosed
    case let error as ChannelError: [.ioOnClosedChannel, .alreadyClosed, .inputClosed, .outputClosed].contains(error)
    case let error as IOError: [EPIPE, ECONNRESET].contains(error.errnoCode)
    default: false
    }
  }

  /// Whether the network is to blame, and not what is at one of its ends.
  static func isTransfer(_ error: any Error) -> Bool {
    error is HTTPClientError || error is ChannelError || error is IOError || error is NIOConnectionError
      || error is NIOSSLError || error is HTTPParserError
  }

  /// What an error of the HTTP client means.
  static func transport(api: String, _ error: any Error) -> ClientError {
    switch error as? HTTPClientError {
    case .invalidURL?, .emptyHost?, .emptyScheme?:
      .badAddress(api)
    case .deadlineExceeded?, .readTimeout?, .connectTimeout?:
      .unavailable(api: api, reason: "no answer in time")
    default:
      .unavailable(api: api, reason: reason(for: error))
    }
  }

  /// What went wrong with a connection, in words for the agent's user.
  private static func reason(for error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      guard let failure = error.connectionErrors.first else { return "the name \(error.host) cannot be resolved" }
      return reason(for: failure.error)
    case let error as IOError: return String(cString: strerror(error.errnoCode)).lowercased()
    case _ where isHangUp(error): return "it closed the connection"
    case let error as NIOSSLError: return "no secure connection can be made: \(error)"
    default: return "\(error)"
    }
  }
}
