import NIOCore
import NIOFileSystem

/// Reads files without blocking the threads that serve requests.
enum FileReader {
  /// Calls `body` with the bytes of `range`, piece by piece: memory stays flat whatever the file's size.
  static func withChunks(
    of path: String, range: Range<Int>, _ body: (ByteBuffer) async throws -> Void
  ) async throws {
    try await FileSystem.shared.withFileHandle(forReadingAt: .init(path)) { handle in
      for try await chunk in handle.readChunks(in: Int64(range.lowerBound)..<Int64(range.upperBound)) {
        try await body(chunk)
      }
    }
  }
}
