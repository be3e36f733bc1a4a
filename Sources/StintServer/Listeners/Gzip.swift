import CZlib

/// Packs bytes as gzip; nil where that does not make them fewer.
func gzip(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
  var stream = z_stream()
  // 15 window bits, +16 for a gzip header.
  let status = deflateInit2_(
    &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  guard status == Z_OK else { return nil }
  defer { deflateEnd(&stream) }
  var input = Array(bytes)
  var output = [UInt8](repeating: 0, count: input.count)
  let isWhole = input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      return deflate(&stream, Z_FINISH) == Z_STREAM_END
    }
  }
  guard isWhole else { return nil }
  return Array(output.dropLast(Int(stream.avail_out)))
}
