import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import StintWire

/// What is uploaded, in pieces.
package protocol UploadSource: Sendable {
  /// How many bytes there are. There must be so many when they are read.
  var size: UInt64 { get }
  /// At most `count` bytes from `offset`.
  func read(from offset: UInt64, upTo count: Int) throws -> [UInt8]
}

extension Client {
  private static let piece = 256 << 10

  /// Puts a file at `path` of the file server `server`, as the SDK does. Tries again as long as `patience` lasts.
  /// - Throws: `TransferError` for what is refused, `ClientError`, `CancellationError`.
  package func upload(
    _ source: some UploadSource, to path: String, of server: String, type: String, patience: Duration?
  ) async throws {
    try await retry.run(patience: patience) { try await uploadOnce(source, path, server, type) }
  }

  private func uploadOnce(
    _ source: some UploadSource, _ path: String, _ server: String, _ type: String
  ) async throws {
    let boundary = "stint-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
    let quoted = path.replacing("\\", with: "%5C").replacing("\"", with: "%22")
    let head =
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(quoted)\"; filename=\"\(quoted)\"\r\n"
      + "Content-Type: \(type)\r\n\r\n"
    let tail = "\r\n--\(boundary)--\r\n"
    var request = try await request(server + "/", true)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "multipart/form-data; boundary=\(boundary)")
    let length = Int64(head.utf8.count + tail.utf8.count) + Int64(source.size)
    let finished = request
    // A server may need long to keep what it has been given.
    let response = try await unlessStalled(server, limit: .seconds(600)) { [http] progress in
      var request = finished
      let body = Body(source: source, head: head, tail: tail, piece: Self.piece, progress: progress)
      request.body = .stream(body, length: .known(length))
      do {
        return try await http.execute(request, timeout: .hours(24))
      } catch {
        try Task.checkCancellation()
        // What reads the file says itself what is wrong with it.
        throw ClientError.isTransfer(error) ? ClientError.transport(api: server, error) : error
      }
    }
    guard response.status == .ok else { throw try await refusal(response, "\(server)/\(path)") }
    _ = try? await response.body.collect(upTo: 1 << 20)
  }

  /// The multipart body, read while it is sent.
  private struct Body<Source: UploadSource>: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let source: Source
    let head: String
    let tail: String
    let piece: Int
    let progress: TransferProgress

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    struct Iterator: AsyncIteratorProtocol {
      let body: Body
      var offset: UInt64 = 0
      var hasBegun = false
      var hasEnded = false

      mutating func next() async throws -> ByteBuffer? {
        body.progress.note()
        if !hasBegun {
          hasBegun = true
          return ByteBuffer(string: body.head)
        }
        if offset < body.source.size {
          let count = Int(Swift.min(UInt64(body.piece), body.source.size - offset))
          let bytes = try body.source.read(from: offset, upTo: count)
          guard !bytes.isEmpty else {
            throw TransferError(url: "", reason: "the file became shorter while it was sent")
          }
          offset += UInt64(bytes.count)
          return ByteBuffer(bytes: bytes)
        }
        if hasEnded { return nil }
        hasEnded = true
        return ByteBuffer(string: body.tail)
      }
    }
  }
}
