import CWebPage
import HTTPTypes
import Hummingbird
import NIOCore

/// The page: files that are part of the binary, sent as gzip to those who take it.
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

  private static let files: [String: File] = {
    var files: [String: File] = [:]
    for index in 0..<stint_web_file_count {
      guard let file = stint_web_file_at(index)?.pointee, let start = file.bytes else { continue }
      let bytes = UnsafeRawBufferPointer(start: start, count: file.count)
      let kept = ByteBuffer(bytes: bytes)
      files["/" + String(cString: file.path)] = File(
        type: String(cString: file.type), tag: String(hash(of: bytes), radix: 16), kept: kept,
        isKeptPacked: file.is_gzip != 0, packed: file.is_gzip != 0 ? kept : gzip(bytes).map { ByteBuffer(bytes: $0) })
    }
    return files
  }()

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
    let path = isPage ? "/index.html" : request.uri.path
    guard let file = files[path] else { return .text("there is no page \(path)", status: .notFound) }
    let packed = request.headers[.acceptEncoding]?.contains("gzip") == true ? file.packed : nil
    let body = packed ?? file.plain
    let tag = packed == nil ? "\"\(file.tag)\"" : "\"\(file.tag)-gzip\""
    var headers: HTTPFields = [
      .contentType: file.type,
      .contentSecurityPolicy: path == "/charts/frame.html" ? chartsPolicy : policy,
      .eTag: tag, .cacheControl: "no-cache", .vary: "Accept-Encoding",
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
  private static func hash(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  }
}
