import StintModel
import StintStore
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a server keeps in its data folder besides the store: the key that signs tokens, and the configuration file
/// for clients.
struct DataDirectory: Sendable {
  let path: String

  /// The configuration file that clients on this machine can use as it is.
  var clientConfiguration: String { path + "/clearml.conf" }

  /// The secret that signs tokens, made at the first start.
  func tokenSecret() throws -> [UInt8] { try secret(in: "token.key", count: 64) }

  /// What seals the vaults, made at the first start.
  func vaultSecret() throws -> [UInt8] { try secret(in: "vault.key", count: 32) }

  private func secret(in name: String, count: Int) throws -> [UInt8] {
    let file = "\(path)/\(name)"
    if let secret = FileManager.default.contents(atPath: file), secret.count >= 32 { return Array(secret) }
    var generator = SystemRandomNumberGenerator()
    let secret = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    try writePrivateFile(secret, to: file)
    return secret
  }

  /// Makes the first user, its access key and the default queue, where they are missing.
  /// - Returns: the access key that was made or preset, if any.
  func prepare(_ store: Store, preset: AccessKeys.Pair?) async throws -> AccessKeys.Pair? {
    let (admin, isNew) = try await store.write { records in
      if let id = try records.first(.users, .equals("role", "admin"))?["id"]?.string { return (id, false) }
      let id = randomIdentifier()
      let now = JSON.string(Timestamp.now.description)
      try records.put(
        .users, ["id": .string(id), "name": "admin", "role": "admin", "company": .string(Company.id), "created": now])
      try records.put(
        .queues,
        [
          "id": .string(randomIdentifier()), "name": "default", "company": .string(Company.id), "user": .string(id),
          "created": now, "last_update": now, "tags": [], "system_tags": ["default"], "metadata": [:],
        ])
      return (id, true)
    }
    guard isNew || preset != nil else { return nil }
    let pair = preset ?? .random()
    try await AccessKeys(store: store).put(pair, user: admin, label: preset == nil ? "first start" : "preset")
    return pair
  }

  /// Writes the addresses into the clients' configuration file, and the key where one is given. What else users have
  /// put there stays.
  func writeClientConfiguration(_ addresses: ServerAddresses, key: AccessKeys.Pair?) throws {
    var values = ["web_server": addresses.web, "api_server": addresses.api, "files_server": addresses.files]
    if let key { (values["access_key"], values["secret_key"]) = (key.accessKey, key.secretKey) }
    let old = FileManager.default.contents(atPath: clientConfiguration).map { String(decoding: $0, as: UTF8.self) }
    let lines = (old ?? Self.configurationTemplate).split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines.map { line in
      guard let colon = line.firstIndex(of: ":") else { return String(line) }
      let name = line[..<colon].filter { $0 != " " && $0 != "\"" }
      return values[name].map { "\(line[...colon]) \"\($0)\"" } ?? String(line)
    }
    try writePrivateFile(Array(text.joined(separator: "\n").utf8), to: clientConfiguration)
  }

  private static let configurationTemplate = """
    # Made by stint server, which keeps the addresses up to date at each start.
    # Use it with CLEARML_CONFIG_FILE, or copy it to ~/clearml.conf.
    api {
      web_server: ""
      api_server: ""
      files_server: ""
      credentials {
        access_key: ""
        secret_key: ""
      }
    }
    sdk {
      development {
        # Report from a thread: the SDK's reporting process makes the end of a script wait for seconds.
        report_use_subprocess: false
      }
    }

    """
}
