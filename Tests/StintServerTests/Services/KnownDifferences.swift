/// Where our answers differ from those of the stock server, and why: by the number of the call in its scenario.
enum KnownDifferences {
  static func of(_ scenario: String) -> [Int: String] {
    switch scenario {
    default: [:]
    }
  }
}
