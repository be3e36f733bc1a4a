import CWebPage
import HTTPTypes
import Hummingbird
import NIOCore

/// The page: files that are part of the binary.
enum WebPage {
  private struct File: Sendable {
    let type: String
    let body: ByteBuffer
    let tag: String
  }

  private static let files: [String: File] = {
    var files: [String: File] = [:]
    for index in 0..<stint_web_file_count {
      guard let file = stint_web_file_at(index)?.pointee, let bytes = file.bytes else { continue }
      let body = ByteBuffer(bytes: UnsafeRawBufferPointer(start: bytes, count: file.count))
      var hash = UInt64(14_695_981_039_346_656_037)
      for byte in body.readableBytesView { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
      files["/" + String(cString: file.path)] = File(
        type: String(cString: file.type), body: body, tag: "\"\(String(hash, radix: 16))\"")
    }
    return files
  }()

  /// Everything comes from this server, and nothing may frame it.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

  static func answer(_ request: Request) -> Response {
    guard request.method == .get || request.method == .head else {
      return .text("GET or HEAD", status: .methodNotAllowed)
    }
    // The SDK prints addresses such as /projects/ID/experiments/ID; the page itself finds the way from there.
    let isPage = request.uri.path == "/" || request.uri.path.hasPrefix("/projects/")
    let path = isPage ? "/index.html" : request.uri.path
    guard let file = files[path] else { return .text("there is no page \(path)", status: .notFound) }
    var headers: HTTPFields = [
      .contentType: file.type, .contentSecurityPolicy: policy, .eTag: file.tag, .cacheControl: "no-cache",
      .known("X-Content-Type-Options"): "nosniff", .known("Referrer-Policy"): "no-referrer",
    ]
    if request.headers[.ifNoneMatch] == file.tag { return Response(status: .notModified, headers: headers) }
    if request.method == .head {
      headers[.contentLength] = String(file.body.readableBytes)
      return Response(status: .ok, headers: headers)
    }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: file.body))
  }
}
