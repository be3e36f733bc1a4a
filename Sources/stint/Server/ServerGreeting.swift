import StintServer

/// What a starting server says.
enum ServerGreeting {
  /// The link to the page opens it for a day to whoever reads it: after the first start it is for a person at a
  /// terminal, not for a log that is kept.
  static func print(_ ready: Server.Ready) {
    if let key = ready.newKey {
      Swift.print(
        """
        An access key was made for the administrator. It is shown only now:
          access key  \(key.accessKey)
          secret key  \(key.secretKey)
        """)
    }
    Swift.print("For the ClearML SDK and agents: export CLEARML_CONFIG_FILE=\(ready.clientConfiguration)")
    let showsToken = ready.newKey != nil || Terminal.width != nil
    Swift.print("The page: \(ready.addresses.web)/\(showsToken ? "#token=\(ready.pageToken)" : "")")
    Swift.print(
      "stint server is ready: api \(ready.addresses.api) web \(ready.addresses.web) files \(ready.addresses.files)")
    flushOutput()
  }
}
