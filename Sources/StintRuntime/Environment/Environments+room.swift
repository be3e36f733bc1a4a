/// An environment of the cache, as clean-up sees it.
package struct KeptEnvironment: Sendable, Equatable {
  package let path: String
  /// When a task used it for the last time, in nanoseconds since 1970.
  package let used: Int64
}

extension Environments {
  /// The environments that are whole, in no order.
  package func kept() -> [KeptEnvironment] {
    Files.names(in: directory).filter { !$0.contains(".") && !Self.otherNames.contains($0) }.compactMap { name in
      let folder = EnvironmentFolder(path: "\(directory)/\(name)")
      return Files.stamp(folder.marker).map { KeptEnvironment(path: folder.path, used: $0.modifiedNanoseconds) }
    }
  }

  /// Removes one that nobody uses; false where somebody does.
  package func remove(_ environment: KeptEnvironment) -> Bool {
    guard remove(EnvironmentFolder(path: environment.path)) else { return false }
    removeUnusedBytecode()
    return true
  }
}
