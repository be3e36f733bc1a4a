/// Where packages come from, beside or instead of PyPI.
package struct PackageSources: Sendable, Equatable {
  package var indexURL: String?
  package var extraIndexURLs: [String]
  package var findLinks: [String]
  package var trustedHosts: [String]
  /// Whether `findLinks` are all there is.
  package var hasNoIndex: Bool

  package init(
    indexURL: String? = nil, extraIndexURLs: [String] = [], findLinks: [String] = [], trustedHosts: [String] = [],
    hasNoIndex: Bool = false
  ) {
    (self.indexURL, self.extraIndexURLs) = (indexURL, extraIndexURLs)
    (self.findLinks, self.trustedHosts, self.hasNoIndex) = (findLinks, trustedHosts, hasNoIndex)
  }

  /// Adds what a task asks for to what the machine is set up with; the task's index wins.
  package mutating func add(_ other: PackageSources) {
    indexURL = other.indexURL ?? indexURL
    extraIndexURLs += other.extraIndexURLs
    findLinks += other.findLinks
    trustedHosts += other.trustedHosts
    hasNoIndex = hasNoIndex || other.hasNoIndex
  }
}
