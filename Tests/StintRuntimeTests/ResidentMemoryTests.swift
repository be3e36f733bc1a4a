import Testing

@testable import StintRuntime

@Suite struct ResidentMemoryTests {
  @Test("only a file's code is dropped: data would be lost")
  func codeOnly() {
    #expect(
      ResidentMemory.codeRange(mapping: "5600-5800 r-xp 00000000 fe:00 12    /usr/bin/my program") == 0x5600..<0x5800)
    for line in [
      "5600-5800 r--p 00000000 fe:00 12    /usr/bin/stint", "5600-5800 rw-p 00000000 fe:00 12    /usr/bin/stint",
      "7ffe-7fff r-xp 00000000 00:00 0     [vdso]", "5600-5800 r-xp 00000000 00:00 0", "", "x-y r-xp 0 0 0 /a",
    ] {
      #expect(ResidentMemory.codeRange(mapping: line) == nil, "\(line)")
    }
  }

  @Test("a program that has given its memory back goes on")
  func goesOn() {
    let numbers = (0..<1000).map(String.init)
    ResidentMemory.trim()
    #expect(numbers.compactMap(Int.init).reduce(0, +) == 499_500)
  }
}
