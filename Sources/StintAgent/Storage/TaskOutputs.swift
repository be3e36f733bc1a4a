import Logging
import StintClient
import StintRuntime
import StintWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes artifacts of what a task left in the folder of its outputs. May be begun again by another agent: what has
/// arrived is not sent twice.
struct TaskOutputs: Sendable {
  let context: AgentContext
  let folder: JobFolder
  let log: TaskLog

  /// How many files are made artifacts; a record has only so much room.
  private static let limit = 1000

  /// Sends all files, and tells in the task's log how that went. What is refused stays on this machine.
  /// - Throws: `CancellationError`, where it is to be gone on with later.
  func upload(patience: Duration? = nil) async throws {
    let files = FileTree.regularFiles(below: folder.outputs)
    guard !files.isEmpty else { return }
    let start = ContinuousClock.now
    var (sent, failures) = (0, [String]())
    do {
      let place = try await place(patience)
      for file in files.prefix(Self.limit) {
        try Task.checkCancellation()
        do {
          try await upload(file, to: place, patience)
          sent += 1
        } catch let error as TransferError {
          failures.append("\(file): \(error.reason)")
        } catch let error as FileError {
          failures.append("\(error)")
        }
      }
      if files.count > Self.limit { failures.append("only \(Self.limit) files of a task are made artifacts") }
    } catch {
      // Also what a connection makes of being cancelled.
      try Task.checkCancellation()
      if error is CancellationError { throw error }
      failures.append("\(error)")
    }
    let time = TaskLog.text(start.duration(to: .now))
    if sent > 0 { log.say("[stint] outputs: \(sent == 1 ? "1 file" : "\(sent) files") kept as artifacts (\(time))") }
    guard !failures.isEmpty else { return }
    let kept = keepUnsent()
    log.say(
      "[stint] \(failures.count == 1 ? "An output" : "Outputs") could not be kept as artifacts"
        + "\(kept.map { " and \(failures.count == 1 ? "is" : "are") in \($0) of the agent's machine" } ?? ""): "
        + failures.prefix(5).joined(separator: "; "))
  }

  /// Where the artifacts of a task go.
  private struct Place {
    let server: String
    let prefix: String
  }

  private func place(_ patience: Duration?) async throws -> Place {
    guard let server = context.fileServer else {
      throw TransferError(url: folder.task, reason: "no file server is known; set api.files_server")
    }
    let answer = try await context.client.call(Tasks.GetByID.self, .init(task: folder.task), patience: patience)
    let name = answer.task?["name"]?.string ?? "task"
    let plain = String(name.map { $0 == "/" || $0.isNewline ? "_" : $0 }.prefix(100))
    return Place(server: server, prefix: "\(plain).\(folder.task)/artifacts")
  }

  private func upload(_ name: String, to place: Place, _ patience: Duration?) async throws {
    let file = OutputFile(path: "\(folder.outputs)/\(name)")
    let note = SentOutput(size: Int(clamping: file.size), modified: file.modified)
    var sent = folder.sentOutputs
    guard sent[name] != note else { return }
    let hash = try await FileHash.sha256(of: file.path)
    let path = "\(place.prefix)/\(name)/\(name.lastName)"
    let url = "\(place.server)/\(path.percentEncodedPath)"
    // An agent that was killed may have sent it and not noted that.
    if await context.client.tag(of: url, isOurs: true) != hash {
      try await context.client.upload(
        file, to: path, of: place.server, type: MediaType.of(name), patience: patience)
    }
    let artifact = Artifact(
      key: name, type: "custom", mode: .output, uri: url, contentSize: Int(clamping: file.size), hash: hash,
      timestamp: Int(Date().timeIntervalSince1970),
      typeData: ArtifactTypeData(preview: file.preview(name), contentType: MediaType.of(name)),
      displayData: [["name", name], ["size", "\(file.size)"], ["SHA2", hash]])
    do {
      _ = try await context.client.call(
        Tasks.AddOrUpdateArtifacts.self, .init(task: folder.task, artifacts: [artifact], force: true),
        patience: patience)
    } catch let error as WireError {
      throw TransferError(url: url, reason: "\(error)")
    }
    sent[name] = note
    try folder.setSentOutputs(sent)
  }

  /// Puts what was not sent where it stays; nil where there is no such place.
  private func keepUnsent() -> String? {
    guard let logs = folder.logs else { return nil }
    let sent = folder.sentOutputs
    let target = "\(logs.parentFolder)/outputs"
    var hasKept = false
    for name in FileTree.regularFiles(below: folder.outputs) where sent[name] == nil {
      do {
        try Files.makeDirectory("\(target)/\(name)".parentFolder)
        try Files.move("\(folder.outputs)/\(name)", to: "\(target)/\(name)")
        hasKept = true
      } catch {
        context.logger.error("an output of task \(folder.task) is lost: \(error)")
      }
    }
    return hasKept ? target : nil
  }
}

/// What has been sent of a task's outputs.
struct SentOutput: Codable, Sendable, Equatable {
  var size: Int
  /// The time of the last change, which tells one content from the next.
  var modified: Int
}

/// A file that is sent.
struct OutputFile: UploadSource {
  let path: String
  let size: UInt64
  let modified: Int

  init(path: String) {
    self.path = path
    let tail = OutputTail(path: path)
    (size, modified) = (tail.size(), Int(clamping: Files.modificationTime(of: path) ?? 0))
  }

  func read(from offset: UInt64, upTo count: Int) throws -> [UInt8] {
    try OutputTail(path: path).read(from: offset, upTo: count)
  }

  /// The beginning of a text, to be looked at on the page.
  func preview(_ name: String) -> String? {
    guard MediaType.isText(name), let bytes = try? read(from: 0, upTo: 4096) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Media types by the ends of names, as far as the page treats them differently.
enum MediaType {
  private static let types = [
    "json": "application/json", "txt": "text/plain", "log": "text/plain", "csv": "text/csv", "md": "text/markdown",
    "yaml": "application/yaml", "yml": "application/yaml", "html": "text/html", "png": "image/png",
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "svg": "image/svg+xml", "zip": "application/zip",
    "gz": "application/gzip",
  ]
  private static let texts: Set = ["json", "txt", "log", "csv", "md", "yaml", "yml"]

  static func of(_ name: String) -> String { types[suffix(name)] ?? "application/octet-stream" }
  static func isText(_ name: String) -> Bool { texts.contains(suffix(name)) }

  private static func suffix(_ name: String) -> String {
    name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }
}

extension String {
  /// The path as it is part of an address.
  var percentEncodedPath: String {
    utf8.map { byte in
      let isPlain =
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 && byte < 128
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-._~/".utf8.contains(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16).uppercased()
    }.joined()
  }
}
