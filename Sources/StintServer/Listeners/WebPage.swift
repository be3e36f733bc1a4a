import CWebPage
import HTTPTypes
import Hummingbird
import NIOCore

/// The page: files that are part of the binary, sent as gzip to those who take it.
///
/// Each can be had below the page's version, too, where it is for ever the same: `/VERSION/app.js`. The documents name
/// what they need so, and modules name each other by relative paths, so that a browser that was here before asks for the
/// document only.
enum WebPage {
  private struct File: Sendable {
    let type: String
    let tag: String
    /// As it is embedded: large files are packed already.
    let kept: ByteBuffer
    let isKeptPacked: Bool
    let packed: ByteBuffer?

    /// What those get who take no gzip.
    var plain: ByteBuffer {
      guard isKeptPacked else { return kept }
      return ByteBuffer(bytes: (try? gunzip(Array(buffer: kept), limit: APIListener.bodyLimit)) ?? [])
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
      let tags = embedded.map { String(hash(of: $0.bytes), radix: 16) }
      let version = String(hash(of: zip(embedded, tags).flatMap { ($0.path + $1).utf8 }), radix: 16)
      let modules = ModuleGraph(
        sources: Dictionary(
          uniqueKeysWithValues: embedded.filter { $0.path.hasSuffix(".js") && !$0.isPacked }.map {
            ($0.path, String(decoding: $0.bytes, as: UTF8.self))
          }))
      var files: [String: File] = [:]
      for (file, tag) in zip(embedded, tags) {
        var (kept, ownTag) = (Array(file.bytes), tag)
        if file.path.hasSuffix(".html") {
          let document = modules.preloading(in: String(decoding: file.bytes, as: UTF8.self))
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

  static func answer(_ request: Request) -> Response {
    guard request.method == .get || request.method == .head else {
      return .text("GET or HEAD", status: .methodNotAllowed)
    }
    // The SDK prints addresses such as /projects/ID/experiments/ID; the page itself finds the way from there.
    let isPage = request.uri.path == "/" || request.uri.path.hasPrefix("/projects/")
    let prefix = "/\(site.version)/"
    let isVersioned = request.uri.path.hasPrefix(prefix)
    let path =
      isPage ? "/index.html" : isVersioned ? String(request.uri.path.dropFirst(prefix.count - 1)) : request.uri.path
    guard let file = site.files[path] else { return .text("there is no page \(path)", status: .notFound) }
    let packed = request.headers[.acceptEncoding]?.contains("gzip") == true ? file.packed : nil
    let body = packed ?? file.plain
    let tag = packed == nil ? "\"\(file.tag)\"" : "\"\(file.tag)-gzip\""
    var headers: HTTPFields = [
      .contentType: file.type,
      .contentSecurityPolicy: path == "/charts/frame.html" ? chartsPolicy : policy,
      .eTag: tag, .cacheControl: isVersioned ? "max-age=31536000, immutable" : "no-cache", .vary: "Accept-Encoding",
      .known("X-Content-Type-Options"): "nosniff", .known("Referrer-Policy"): "no-referrer",
    ]
    if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
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
