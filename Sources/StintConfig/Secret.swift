/// Text that must not reach a log: every way to print it shows `****`.
package struct Secret: Sendable, Hashable {
  private let text: String

  /// Wraps the secret text.
  package init(_ text: String) {
    self.text = text
  }

  /// The text itself; only for handing it to whom it is meant for.
  package func reveal() -> String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { SecretMask.text }
  package var debugDescription: String { SecretMask.text }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
