import StintModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DataDirectory {
  /// What opens `/metrics` and nothing else, made at the first start, as text that programs can be pointed to.
  func metricsToken() throws -> String {
    let file = path + "/metrics.token"
    if let kept = FileManager.default.contents(atPath: file) {
      let token = String(decoding: kept, as: UTF8.self).filter { !$0.isWhitespace }
      if token.count >= 32 { return token }
    }
    let token = randomIdentifier() + randomIdentifier()
    try writePrivateFile(Array(token.utf8), to: file)
    return token
  }
}
