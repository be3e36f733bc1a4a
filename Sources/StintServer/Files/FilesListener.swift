import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import StintStore
import StintWire

/// The file server of the protocol: uploads as multipart, where a part's name is the destination path; downloads,
/// whole or a range; deletions.
struct FilesListener: Sendable {
  let files: FileStore
  let authentication: Authentication
  let limiter: RateLimiter
  let meters: Meters
  let logger: Logger

  func answer(_ request: Request, path: Substring, context: Exchange) async -> Response {
    do {
      return try await dispatch(request, path: String(path.drop { $0 == "/" }), context)
    } catch {
      let known = WireError(describing: error) ?? (error as? StoreError)?.wireError
      if known.map({ $0.code >= 500 }) ?? true {
        logger.error(
          "a file request failed", metadata: ["id": "\(context.id)", "path": "\(path)", "error": "\(error)"])
      }
      let told = known ?? WireError(.internalError, "see the server's log for \(context.id)")
      return .text(told.message, status: .init(code: told.code))
    }
  }

  private func dispatch(_ request: Request, path: String, _ context: Exchange) async throws -> Response {
    context.findings.note(endpoint: request.method.nameOfFileRequest)
    let isReading = request.method == .get || request.method == .head
    if path.isEmpty, isReading { return .text("OK") }
    let identity = try await limiter.admit(context) {
      try await authentication.identity(of: request.headers, acceptingCookie: isReading)
    }
    guard identity != nil else { throw WireError(.noCredentials) }
    let decoded = path.removingPercentEncodingOrSelf
    switch request.method {
    case .post where decoded == "delete_many": return try await deleteMany(request)
    case .post, .put: return try await upload(request)
    case .get: return try await download(decoded, request, withBody: true)
    case .head: return try await download(decoded, request, withBody: false)
    case .delete:
      return try await files.delete(path: decoded) ? .text("") : .text("there is no file \(decoded)", status: .notFound)
    default: return .text("POST, GET, HEAD or DELETE", status: .methodNotAllowed)
    }
  }

  private func upload(_ request: Request) async throws -> Response {
    var parser = try MultipartParser(contentType: request.headers[.contentType] ?? "")
    var stored: [JSON] = []
    var current: (upload: FileUpload, path: String, type: String?)?
    for try await chunk in request.body {
      for event in try parser.feed(chunk.readableBytesView) {
        switch event {
        case .part(let name, let type): current = (try files.upload(), name, type)
        case .data(let bytes):
          try current?.upload.append(bytes)
          meters.add(bytes.count, to: .fileBytesReceived)
        case .endOfPart:
          guard let part = current else { continue }
          stored.append(.string(try await part.upload.finish(path: part.path, type: part.type).path))
          current = nil
        }
      }
    }
    guard parser.isComplete else { throw WireError(.badRequest, "the upload ended before its last delimiter") }
    return .json(.array(stored))
  }

  private func deleteMany(_ request: Request) async throws -> Response {
    let asked = try await JSON(
      parsing: APIListener.bytes(of: request, request.body), maximumDepth: JSON.maximumRequestDepth
    ).decode(DeleteManyRequest.self)
    var deleted: JSON = [:]
    var errors: JSON = [:]
    for path in asked.files {
      let name = path.removingPercentEncodingOrSelf
      if try await files.delete(path: name) { deleted[path] = .string(name) } else { errors[path] = "not found" }
    }
    return .json(["deleted": deleted, "errors": errors])
  }

  private func download(_ path: String, _ request: Request, withBody: Bool) async throws -> Response {
    guard let file = try await files.open(path: path) else {
      return .text("there is no file \(path)", status: .notFound)
    }
    var headers: HTTPFields = [
      .contentType: file.type ?? "application/octet-stream", .acceptRanges: "bytes", .eTag: "\"\(file.hash)\"",
      // What users upload must not run as a page of this server, nor ask others for anything.
      .contentSecurityPolicy:
        "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'",
      .xContentTypeOptions: "nosniff", .cacheControl: "private, no-cache",
    ]
    if request.headers[.ifNoneMatch] == headers[.eTag] { return Response(status: .notModified, headers: headers) }
    if request.uri.queryParameters["download"] != nil {
      let name = file.path.split(separator: "/").last.map(String.init) ?? "file"
      headers[.contentDisposition] =
        "attachment; filename=\"\(name.filter { $0 != "\"" && $0.isASCII && !$0.isNewline })\""
    }
    let part = try request.headers[.range].flatMap { try Self.range($0, size: file.size) }
    let range = part ?? 0..<file.size
    if let part { headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.size)" }
    let status: HTTPResponse.Status = part == nil ? .ok : .partialContent
    guard withBody else {
      headers[.contentLength] = String(range.count)
      return Response(status: status, headers: headers)
    }
    return Response(status: status, headers: headers, body: body(location: file.location, range: range))
  }

  private func body(location: String, range: Range<Int>) -> ResponseBody {
    ResponseBody(contentLength: range.count) { writer in
      try await FileReader.withChunks(of: location, range: range) { chunk in
        try await writer.write(chunk)
        meters.add(chunk.readableBytes, to: .fileBytesSent)
      }
      try await writer.finish(nil)
    }
  }

  /// One range of a `Range` header (RFC 9110, 14.2); nil for the whole file, which those get who ask for other units or
  /// for several ranges.
  /// - Throws: `WireError` 416 for what is malformed or outside of the file.
  static func range(_ header: String, size: Int) throws(WireError) -> Range<Int>? {
    guard header.lowercased().hasPrefix("bytes="), !header.contains(",") else { return nil }
    let ends = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = position(ends[0]), let last = position(ends[1]) else {
      throw WireError(code: 416, subcode: 0, message: "the range is none: field=Range")
    }
    switch (first, last) {
    case (.at(let first), .at(let last)) where first <= last && first < size:
      return first..<(last < size ? last + 1 : size)
    case (.at(let first), .open) where first < size: return first..<size
    case (.open, .at(let count)) where count > 0 && size > 0: return max(0, size - count)..<size
    default:
      throw WireError(code: 416, subcode: 0, message: "the range is outside of the file's \(size) bytes: field=Range")
    }
  }

  private enum RangeEnd {
    case open
    case at(Int)
  }

  /// One end of a range; nil for what is no number. More digits than a number can have are beyond any file.
  private static func position(_ text: Substring) -> RangeEnd? {
    guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    return text.isEmpty ? .open : .at(Int(text) ?? .max)
  }
}

/// What `delete_many` asks.
private struct DeleteManyRequest: Decodable {
  let files: [String]
}

extension HTTPRequest.Method {
  /// What a request to the file server is counted as.
  fileprivate var nameOfFileRequest: String {
    switch self {
    case .get, .head: "download"
    case .put, .post: "upload"
    case .delete: "delete"
    default: "unknown"
    }
  }
}

extension HTTPField.Name {
  fileprivate static let xContentTypeOptions = Self.known("X-Content-Type-Options")
}

extension String {
  /// The text with `%41` decoded, or itself where that gives no text.
  var removingPercentEncodingOrSelf: String {
    String(validating: percentDecoded(utf8), as: UTF8.self) ?? self
  }
}

private func percentDecoded(_ bytes: String.UTF8View) -> [UInt8] {
  let bytes = Array(bytes)
  var output: [UInt8] = []
  var index = 0
  while index < bytes.count {
    if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
      let value = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
    {
      output.append(value)
      index += 3
    } else {
      output.append(bytes[index])
      index += 1
    }
  }
  return output
}
