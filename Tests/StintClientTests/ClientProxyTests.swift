import Testing

@testable import StintClient

@Suite("The proxy to a server")
struct ClientProxyTests {
  private let variables = [
    "http_proxy": "http://plain.test:3128", "HTTPS_PROXY": "http://me:p%40ss@secure.test:8080",
    "no_proxy": "inside.test, .corp.test,*.star.test,10.1.0.0/16,odd.test:8008",
  ]

  @Test("is the one that the environment names for the address's scheme")
  func scheme() throws {
    let plain = try #require(try ClientProxy(for: "http://server.test:8008", environment: variables))
    #expect((plain.kind, plain.host, plain.port) == (.http, "plain.test", 3128))
    let secure = try #require(try ClientProxy(for: "https://server.test", environment: variables))
    #expect((secure.host, secure.port) == ("secure.test", 8080))
    #expect((secure.user, secure.password) == ("me", "p@ss"))
    let all = try #require(try ClientProxy(for: "https://server.test", environment: ["ALL_PROXY": "socks5://s.test"]))
    #expect((all.kind, all.host, all.port) == (.socks, "s.test", 1080))
    let bare = try #require(try ClientProxy(for: "http://server.test", environment: ["http_proxy": "p.test:1"]))
    #expect((bare.host, bare.port) == ("p.test", 1))
    #expect(try ClientProxy(for: "http://server.test", environment: [:]) == nil)
    #expect(try ClientProxy(for: "http://server.test", environment: ["http_proxy": ""]) == nil)
  }

  @Test(
    "is passed by for hosts that need none",
    arguments: [
      ("http://inside.test:8008", true), ("http://api.inside.test", true), ("http://a.corp.test", true),
      ("http://corp.test", true), ("http://x.star.test", true), ("http://10.1.200.3:8008", true),
      ("http://odd.test:8008", true), ("http://odd.test:8080", false), ("http://10.2.0.1", false),
      ("http://notinside.test", false), ("http://inside.test.evil.test", false),
    ])
  func exceptions(address: String, isExcepted: Bool) throws {
    #expect(try (ClientProxy(for: address, environment: variables) == nil) == isExcepted)
    #expect(try ClientProxy(for: address, environment: variables.merging(["no_proxy": "*"]) { $1 }) == nil)
  }

  @Test("that is no address is named by its variable", arguments: ["ftp://x.test", "http://", "https://p.test"])
  func fault(text: String) throws {
    let fault = try #require(throws: ClientProxy.Fault.self) {
      try ClientProxy(for: "http://server.test", environment: ["HTTP_PROXY": text])
    }
    #expect(fault.variable == "HTTP_PROXY")
  }
}
