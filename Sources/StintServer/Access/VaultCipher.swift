import Crypto
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Seals what must not be read from the database file alone: AES-256-GCM under a key in a file of its own.
package struct VaultCipher: Sendable {
  private let key: SymmetricKey

  /// Seals with `key`: 32 random bytes, the same after every restart.
  package init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

  /// A text for `name` alone: it does not open under another name.
  func seal(_ text: String, for name: String) throws -> String {
    let box = try AES.GCM.seal(Array(text.utf8), using: key, authenticating: Array(name.utf8))
    return (box.combined ?? Data()).base64EncodedString()
  }

  /// What was sealed for `name`.
  /// - Throws: `WireError` 500 where it was sealed with another key, or changed.
  func open(_ sealed: String, for name: String) throws(WireError) -> String {
    do {
      let box = try AES.GCM.SealedBox(combined: Data(base64Encoded: sealed) ?? Data())
      return String(decoding: try AES.GCM.open(box, using: key, authenticating: Array(name.utf8)), as: UTF8.self)
    } catch {
      throw WireError(
        .internalError, "\(name) cannot be opened: it was sealed with another vault.key, or changed; write it again")
    }
  }
}
