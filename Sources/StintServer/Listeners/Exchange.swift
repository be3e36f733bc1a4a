import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import StintWire

/// What is known of a request besides its head: where it came from.
struct Exchange: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The caller's IP address.
  let address: String?

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    address = source.channel.remoteAddress?.ipAddress
  }
}

/// Answers every request of a listener.
struct Responder: HTTPResponder {
  let answer: @Sendable (Request, Exchange) async -> Response

  func respond(to request: Request, context: Exchange) async -> Response {
    var response = await answer(request, context)
    if Self.sharesConnections(request) { response.headers[.connection] = "close" }
    return response
  }

  /// The ClearML SDK forks while its HTTP session is open, and parent and child would then write into one connection.
  /// It must not be kept alive for them.
  private static func sharesConnections(_ request: Request) -> Bool {
    request.headers[.userAgent]?.hasPrefix("python-requests") == true
  }
}

extension Response {
  /// An answer with a JSON body.
  static func json(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
  }

  /// An answer of one line of text.
  static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"],
      body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
  }
}
