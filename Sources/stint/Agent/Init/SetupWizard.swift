import Logging
import StintAgent
import StintClient
import StintConfig
import StintWire

/// Asks for all that a configuration file needs, and tries it out.
struct SetupWizard {
  let prompt: Prompt
  let environment: [String: String]
  let logger: Logger

  private static let attempts = 3

  func configuration() async throws -> NewConfiguration {
    var configuration = try await verifiedConfiguration()
    (configuration.gitUser, configuration.gitPassword) = askForGit()
    configuration.extraIndexURLs = askForIndexes()
    return configuration
  }

  /// A server that answers, and a key that it accepts.
  private func verifiedConfiguration() async throws -> NewConfiguration {
    print(
      "Make credentials on the server's page (Settings), copy them, and paste them here. An empty line ends the text.")
    var pasted = PastedSetup(prompt.paste(until: PastedSetup.isComplete))
    if pasted.accessKey == nil || pasted.secretKey == nil { print("There are no whole credentials in that.") }
    var attempt = 1
    while true {
      let accessKey = try pasted.accessKey ?? prompt.require("Access key")
      let secretKey = try pasted.secretKey ?? Secret(prompt.require("Secret key", isSecret: true))
      (pasted.accessKey, pasted.secretKey) = (accessKey, secretKey)
      do {
        let found = try await firstThatAccepts(pasted, of: try candidates(pasted))
        print("The server \(found.api) accepts the key.\nIts page: \(found.web)\nIts file server: \(found.files)\n")
        return found
      } catch let error as ClientError where attempt < Self.attempts {
        print("\(error)")
        switch error {
        case .wrongKey, .wrongToken: (pasted.accessKey, pasted.secretKey) = (nil, nil)
        default: (pasted.api, pasted.web, pasted.files) = (nil, nil, nil)
        }
        attempt += 1
      }
    }
  }

  /// Where the API may be, each with the addresses of the page and the file server.
  private func candidates(_ pasted: PastedSetup) throws -> [NewConfiguration] {
    func configuration(_ api: String, _ guess: ServerGuess) -> NewConfiguration {
      NewConfiguration(
        api: api, web: pasted.web ?? guess.web, files: pasted.files ?? guess.files,
        accessKey: pasted.accessKey ?? "", secretKey: pasted.secretKey ?? Secret(""))
    }
    if let api = pasted.api, let guess = ServerGuess(api) {
      return [configuration(api.contains("://") ? api : guess.api[0], guess)]
    }
    while true {
      let standard = pasted.web ?? environment["CLEARML_API_HOST"] ?? "http://localhost:8080"
      let address = try pasted.web ?? prompt.require("Address of the server's page or API", standard: standard)
      if let guess = ServerGuess(address) { return guess.api.map { configuration($0, guess) } }
      print("`\(address)` is no address; one looks like http://localhost:8080")
    }
  }

  /// The first server that lets this key in. Where none does, the error is that of a server which refuses the key, else
  /// that of the likeliest one.
  private func firstThatAccepts(
    _ pasted: PastedSetup, of candidates: [NewConfiguration]
  ) async throws -> NewConfiguration {
    var failure: (any Error)?
    for candidate in candidates {
      do {
        return try await verified(candidate, pasted)
      } catch let error as ClientError {
        if case .wrongKey = error { throw error }
        failure = failure ?? error
      }
    }
    throw failure ?? CommandError("there is no address to try. No file was written.")
  }

  /// Logs in, and takes the other addresses from the server itself where it tells them.
  private func verified(_ configuration: NewConfiguration, _ pasted: PastedSetup) async throws -> NewConfiguration {
    // The environment may name another server.
    let environment = environment.filter { name, _ in
      name == "CLEARML_API_HOST_VERIFY_CERT" || !name.hasPrefix("CLEARML_API_") && name != "CLEARML_AUTH_TOKEN"
    }
    let settings = try AgentSettings.load(text: configuration.text, origin: "your input", environment: environment)
    let client = try AgentSetup(settings: settings, environment: environment, shim: "").client(logger: logger)
    do {
      _ = try await client.extensions(patience: .zero)
      let info = try? await client.call(ServerCalls.Info.self, .init(), timeout: .seconds(5), patience: .zero)
      await client.shutdown()
      return configuration.told(info?.addresses, besides: pasted)
    } catch {
      await client.shutdown()
      throw error
    }
  }

  private func askForGit() -> (user: String?, password: Secret?) {
    let user = prompt.ask("Git user for repositories over https (empty: ssh keys, or public ones only)") ?? ""
    guard !user.isEmpty else { return (nil, nil) }
    let token = prompt.askSecret("Access token or password of \(user)") ?? ""
    return (user, token.isEmpty ? nil : Secret(token))
  }

  private func askForIndexes() -> [String] {
    var indexes: [String] = []
    while let index = prompt.ask("Another package index beside PyPI, as a URL (empty: none)"), !index.isEmpty {
      if index.hasPrefix("https://") || index.hasPrefix("http://") {
        indexes.append(index)
      } else {
        print("`\(index)` is no URL; one looks like https://packages.example.com/simple")
      }
    }
    return indexes
  }
}

extension NewConfiguration {
  /// With the page's and the file server's address as the server tells them, where they are on the API's host.
  fileprivate func told(_ addresses: JSON?, besides pasted: PastedSetup) -> NewConfiguration {
    var told = self
    if pasted.web == nil, let web = addresses?["web"]?.string, isBeside(web) { told.web = web }
    if pasted.files == nil, let files = addresses?["files"]?.string, isBeside(files) { told.files = files }
    return told
  }

  private func isBeside(_ address: String) -> Bool {
    func host(_ address: String) -> Substring? {
      address.firstRange(of: "://").map { address[$0.upperBound...].prefix { !":/".contains($0) } }
    }
    return host(address) == host(api)
  }
}
