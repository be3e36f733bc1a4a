import Logging
import StintConfig
import StintRuntime

extension TaskRun {
  /// Deletes the run's folder. The end of its output stays on the machine, with secrets hidden.
  func close() {
    let settings = context.setup.settings.storage
    do {
      try folder.keepLog(masker: masker, limit: settings.logSize, others: settings.logFiles)
    } catch {
      logger.warning("the log of task \(task) does not stay on this machine: \(error)")
    }
    folder.remove()
  }
}

extension JobFolder {
  /// Copies the end of the output, at most `limit` bytes, beside those of the task's earlier runs, of which `others` stay.
  func keepLog(masker: Masker, limit: Int, others: Int) throws {
    let tail = OutputTail(path: output)
    let size = tail.size()
    guard let logs, size > 0, !Files.isDiskFull(of: path) else { return }
    try Files.makeDirectory(logs)
    let numbers = Files.names(in: logs).compactMap { Int($0.prefix { $0 != "." }) }.sorted()
    for number in numbers.dropLast(others) { Files.remove("\(logs)/\(number).log") }
    let log = "\(logs)/\((numbers.last ?? 0) + 1).log"
    let chunker = LogChunker(masker: masker)
    var offset = size > UInt64(limit) ? size - UInt64(limit) : 0
    var isWithinLine = offset > 0
    while offset < size {
      var bytes = try tail.read(from: offset, upTo: 1 << 20)[...]
      guard !bytes.isEmpty else { return }
      offset += UInt64(bytes.count)
      // What the server has may have been given up: it reads as zeros.
      let given = bytes.prefix { $0 == 0 }.count
      if given > 0 { isWithinLine = true }
      bytes = bytes.dropFirst(given)
      if isWithinLine, let newline = bytes.firstIndex(of: UInt8(ascii: "\n")) {
        (bytes, isWithinLine) = (bytes[(newline + 1)...], false)
      } else if isWithinLine {
        continue
      }
      // A line that is cut may be half a secret.
      if offset < size, let newline = bytes.lastIndex(of: UInt8(ascii: "\n")) {
        offset -= UInt64(bytes.endIndex - 1 - newline)
        bytes = bytes[...newline]
      }
      try Files.append(chunker.chunks(Array(bytes), tail: .end).map(\.text).joined(), to: log)
    }
  }
}
