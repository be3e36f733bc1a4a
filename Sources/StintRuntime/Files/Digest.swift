import Crypto

/// Names for what is kept under a text that is too long or too secret for a file name.
package enum Digest {
  /// 32 hexadecimal digits.
  package static func hex(of text: String) -> String {
    SHA256.hash(data: Array(text.utf8)).prefix(16).hexadecimal
  }
}
