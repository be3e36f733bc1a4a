import Testing

@testable import StintAgent

@Suite struct MaskerTests {
  let masker = Masker(["hunter2hunter2", "hunter2", "tøken-ü"])

  @Test("every occurrence is replaced, the longest secret first")
  func replaces() {
    #expect(masker.mask("a hunter2hunter2 b hunter2, tøken-ü") == "a **** b ****, ****")
  }

  @Test("texts too short to be secrets are left alone")
  func shortTexts() {
    #expect(Masker(["abc", ""]).mask("abc abcdef") == "abc abcdef")
  }

  @Test("a cut never goes through a secret, nor through one that may still be coming")
  func safeCuts() {
    let text = Array("xxhunter2yy".utf8)[...]
    #expect(masker.safeCut(text, at: 2) == 2)
    #expect((3...8).allSatisfy { masker.safeCut(text, at: $0) == 2 })
    #expect(masker.safeCut(text, at: 9) == 9)
    #expect(masker.safeCut(Array("xxhunt".utf8)[...], at: 6) == 2)
    #expect(masker.safeCut(Array("xxhunt!".utf8)[...], at: 7) == 7)
    #expect(masker.safeCut(Array("xxhunter2hunt".utf8)[...], at: 13) == 2)
  }
}
