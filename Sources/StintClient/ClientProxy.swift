#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The proxy over which a server is reached.
package struct ClientProxy: Sendable, Equatable {
  /// How it is spoken to.
  package enum Kind: Sendable, Equatable {
    case http, socks
  }

  /// A variable does not hold the address of a proxy that can be used.
  package struct Fault: Error {
    package let variable: String

    package var reason: String {
      "it is no address of a proxy such as http://proxy.example.org:3128 or socks5://proxy.example.org:1080."
    }
  }

  package let kind: Kind
  package let host: String
  package let port: Int
  let user: String?
  let password: String?

  /// The proxy that a process's variables name for an address, as curl, git and pip understand them: `https_proxy` or
  /// `http_proxy`, else `all_proxy`, unless `no_proxy` lists the host. Nil for none.
  package init?(for address: String, environment: [String: String]) throws(Fault) {
    guard let target = Self.parts(of: address), !Self.isExcepted(target, environment) else { return nil }
    let names = [target.scheme == "https" ? "https_proxy" : "http_proxy", "all_proxy"]
    let variables = names.flatMap { [$0, $0.uppercased()] }
    guard let variable = variables.first(where: { environment[$0]?.isEmpty == false }),
      let text = environment[variable]
    else { return nil }
    guard let proxy = Self.parts(of: text.contains("://") ? text : "http://" + text) else {
      throw Fault(variable: variable)
    }
    switch proxy.scheme {
    case "http": kind = .http
    case "socks5", "socks5h", "socks": kind = .socks
    default: throw Fault(variable: variable)
    }
    (host, user, password) = (proxy.host, proxy.user, proxy.password)
    port = proxy.port ?? (kind == .http ? 80 : 1080)
  }

  /// `environment` with the proxies' variables in small letters and in capitals: git knows the one, others the other.
  package static func inBothCases(_ environment: [String: String]) -> [String: String] {
    var both = environment
    for small in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
      guard let value = environment[small] ?? environment[small.uppercased()] else { continue }
      both[small] = value
      both[small.uppercased()] = environment[small.uppercased()] ?? value
    }
    return both
  }

  private struct Parts {
    let scheme: String
    let host: String
    let port: Int?
    let user: String?
    let password: String?
  }

  private static func parts(of address: String) -> Parts? {
    guard let url = URL(string: address), let scheme = url.scheme, let host = url.host(percentEncoded: false),
      !host.isEmpty
    else { return nil }
    return Parts(
      scheme: scheme.lowercased(), host: host.lowercased(), port: url.port, user: url.user(percentEncoded: false),
      password: url.password(percentEncoded: false))
  }

  private static func isExcepted(_ target: Parts, _ environment: [String: String]) -> Bool {
    let list = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
    return list.split { $0 == "," || $0.isWhitespace }.contains { isExcepted(target, by: $0.lowercased()) }
  }

  /// `*`, a host, a domain with all below it, or a network such as `10.0.0.0/8`; with a port or for all of them.
  private static func isExcepted(_ target: Parts, by rule: String) -> Bool {
    if rule == "*" { return true }
    if let network = IPv4Network(rule) { return network.contains(target.host) }
    var name = rule
    if let colon = rule.lastIndex(of: ":"), let port = Int(rule[rule.index(after: colon)...]),
      !rule[..<colon].contains(":")
    {
      guard port == target.port ?? (target.scheme == "https" ? 443 : 80) else { return false }
      name = String(rule[..<colon])
    }
    if name.hasPrefix("*.") { name.removeFirst(2) } else if name.hasPrefix(".") { name.removeFirst() }
    return !name.isEmpty && (target.host == name || target.host.hasSuffix(".\(name)"))
  }
}

/// Addresses whose first bits are the same.
private struct IPv4Network {
  private let base: UInt32
  private let mask: UInt32

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let base = Self.number(parts[0]), let bits = Int(parts[1]), 0...32 ~= bits else {
      return nil
    }
    mask = bits == 0 ? 0 : ~0 << (32 - UInt32(bits))
    self.base = base & mask
  }

  func contains(_ host: String) -> Bool { Self.number(host[...]).map { $0 & mask == base } ?? false }

  private static func number(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard parts.count == 4 else { return nil }
    return parts.reduce(UInt32?(0)) { number, part in number.flatMap { number in part.map { number << 8 | UInt32($0) } }
    }
  }
}
