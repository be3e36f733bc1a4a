/// Where the parts of a server may be, told from the address of one of them.
package struct ServerGuess: Sendable, Equatable {
  /// Where the API may be, the likeliest first.
  package var api: [String]
  /// Where the page should be.
  package var web: String
  /// Where the file server should be.
  package var files: String

  /// Nil where `address` is none. Without a scheme it is http where a port or a plain name says so, otherwise https.
  package init?(_ address: String) {
    guard let place = Place(address) else { return nil }
    let names = ["", "demo"].lazy.map { Names(host: place.host, prefix: $0) }.first { $0 != nil } ?? nil
    switch place.port {
    case 8080?, 8008?, 8081?:
      api = [place.at(port: 8008)]
      web = place.at(port: 8080)
      files = place.at(port: 8081)
    case nil where names != nil:
      guard let names else { return nil }
      api = [place.on(names.api)]
      web = place.on(names.web)
      files = place.on(names.files)
    case nil:
      api = [place.at(port: 8008), place.text, place.on("api.\(place.host)")]
      web = place.isSecure ? place.text : place.at(port: 8080)
      files = place.at(port: 8081)
    case _?:
      api = [place.text]
      web = place.text
      files = place.text
    }
  }

  /// The names of a server whose parts have names instead of ports: `app.`, `api.` and `files.`.
  private struct Names {
    let api: String
    let web: String
    let files: String

    init?(host: String, prefix: String) {
      let parts = ["app", "api", "files"].map { "\(prefix)\($0)." }
      guard let part = parts.first(where: host.hasPrefix) else { return nil }
      let domain = host.dropFirst(part.count)
      (web, api, files) = (parts[0] + domain, parts[1] + domain, parts[2] + domain)
    }
  }
}

/// An address in parts.
private struct Place {
  let scheme: String
  let host: String
  let port: Int?

  var isSecure: Bool { scheme == "https" }
  var text: String { "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")" }

  func at(port: Int) -> String { "\(scheme)://\(host):\(port)" }
  func on(_ host: String) -> String { "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")" }

  init?(_ address: String) {
    var rest = address.trimmed[...]
    var named: String?
    if let end = rest.firstRange(of: "://") {
      named = rest[..<end.lowerBound].lowercased()
      rest = rest[end.upperBound...]
    }
    if let named, !["http", "https"].contains(named) { return nil }
    let authority = rest.prefix { !"/?#".contains($0) }
    if authority.contains("@") || authority.contains(where: \.isWhitespace) { return nil }
    let isIPv6 = authority.hasPrefix("[")
    let nameEnd =
      isIPv6
      ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : authority.firstIndex(of: ":")
    let hostEnd = nameEnd ?? authority.endIndex
    let tail = authority[hostEnd...]
    guard !isIPv6 || nameEnd != nil, tail.isEmpty || tail.hasPrefix(":") else { return nil }
    host = authority[..<hostEnd].lowercased()
    port = tail.isEmpty ? nil : Int(tail.dropFirst())
    guard !host.isEmpty, tail.isEmpty || (port.map { 1...65_535 ~= $0 } ?? false) else { return nil }
    let isLocal = isIPv6 || !host.contains(".") || host.allSatisfy { $0.isNumber || $0 == "." }
    scheme = named ?? (port != nil || isLocal ? "http" : "https")
  }
}
