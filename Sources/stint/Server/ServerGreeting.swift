import StintServer

/// What a starting server says.
enum ServerGreeting {
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
    Swift.print("The page: \(ready.addresses.web)/#token=\(ready.pageToken)")
    Swift.print(
      "stint server is ready: api \(ready.addresses.api) web \(ready.addresses.web) files \(ready.addresses.files)")
    flushOutput()
  }
}
