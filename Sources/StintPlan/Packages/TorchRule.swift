/// Which build of PyTorch fits a machine's GPUs.
package struct TorchRule: Sendable, Equatable {
  /// Whether anything is done at all.
  package var isActive = true
  /// The newest CUDA that the machine's driver can run; nil without GPUs.
  package var cuda: CUDAVersion?
  /// Where builds for one CUDA version are, with `{}` for the version's digits.
  package var indexTemplate = "https://download.pytorch.org/whl/cu{}"
  /// Where nightly builds are, where they are wanted.
  package var nightlyTemplate: String?

  package init() {}

  private static let packages: Set = ["torch", "torchvision", "torchaudio", "torchtext", "torchcsprng"]

  /// For which CUDA versions a release of PyTorch was built.
  private static let builds: [(release: [Int], cuda: [Int])] = [
    ([1, 7], [92, 101, 102, 110]), ([1, 8], [101, 102, 111]), ([1, 9], [102, 111]), ([1, 10], [102, 111, 113]),
    ([1, 11], [102, 113, 115]), ([1, 12], [102, 113, 116]), ([1, 13], [116, 117]), ([2, 0], [117, 118]),
    ([2, 1], [118, 121]), ([2, 2], [118, 121]), ([2, 3], [118, 121]), ([2, 4], [118, 121, 124]),
    ([2, 5], [118, 121, 124]), ([2, 6], [118, 124, 126]), ([2, 7], [118, 126, 128]), ([2, 8], [126, 128, 129]),
    ([2, 9], [126, 128, 130]),
  ]

  /// Whether the machine's CUDA version matters for these packages.
  package static func concerns(_ packages: [String]) -> Bool {
    packages.contains { RequirementLine.name(of: $0).map(Self.packages.contains) ?? false }
  }

  /// Asks for versions that any build has, and adds the index whose builds fit.
  func apply(to list: inout RequirementList) {
    guard isActive, Self.concerns(list.packages) else { return }
    list.packages = list.packages.map(Self.withoutBuild)
    let torch = list.packages.first { RequirementLine.name(of: $0) == "torch" }
    let release = torch.flatMap(Self.pinnedRelease)
    if let release, release.lexicographicallyPrecedes([1, 11]),
      !list.packages.contains(where: { RequirementLine.name(of: $0) == "setuptools" })
    {
      // Those releases use what newer ones have no more.
      list.packages.append("setuptools<59")
    }
    guard let build = build(for: release) else { return }
    add(indexTemplate, build, to: &list)
    if let nightlyTemplate {
      add(nightlyTemplate, build, to: &list)
      list.options.append("--pre")
    }
  }

  private func add(_ template: String, _ build: Int, to list: inout RequirementList) {
    let index = template.replacing("{}", with: "\(build)")
    guard !list.sources.extraIndexURLs.contains(index) else { return }
    list.sources.extraIndexURLs.append(index)
    list.notes.append("PyTorch for CUDA \(build / 10).\(build % 10) is taken from \(index).")
  }

  /// The newest CUDA version for which the release was built and that the machine can run.
  private func build(for release: [Int]?) -> Int? {
    guard let cuda else { return nil }
    let known = release.flatMap { release in Self.builds.first { $0.release == Array(release.prefix(2)) }?.cuda }
    return (known ?? Self.builds.flatMap(\.cuda)).filter { $0 <= cuda.major * 10 + min(cuda.minor, 9) }.max()
  }

  /// `torch==2.1.0+cu118` is `torch==2.1.0`.
  private static func withoutBuild(_ line: String) -> String {
    guard let name = RequirementLine.name(of: line), packages.contains(name), !line.contains("://") else { return line }
    let end = line.firstIndex(of: ";") ?? line.endIndex
    guard let plus = line[..<end].firstIndex(of: "+") else { return line }
    let build = line[plus..<end].prefix { $0.isLetter || $0.isNumber || "+._-".contains($0) }
    return String(line[..<plus] + line[build.endIndex...])
  }

  /// The numbers of the one version that a line allows.
  private static func pinnedRelease(_ line: String) -> [Int]? {
    let specifier = RequirementLine.specifier(of: line)
    guard specifier.hasPrefix("=="), !specifier.contains(",") else { return nil }
    let numbers = specifier.drop { $0 == "=" }.trimmed.split(separator: ".").prefix { Int($0) != nil }.compactMap {
      Int($0)
    }
    return numbers.count > 1 ? numbers : nil
  }
}

/// A version of CUDA, as people and drivers write it.
package struct CUDAVersion: Sendable, Equatable {
  package let major: Int
  package let minor: Int

  /// Reads `12.4`, `124` and the driver's own `12040`; nil for anything else, and for 0.
  package init?(_ text: String) {
    let parts = text.trimmed.split(separator: ".").map { Int($0) }
    switch parts.count {
    case 1:
      guard let number = parts[0], number > 0 else { return nil }
      if number >= 1000 {
        (major, minor) = (number / 1000, number % 1000 / 10)
      } else if number >= 50 {
        (major, minor) = (number / 10, number % 10)
      } else {
        (major, minor) = (number, 0)
      }
    case 2...:
      guard let first = parts[0], let second = parts[1], first > 0 else { return nil }
      (major, minor) = (first, second)
    default: return nil
    }
  }
}
