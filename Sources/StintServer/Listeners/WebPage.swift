import CWebPage
import HTTPTypes
import Hummingbird
import NIOCore
import StintWire

/// The page: files that are part of the binary, sent as gzip to those who take it.
///
/// Each can be had below the page's version, too, where it is for ever the same: `/VERSION/app.js`. The documents name
/// what they need so, and modules name each other by relative paths, so that a browser that was here before asks for the
/// document only. What every visit needs of the modules is one file.
enum WebPage {
  private struct File: Sendable {
    let type: String
    /// What it is known by; nil for what is made for one visitor, and is not to be kept.
    let tag: String?
    /// As it is embedded: large files are packed already.
    let kept: ByteBuffer
    let isKeptPacked: Bool
    let packed: ByteBuffer?

    /// What those get who take no gzip.
    var plain: ByteBuffer {
      guard isKeptPacked else { return kept }
      return ByteBuffer(bytes: (try? gunzip(Array(buffer: kept), limit: APIListener.bodyLimit)) ?? [])
    }

    /// The document for somebody who is signed in.
    func telling(_ session: JSON) -> File {
      // No text in it may look like the end of it.
      let text = String(decoding: session.bytes, as: UTF8.self).replacing("<", with: #"\u003c"#)
      let place = #"id="session">"#
      let document = Array(String(buffer: plain).replacing(place, with: place + text).utf8)
      return File(
        type: type, tag: nil, kept: ByteBuffer(bytes: document), isKeptPacked: false,
        packed: document.withUnsafeBytes { gzip($0) }.map { ByteBuffer(bytes: $0) })
    }
  }

  private struct Site: Sendable {
    /// Changes whenever a file does.
    let version: String
    let files: [String: File]

    init() {
      let embedded = (0..<stint_web_file_count).compactMap { stint_web_file_at($0)?.pointee }.map { file in
        (
          path: "/" + String(cString: file.path), type: String(cString: file.type), isPacked: file.is_gzip != 0,
          bytes: UnsafeRawBufferPointer(start: file.bytes, count: file.count)
        )
      }
      let modules = LinkedModules(
        entry: "/app.js",
        sources: Dictionary(
          uniqueKeysWithValues: embedded.filter { $0.path.hasSuffix(".js") && !$0.isPacked }.map {
            ($0.path, String(decoding: $0.bytes, as: UTF8.self))
          }))
      let contents = embedded.map { file in
        modules.linked[file.path].map { Array($0.utf8) } ?? Array(file.bytes)
      }
      let tags = contents.map { String(hash(of: $0), radix: 16) }
      let version = String(hash(of: zip(embedded, tags).flatMap { ($0.path + $1).utf8 }), radix: 16)
      var files: [String: File] = [:]
      for ((file, content), tag) in zip(zip(embedded, contents), tags) {
        var (kept, ownTag) = (content, tag)
        if file.path.hasSuffix(".html") {
          let document = String(decoding: content, as: UTF8.self)
          let named = embedded.reduce(document) {
            $0.replacing("\"\($1.path)\"", with: "\"/\(version)\($1.path)\"")
          }
          (kept, ownTag) = (Array(named.utf8), version)
        }
        let packed: [UInt8]? = if file.isPacked { kept } else { kept.withUnsafeBytes { gzip($0) } }
        files[file.path] = File(
          type: file.type, tag: ownTag, kept: ByteBuffer(bytes: kept), isKeptPacked: file.isPacked,
          packed: packed.map { ByteBuffer(bytes: $0) })
      }
      (self.version, self.files) = (version, files)
    }
  }

  private static let site = Site()

  /// Everything comes from this server, and nothing may frame it.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    + "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    + "require-trusted-types-for 'script'"

  /// Charts are drawn in a frame of their own, as Plotly needs more than the page may have. What it draws comes from
  /// tasks: the frame is a sandbox, without the user's cookie, that can ask no server for anything.
  private static let chartsPolicy =
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src data: blob:; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"

  /// Whether the page itself is asked for.
  ///
  /// The SDK prints addresses such as /projects/ID/experiments/ID, and people have kept others of ClearML's own page; ours
  /// finds the way from there.
  static func isDocument(_ request: Request) -> Bool {
    guard let section = request.uri.path.split(separator: "/").first else { return true }
    return sectionsOfClearML.contains(String(section))
  }

  private static let sectionsOfClearML: Set = [
    "projects", "pipelines", "datasets", "reports", "settings", "workers-and-queues", "dashboard", "login",
  ]

  /// The answer to a request for a file of the page. The document tells `session` to those who are signed in, so that
  /// they need not ask.
  static func answer(_ request: Request, session: JSON?) -> Response {
    guard request.method == .get || request.method == .head else {
      return .text("GET or HEAD", status: .methodNotAllowed)
    }
    let prefix = "/\(site.version)/"
    let isVersioned = request.uri.path.hasPrefix(prefix)
    let path =
      isDocument(request)
      ? "/index.html" : isVersioned ? String(request.uri.path.dropFirst(prefix.count - 1)) : request.uri.path
    guard let kept = site.files[path] else { return .text("there is no page \(path)", status: .notFound) }
    let file = session.map { kept.telling($0) } ?? kept
    let packed = request.headers[.acceptEncoding]?.contains("gzip") == true ? file.packed : nil
    let body = packed ?? file.plain
    var headers: HTTPFields = [
      .contentType: file.type,
      .contentSecurityPolicy: path == "/charts/frame.html" ? chartsPolicy : policy,
      .cacheControl: file.tag == nil ? "no-store" : isVersioned ? "max-age=31536000, immutable" : "no-cache",
      .vary: "Accept-Encoding",
      .known("X-Content-Type-Options"): "nosniff", .known("Referrer-Policy"): "no-referrer",
    ]
    if let tag = file.tag {
      headers[.eTag] = packed == nil ? "\"\(tag)\"" : "\"\(tag)-gzip\""
      if request.headers[.ifNoneMatch] == headers[.eTag] { return Response(status: .notModified, headers: headers) }
    }
    if packed != nil { headers[.contentEncoding] = "gzip" }
    if request.method == .head {
      headers[.contentLength] = String(body.readableBytes)
      return Response(status: .ok, headers: headers)
    }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
  }

  /// FNV-1a.
  private static func hash(of bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  }
}
