import Testing

@testable import StintClient

@Suite("Files that are sent and got")
struct TransferTests {
  @Test(
    "are named without the secrets in their addresses",
    arguments: [
      ("https://h.test/a/b.bin?X-Signature=abc", "https://h.test/a/b.bin"),
      ("https://user:pass@h.test/a@b#c", "https://h.test/a@b"), ("https://a@b@h.test", "https://h.test"),
      ("no address?x", "no address"),
    ])
  func secrets(address: String, shown: String) {
    #expect(TransferError(url: address, reason: "").url == shown)
  }
}
