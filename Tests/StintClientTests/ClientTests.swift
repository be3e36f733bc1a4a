import Logging
import StintWire
import Testing

@testable import StintClient

@Suite(.timeLimit(.minutes(1))) struct ClientTests {
  @Test("a token that the server forgot is replaced by one new login")
  func loginAgain() async throws {
    try await withServer { request in
      switch request.path {
      case "/auth.login": .data(["token": .string("token\(request.number)")])
      default:
        request.number < 4
          ? .error(401, 30) : .data(["authorization": .string(request.authorization)])
      }
    } body: { api in
      try await withClient(api) { client in
        let answer = try await client.call(Tasks.GetAll.self, [:])
        #expect(answer["authorization"] == "Bearer token3")
      }
    }
  }

  @Test("a wrong key is told with where it came from, at once")
  func wrongKey() async throws {
    try await withServer { _ in
      .error(401, 22)
    } body: { api in
      try await withClient(api) { client in
        let error = await #expect(throws: ClientError.self) { try await client.extensions() }
        #expect(error.map { "\($0)" }?.contains("my.conf") == true)
        #expect(error.map { "\($0)" }?.contains("secret") == false)
      }
    }
  }

  @Test("what the server refuses comes as the protocol's error")
  func refused() async throws {
    try await withServer { request in
      request.path == "/auth.login" ? .data(["token": "t"]) : .error(400, 101)
    } body: { api in
      try await withClient(api) { client in
        await #expect(throws: WireError(code: 400, subcode: 101, message: "refused")) {
          try await client.call(Tasks.GetAll.self, [:])
        }
      }
    }
  }

  @Test("a server that is busy is asked again")
  func busy() async throws {
    try await withServer { request in
      request.number < 3
        ? .error(503, 0) : .data(["token": "t", "stint": ["version": "1", "features": ["long_poll"]]])
    } body: { api in
      try await withClient(api) { client in
        let extensions = try #require(try await client.extensions())
        #expect(extensions.offers(.longPoll))
      }
    }
  }

  @Test("a server without room on its disk is asked again")
  func fullDisk() async throws {
    try await withServer { request in
      switch request.path {
      case "/auth.login": .data(["token": "t"])
      default: request.number < 4 ? .error(500, 4) : .data(["tasks": []])
      }
    } body: { api in
      try await withClient(api) { client in
        let answer = try await client.call(Tasks.GetAll.self, [:])
        #expect(answer == ["tasks": []])
      }
    }
  }

  @Test("a server in whose place a gateway answers for a while is asked again")
  func gateway() async throws {
    try await withServer { request in
      switch request.path {
      case "/auth.login": .data(["token": "t"])
      default: request.number < 4 ? .page : .data(["tasks": []])
      }
    } body: { api in
      try await withClient(api) { client in
        let answer = try await client.call(Tasks.GetAll.self, [:])
        #expect(answer == ["tasks": []])
      }
    }
  }

  @Test("an address where nobody answers, or where something else does, is told apart")
  func wrongAddress() async throws {
    try await withClient("http://127.0.0.1:1") { client in
      let error = await #expect(throws: ClientError.self) { try await client.extensions(patience: .zero) }
      guard case .unavailable? = error else {
        Issue.record("expected that nobody answers, got \(error.map { "\($0)" } ?? "no error")")
        return
      }
    }
    try await withClient("ftp://example.test") { client in
      await #expect(throws: ClientError.badAddress("ftp://example.test")) { try await client.extensions() }
    }
    try await withServer { _ in
      .page
    } body: { api in
      try await withClient(api) { client in
        await #expect(throws: ClientError.notAServer(api: api)) { try await client.extensions() }
      }
    }
  }

  @Test("a kept connection that the server closes costs no attempt, a server that closes every one does")
  func hangUp() async throws {
    try await withServer { request in
      if request.path == "/auth.login" { return .data(["token": "t"]) }
      return request.number == 2 || request.number > 3 ? .hangUp : .data(["number": .int(Int64(request.number))])
    } body: { api in
      try await withClient(api) { client in
        let answer = try await client.call(Tasks.GetAll.self, [:], patience: .zero)
        #expect(answer["number"] == 3)
        await #expect(throws: ClientError.self) { try await client.call(Tasks.GetAll.self, [:], patience: .zero) }
      }
    }
  }

  @Test("cancelling ends a call that is waiting for its answer")
  func cancellation() async throws {
    let (asked, bell) = AsyncStream<Void>.makeStream()
    try await withServer { request in
      if request.path == "/auth.login" { return .data(["token": "t"]) }
      bell.yield()
      return .never
    } body: { api in
      try await withClient(api) { client in
        let call = Task { try await client.call(Tasks.GetAll.self, [:], timeout: .seconds(600)) }
        for await _ in asked { break }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
      }
    }
  }

  private func withClient(_ api: String, _ body: (Client) async throws -> Void) async throws {
    let client = Client(
      api: api, credentials: .key("KEY", secret: "secret"), origin: "my.conf",
      retry: RetryPolicy(first: .milliseconds(1), longest: .milliseconds(1)), logger: Logger(label: "test"))
    do {
      try await body(client)
    } catch {
      await client.shutdown()
      throw error
    }
    await client.shutdown()
  }
}
