import CZlib
import StintWire

/// Unpacks a gzip or zlib body, up to a limit, so that a small request cannot fill the memory.
func gunzip(_ packed: [UInt8], limit: Int) throws(WireError) -> [UInt8] {
  var stream = z_stream()
  // 15 window bits, +32 to recognise gzip and zlib by their headers.
  guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
    throw WireError(.internalError, "zlib did not start")
  }
  defer { inflateEnd(&stream) }
  var output: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  var input = packed
  let status = input.withUnsafeMutableBufferPointer { source -> Int32 in
    stream.next_in = source.baseAddress
    stream.avail_in = UInt32(source.count)
    var status = Z_OK
    while status == Z_OK, output.count <= limit {
      let written = chunk.withUnsafeMutableBufferPointer { target -> Int in
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        status = inflate(&stream, Z_NO_FLUSH)
        return target.count - Int(stream.avail_out)
      }
      output.append(contentsOf: chunk[..<written])
    }
    return status
  }
  guard output.count <= limit else { throw WireError(.tooLarge, "unpacked, the body is over \(limit) bytes") }
  guard status == Z_STREAM_END else { throw WireError(.badRequest, "the body is not whole gzip data") }
  return output
}
