/// The files that a decision depends on, so that it can be made without a disk.
package struct CodeFiles: Sendable {
  /// The text of a file; its path is absolute, or relative to the task's code. Nil where there is none.
  package var read: @Sendable (String) -> String?
  /// Whether there is a file or folder.
  package var exists: @Sendable (String) -> Bool

  package init(read: @escaping @Sendable (String) -> String?, exists: @escaping @Sendable (String) -> Bool) {
    (self.read, self.exists) = (read, exists)
  }

  /// No files.
  package static let none = CodeFiles(read: { _ in nil }, exists: { _ in false })
}
