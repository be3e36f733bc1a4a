import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import StintWire

/// Where a download goes: it may hold a first part already.
package protocol DownloadTarget: Sendable {
  /// How many bytes there are.
  var size: UInt64 { get }
  /// Begins anew.
  func discard()
  func append(_ bytes: UnsafeRawBufferPointer) throws
}

/// Why a file was not given, or not taken.
package struct TransferError: Error, Equatable, CustomStringConvertible {
  /// The address, without what is secret in it.
  package let url: String
  package let reason: String

  package init(url: String, reason: String) { (self.url, self.reason) = (url.withoutSecrets, reason) }

  package var description: String { "\(url): \(reason)" }
}

extension Client {
  /// How long nothing may come or go before a transfer is tried again.
  static let stallLimit = Duration.seconds(60)
  private static let mostRedirects = 5

  /// Gets a file over HTTP and goes on where its target ends, also after a cut. `isOurs`: it is a file of this client's
  /// server, which wants to know who asks; nobody else is told.
  ///
  /// `patience` is how long nothing at all may come before that is an error.
  /// - Throws: `TransferError` for what is refused, `ClientError.unavailable`, whatever the target throws,
  ///   `CancellationError`.
  package func download(
    _ url: String, isOurs: Bool, to target: some DownloadTarget, patience: Duration?
  ) async throws {
    while true {
      let before = target.size
      do {
        return try await retry.run(patience: patience) { try await downloadOnce(url, isOurs, target) }
      } catch let error as ClientError {
        // What came meanwhile is worth another try.
        guard target.size > before else { throw error }
      }
    }
  }

  /// What a server says about a file without sending it: the `ETag`, without its quotes; nil where it says nothing.
  package func tag(of url: String, isOurs: Bool) async -> String? {
    guard var request = try? await request(url, isOurs) else { return nil }
    request.method = .HEAD
    guard let response = try? await http.execute(request, timeout: .seconds(20)), response.status == .ok,
      let tag = response.headers.first(name: "ETag"), !tag.hasPrefix("W/")
    else { return nil }
    return tag.filter { $0 != "\"" }
  }

  private func downloadOnce(_ url: String, _ isOurs: Bool, _ target: some DownloadTarget) async throws {
    let start = target.size
    var request = try await request(url, isOurs)
    if start > 0 { request.headers.add(name: "Range", value: "bytes=\(start)-") }
    let response = try await answer(to: request)
    switch response.status {
    case .ok: if start > 0 { target.discard() }
    case .partialContent:
      guard response.headers.first(name: "Content-Range")?.hasPrefix("bytes \(start)-") == true else {
        target.discard()
        throw ClientError.unavailable(api: url.withoutSecrets, reason: "it sends another part than was asked for")
      }
    case .rangeNotSatisfiable where start > 0:
      // There may be no more: then the hash is right, or there is something else by now.
      if response.headers.first(name: "Content-Range") == "bytes */\(start)" { return }
      target.discard()
      throw ClientError.unavailable(api: url.withoutSecrets, reason: "it is shorter than before")
    default: throw try await refusal(response, url)
    }
    // An empty file is one, too.
    try target.append(UnsafeRawBufferPointer(start: nil, count: 0))
    try await unlessStalled(url) { progress in
      var parts = response.body.makeAsyncIterator()
      while let part = try await Self.next(&parts, url) {
        progress.note()
        try part.withUnsafeReadableBytes { try target.append($0) }
      }
    }
  }

  /// The next part of an answer. Whatever ends it too early is worth another try.
  private static func next(
    _ parts: inout HTTPClientResponse.Body.AsyncIterator, _ url: String
  ) async throws -> ByteBuffer? {
    do {
      return try await parts.next()
    } catch {
      try Task.checkCancellation()
      throw ClientError.transport(api: url.withoutSecrets, error)
    }
  }

  /// A request with who asks, where that is the server's business.
  func request(_ url: String, _ isOurs: Bool) async throws -> HTTPClientRequest {
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
      throw TransferError(url: url, reason: "only http:// and https:// are understood")
    }
    var request = HTTPClientRequest(url: url)
    if isOurs {
      let login = try await loggedIn(patience: .seconds(60))
      request.headers.add(name: "Authorization", value: "Bearer \(login.token)")
    }
    return request
  }

  /// The answer, after redirects. Who is asked then is not told who asks.
  private func answer(to first: HTTPClientRequest) async throws -> HTTPClientResponse {
    var request = first
    for _ in 0...Self.mostRedirects {
      let response: HTTPClientResponse
      do {
        response = try await http.execute(request, timeout: TimeAmount(Self.stallLimit))
      } catch {
        try Task.checkCancellation()
        throw ClientError.transport(api: request.url.withoutSecrets, error)
      }
      guard (301...303).contains(response.status.code) || (307...308).contains(response.status.code),
        let location = response.headers.first(name: "Location")
      else { return response }
      request.url = Self.resolved(location, from: request.url)
      request.headers.remove(name: "Authorization")
    }
    throw TransferError(url: first.url, reason: "it leads from one address to the next without an end")
  }

  private static func resolved(_ location: String, from url: String) -> String {
    if location.contains("://") { return location }
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 3 else { return location }
    if location.hasPrefix("//") { return parts[0] + location }
    return "\(parts[0])//\(parts[2])/\(location.drop { $0 == "/" })"
  }

  /// What an answer that is no file means.
  func refusal(_ response: HTTPClientResponse, _ url: String) async throws -> any Error {
    let code = Int(response.status.code)
    let told = (try? await response.body.collect(upTo: 1 << 16)).map { String(buffer: $0) } ?? ""
    let reason = "HTTP status \(code)\(told.isEmpty || told.hasPrefix("<") ? "" : ": \(told.prefix(200))")"
    if RetryPolicy.isTransient(status: code) || [408, 500, 504, 507].contains(code) {
      return ClientError.unavailable(api: url.withoutSecrets, reason: reason)
    }
    return TransferError(url: url, reason: reason)
  }
}

extension String {
  /// An address for people: without a password, and without a query, in which storage services want their signatures.
  package var withoutSecrets: String {
    let plain = prefix { $0 != "?" && $0 != "#" }
    guard let start = plain.firstRange(of: "://")?.upperBound else { return String(plain) }
    let authority = plain[start...].prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return String(plain) }
    return String(plain[..<start] + plain[plain.index(after: at)...])
  }
}
