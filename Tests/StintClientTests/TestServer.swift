import NIOCore
import NIOHTTP1
import NIOPosix
import StintWire
import Synchronization

/// What a test's server is asked.
struct TestRequest: Sendable {
  /// Its place among all requests, from 1.
  var number: Int
  var path: String
  var authorization: String
}

/// What a test's server answers.
enum TestAnswer: Sendable {
  case data(JSON)
  case error(Int, Int)
  /// Something that is not of the protocol.
  case page
  case never
  /// The end of the connection.
  case hangUp
}

/// Runs `body` with the address of an HTTP server on the loopback that answers with `answer`.
func withServer(
  _ answer: @escaping @Sendable (TestRequest) -> TestAnswer, body: (String) async throws -> Void
) async throws {
  let count = Mutex(0)
  let next: @Sendable () -> Int = {
    count.withLock { count in
      count += 1
      return count
    }
  }
  let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  let channel = try await ServerBootstrap(group: group)
    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
    .childChannelInitializer { channel in
      channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
        try channel.pipeline.syncOperations.addHandler(TestHandler(next: next, answer: answer))
      }
    }
    .bind(host: "127.0.0.1", port: 0).get()
  let port = channel.localAddress?.port ?? 0
  do {
    try await body("http://127.0.0.1:\(port)")
  } catch {
    try await channel.close()
    try await group.shutdownGracefully()
    throw error
  }
  try await channel.close()
  try await group.shutdownGracefully()
}

private final class TestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let next: @Sendable () -> Int
  private let answer: @Sendable (TestRequest) -> TestAnswer
  private var head: HTTPRequestHead?

  init(next: @escaping @Sendable () -> Int, answer: @escaping @Sendable (TestRequest) -> TestAnswer) {
    (self.next, self.answer) = (next, answer)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end:
      guard let head else { return }
      let request = TestRequest(
        number: next(), path: head.uri, authorization: head.headers.first(name: "Authorization") ?? "")
      respond(answer(request), to: request, context)
    }
  }

  private func respond(_ answer: TestAnswer, to request: TestRequest, _ context: ChannelHandlerContext) {
    let body: [UInt8]
    var status = 200
    let name = String(request.path.dropFirst())
    switch answer {
    case .never: return
    case .hangUp: return context.close(promise: nil)
    case .page: body = Array("<html>".utf8)
    case .data(let data): body = Envelope(id: "1", endpoint: name, data: data).json.bytes
    case .error(let code, let subcode):
      status = code
      let error = WireError(code: code, subcode: subcode, message: "refused")
      body = Envelope(id: "1", endpoint: name, error: error).json.bytes
    }
    var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status))
    head.headers.add(name: "Content-Length", value: "\(body.count)")
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}
