/// Where packages come from, on top of what the installers' own variables say.
package struct PackageIndex: Sendable, Equatable {
  /// Instead of PyPI.
  package var url: String?
  /// Besides it.
  package var extraURLs: [String]
  /// Folders or pages with files to install from.
  package var findLinks: [String]
  /// Hosts whose certificate is not checked.
  package var trustedHosts: [String]
  /// Whether only `findLinks` count.
  package var isOff: Bool

  /// The package index to use; everything may be left out.
  package init(
    url: String? = nil, extraURLs: [String] = [], findLinks: [String] = [], trustedHosts: [String] = [],
    isOff: Bool = false
  ) {
    self.url = url
    self.extraURLs = extraURLs
    self.findLinks = findLinks
    self.trustedHosts = trustedHosts
    self.isOff = isOff
  }

  static let variableNames = [
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX",
    "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS",
  ]

  var settings: [String] {
    [url ?? ""] + ["extra"] + extraURLs + ["links"] + findLinks + ["trusted"] + trustedHosts + ["off \(isOff)"]
  }

  /// Whether an installer's variables say that it has no index. uv has to be told by an argument.
  static func isOff(in variables: [String: String]) -> Bool {
    ["1", "true", "yes", "on"].contains(variables["PIP_NO_INDEX"]?.lowercased() ?? "")
  }

  /// The variables of an installer. Variables, because an argument with a password in it is for all to see.
  func variables(over base: [String: String]) -> [String: String] {
    var variables = base
    func add(_ values: [String], to name: String, separator: String = " ") {
      guard !values.isEmpty else { return }
      variables[name] = ([variables[name]].compactMap { $0 } + values).joined(separator: separator)
    }
    // What the machine's owner told pip holds for uv, too, as far as uv was told nothing else.
    let asked = Set(base.keys)
    func inherit(_ uvNames: [String], from pipName: String, _ change: (String) -> String = { $0 }) {
      guard let value = base[pipName], asked.isDisjoint(with: uvNames) else { return }
      variables[uvNames[0]] = change(value)
    }
    inherit(["UV_INDEX_URL", "UV_DEFAULT_INDEX"], from: "PIP_INDEX_URL")
    inherit(["UV_EXTRA_INDEX_URL", "UV_INDEX"], from: "PIP_EXTRA_INDEX_URL")
    inherit(["UV_FIND_LINKS"], from: "PIP_FIND_LINKS") {
      $0.split(whereSeparator: \.isWhitespace).joined(separator: ",")
    }
    inherit(["UV_INSECURE_HOST"], from: "PIP_TRUSTED_HOST")
    inherit(["UV_HTTP_TIMEOUT"], from: "PIP_DEFAULT_TIMEOUT")
    inherit(["SSL_CERT_FILE"], from: "PIP_CERT")
    if let url {
      variables["PIP_INDEX_URL"] = url
      variables["UV_INDEX_URL"] = url
      variables["UV_DEFAULT_INDEX"] = nil
    }
    add(extraURLs, to: "PIP_EXTRA_INDEX_URL")
    add(extraURLs, to: "UV_EXTRA_INDEX_URL")
    add(findLinks, to: "PIP_FIND_LINKS")
    add(findLinks, to: "UV_FIND_LINKS", separator: ",")
    add(trustedHosts, to: "PIP_TRUSTED_HOST")
    add(trustedHosts, to: "UV_INSECURE_HOST")
    if isOff { variables["PIP_NO_INDEX"] = "1" }
    // With several indexes the best version wins, as with pip, not the first index that has the name.
    if variables["UV_EXTRA_INDEX_URL"] != nil, !asked.contains("UV_INDEX_STRATEGY") {
      variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    }
    return variables
  }
}
