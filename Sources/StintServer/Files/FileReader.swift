import NIOCore
import NIOFileSystem

/// Reads files without blocking the threads that serve requests.
enum FileReader {
  /// A connection holds about a dozen pieces on their way out.
  private static let piece = 64 << 10

  /// Calls `body` with the bytes of `range`, piece by piece. Nothing is read ahead: downloads that stand still must not
  /// fill the memory.
  static func withChunks(
    of path: String, range: Range<Int>, _ body: (ByteBuffer) async throws -> Void
  ) async throws {
    try await FileSystem.shared.withFileHandle(forReadingAt: .init(path)) { handle in
      var offset = range.lowerBound
      while offset < range.upperBound {
        let length = min(piece, range.upperBound - offset)
        let bytes = try await handle.readChunk(fromAbsoluteOffset: Int64(offset), length: .bytes(Int64(length)))
        guard bytes.readableBytes > 0 else { break }
        offset += bytes.readableBytes
        try await body(bytes)
      }
    }
  }
}
