import StintServer

/// What a starting server says.
enum ServerGreeting {
  /// A link logs in whoever follows it first: after the first start it is for a person at a terminal, not for a log that
  /// is kept.
  static func print(_ ready: Server.Ready) async throws {
    if let key = ready.newKey {
      Swift.print(
        """
        An access key was made for the administrator. It is shown only now:
          access key  \(key.accessKey)
          secret key  \(key.secretKey)
        """)
    }
    Swift.print("For the ClearML SDK and agents: export CLEARML_CONFIG_FILE=\(ready.clientConfiguration)")
    let showsLink = ready.newKey != nil || Terminal.width != nil
    Swift.print("The page: \(showsLink ? try await ready.loginLink() : "\(ready.addresses.web)/")")
    Swift.print(
      "stint server is ready: api \(ready.addresses.api) web \(ready.addresses.web) files \(ready.addresses.files)")
    flushOutput()
  }
}
