#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How the hosts of repositories are reached: who we are there, and which addresses stand for others.
///
/// No password is part of an address, an argument or a file: git asks for it, and is answered from its environment.
package struct GitAccess: Sendable, Equatable {
  /// A user and a password, and where they are for.
  package struct Credential: Sendable, Equatable {
    /// Where a credential is for.
    package enum Scope: Sendable, Equatable {
      /// Every host.
      case any
      /// One host, with or without a port.
      case host(String)
      /// All addresses that begin so.
      case prefix(String)
    }

    package var scope: Scope
    package var credentials: GitCredentials

    package init(_ scope: Scope, _ credentials: GitCredentials) {
      (self.scope, self.credentials) = (scope, credentials)
    }
  }

  /// Addresses over HTTPS are reached by SSH instead.
  package struct OverSSH: Sendable, Equatable {
    /// The only host that is meant; nil means all.
    package var host: String?
    package var port: Int?
    package var user: String?

    package init(host: String? = nil, port: Int? = nil, user: String? = nil) {
      (self.host, self.port, self.user) = (host, port, user)
    }
  }

  /// How a password is sent where it is not sent as one.
  package enum Header: Sendable, Equatable {
    /// As a token that says who one is.
    case bearer
    /// As a password without a user.
    case basic
  }

  /// In the order in which they are tried.
  package var credentials: [Credential]
  /// How they are sent, where the host wants them in a header of their own.
  package var header: Header?
  package var overSSH: OverSSH?
  /// What stands in place of `ssh` where there is a password for the host; nil leaves addresses as they are.
  package var schemeForSSH: String?

  package init(credentials: [Credential] = [], overSSH: OverSSH? = nil, schemeForSSH: String? = nil) {
    (self.credentials, self.overSSH, self.schemeForSSH) = (credentials, overSSH, schemeForSSH)
  }
}

extension GitAccess {
  /// The user and password for an address over HTTP.
  package func credentials(for address: String) -> GitCredentials? {
    credentials.first { $0.scope.covers(address) }?.credentials
  }

  /// The address under which a repository is reached.
  package func reached(_ address: String) -> String {
    guard let parts = GitAddress(address) else { return address }
    if let overSSH, overSSH.host == nil || overSSH.host == parts.host {
      switch parts.scheme {
      case "https": return parts.ssh(user: overSSH.user ?? "git", port: overSSH.port)
      case "ssh" where overSSH.port != nil || overSSH.user != nil:
        return parts.ssh(user: overSSH.user ?? parts.user ?? "git", port: overSSH.port ?? parts.port)
      default: return address
      }
    }
    guard let schemeForSSH, parts.scheme == "ssh" else { return address }
    let translated = parts.http(schemeForSSH)
    return credentials(for: translated) == nil ? address : translated
  }

  /// The variables under which any git program, also one that an installer starts, reaches what it is asked for.
  package func variables(over base: [String: String], hosts: [String] = []) -> [String: String] {
    var variables = base
    variables["GIT_TERMINAL_PROMPT"] = "0"
    // Who may not ask for a passphrase fails instead of waiting for ever.
    variables["GIT_SSH_COMMAND"] = variables["GIT_SSH_COMMAND"] ?? "ssh -oBatchMode=yes"
    let passwords = header.map(headers) ?? helper(&variables)
    GitSettings(passwords + rewrites(hosts)).add(to: &variables)
    return variables
  }

  private func headers(_ kind: Header) -> [(String, String)] {
    credentials.flatMap { credential -> [(String, String)] in
      let password = credential.credentials.password
      let value =
        switch kind {
        case .bearer: "Authorization: Bearer \(password)"
        case .basic: "Authorization: Basic \(Data(":\(password)".utf8).base64EncodedString())"
        }
      return credential.scope.settingScopes.map { ("http\($0).extraHeader", value) }
    }
  }

  /// A helper that knows all passwords, and tells each host its own only.
  private func helper(_ variables: inout [String: String]) -> [(String, String)] {
    var cases = ""
    for (number, credential) in credentials.enumerated() {
      guard let pattern = credential.scope.shellPattern else { continue }
      variables["STINT_GIT_USER_\(number)"] = credential.credentials.user
      variables["STINT_GIT_PASSWORD_\(number)"] = credential.credentials.password
      cases +=
        " \(pattern)) echo \"username=$STINT_GIT_USER_\(number)\"; echo \"password=$STINT_GIT_PASSWORD_\(number)\";;"
    }
    guard !cases.isEmpty else { return [] }
    let read = #"while IFS== read -r k v; do case "$k" in protocol) p=$v;; host) h=$v;; path) t=$v;; esac; done"#
    let script = "!f() { test \"$1\" = get || return 0; \(read); case \"$p://$h/$t\" in\(cases) esac; }; f"
    // What is set for all hosts stands in place of what the user's own settings know.
    let forget = credentials.contains { $0.scope == .any } ? [("credential.helper", "")] : []
    return forget + [("credential.helper", script), ("credential.useHttpPath", "true")]
  }

  /// What git is told for addresses that we never see, such as those of submodules.
  private func rewrites(_ hosts: [String]) -> [(String, String)] {
    if let overSSH {
      let user = overSSH.user ?? "git"
      guard overSSH.host != nil || overSSH.port != nil else {
        return [("url.ssh://\(user)@.insteadOf", "https://")]
      }
      return Set(overSSH.host.map { [$0] } ?? hosts).sorted().map { host in
        ("url.ssh://\(user)@\(host)\(overSSH.port.map { ":\($0)" } ?? "")/.insteadOf", "https://\(host)/")
      }
    }
    guard let schemeForSSH else { return [] }
    let named = credentials.compactMap { if case .host(let host) = $0.scope { host } else { nil } }
    return Set(hosts + named).sorted().flatMap { host -> [(String, String)] in
      guard credentials(for: "\(schemeForSSH)://\(host)/") != nil else { return [] }
      return ["git@\(host):", "ssh://git@\(host)/", "ssh://\(host)/"].map {
        ("url.\(schemeForSSH)://\(host)/.insteadOf", $0)
      }
    }
  }
}

extension GitAccess.Credential.Scope {
  fileprivate func covers(_ address: String) -> Bool {
    guard let parts = GitAddress(address), ["http", "https"].contains(parts.scheme) else { return false }
    switch self {
    case .any: return true
    case .host(let host): return host == parts.host || host == parts.authority
    case .prefix(let prefix): return address.hasPrefix(prefix)
    }
  }

  /// The same for git's own settings, as the middle of their names.
  fileprivate var settingScopes: [String] {
    switch self {
    case .any: [""]
    case .host(let host): [".https://\(host)", ".http://\(host)"]
    case .prefix(let prefix): [".\(prefix)"]
    }
  }

  /// The same for a shell's `case`, of `https://host:port/path`; nil for what cannot be a host.
  fileprivate var shellPattern: String? {
    switch self {
    case .any: return "http*"
    case .host(let host):
      guard !host.isEmpty, host.allSatisfy(Self.isPlain) else { return nil }
      return ["http://", "https://"].flatMap { ["\($0)\(host)/*", "\($0)\(host):*"] }.joined(separator: "|")
    case .prefix(let prefix):
      guard prefix.hasPrefix("http"), prefix.allSatisfy(Self.isPlain) else { return nil }
      return "\(prefix)*"
    }
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-._:/~".contains(character))
  }
}

/// The parts of an address of a repository on another machine.
struct GitAddress: Equatable {
  let scheme: String
  let user: String?
  let host: String
  let port: Int?
  /// Without a slash at its beginning.
  let path: String

  /// Reads `https://host/path`, `ssh://user@host:port/path` and `user@host:path`; nil for paths of this machine.
  init?(_ address: String) {
    guard let colon = address.firstRange(of: "://") else {
      // `host:path`, unless a slash comes first.
      guard let end = address.firstIndex(of: ":"), !address[..<end].contains("/"), end > address.startIndex else {
        return nil
      }
      let authority = Self.split(address[..<end])
      (scheme, user, host, port) = ("ssh", authority.user, authority.host, nil)
      path = String(address[address.index(after: end)...].drop { $0 == "/" })
      return
    }
    scheme = address[..<colon.lowerBound].lowercased()
    let rest = address[colon.upperBound...]
    let authority = Self.split(rest.prefix { $0 != "/" })
    guard scheme != "file", !authority.host.isEmpty else { return nil }
    (user, host, port) = authority
    path = String(rest.drop { $0 != "/" }.drop { $0 == "/" })
  }

  var authority: String { host + (port.map { ":\($0)" } ?? "") }

  func ssh(user: String, port: Int?) -> String { "ssh://\(user)@\(host)\(port.map { ":\($0)" } ?? "")/\(path)" }

  /// Over HTTP, where the port of SSH means nothing and `git` is nobody.
  func http(_ scheme: String) -> String { "\(scheme)://\(host)/\(path)" }

  private static func split(_ text: Substring) -> (user: String?, host: String, port: Int?) {
    let at = text.lastIndex(of: "@")
    let place = at.map { text[text.index(after: $0)...] } ?? text
    let user = at.map { String(text[..<$0].prefix { $0 != ":" }) }
    if place.hasPrefix("[") {
      let end = place.firstIndex(of: "]").map { place.index(after: $0) } ?? place.endIndex
      return (user, String(place[..<end]), Int(place[end...].drop { $0 == ":" }))
    }
    let parts = place.split(separator: ":", maxSplits: 1)
    return (user, parts.first.map { $0.lowercased() } ?? "", parts.count > 1 ? Int(parts[1]) : nil)
  }
}

/// Settings of git that hold for one program and what it starts.
struct GitSettings {
  private let settings: [(String, String)]

  init(_ settings: [(String, String)]) { self.settings = settings }

  /// Behind those that the variables hold already.
  func add(to variables: inout [String: String]) {
    let first = variables["GIT_CONFIG_COUNT"].flatMap(Int.init) ?? 0
    for (index, (key, value)) in settings.enumerated() {
      variables["GIT_CONFIG_KEY_\(first + index)"] = key
      variables["GIT_CONFIG_VALUE_\(first + index)"] = value
    }
    if !settings.isEmpty { variables["GIT_CONFIG_COUNT"] = "\(first + settings.count)" }
  }
}
