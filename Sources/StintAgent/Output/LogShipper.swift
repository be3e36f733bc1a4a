import Logging
import StintClient
import StintRuntime
import StintWire
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sends a run's output to the server, in order, from the last byte that the server is known to have.
final class LogShipper: Sendable {
  /// How much is read at once.
  private static let window = 1 << 20
  /// How much that is with the server may stay on the disk.
  private static let kept: UInt64 = 8 << 20
  /// How long the start of a line is held back for its rest.
  private static let patienceForLines = Duration.seconds(2)

  private let client: Client
  private let worker: String
  private let folder: JobFolder
  private let chunker: LogChunker
  private let sendsOffsets: Bool
  /// Whether the output is only shown here.
  private let isSilent: Bool
  private let isResumed: Bool
  private let echo: (@Sendable (String) -> Void)?
  private let logger: Logger
  private let bell = Doorbell()
  private let progress = Mutex(Progress())

  private struct Progress {
    var isOver = false
    var isAbandoned = false
    var lastError: String?
    var patience: Duration?
  }

  init(
    client: Client, worker: String, folder: JobFolder, chunker: LogChunker, sendsOffsets: Bool, isResumed: Bool,
    isSilent: Bool = false, logger: Logger, echo: (@Sendable (String) -> Void)? = nil
  ) {
    (self.client, self.worker, self.folder, self.chunker) = (client, worker, folder, chunker)
    (self.sendsOffsets, self.isResumed, self.isSilent) = (sendsOffsets, isResumed, isSilent)
    (self.logger, self.echo) = (logger, echo)
  }

  /// Tells that there will be no more output. `error` is sent behind it, as an error. `patience` is how long to wait for
  /// a server that is away; nil is for ever.
  func finish(error: String? = nil, patience: Duration? = nil) {
    progress.withLock { ($0.isOver, $0.lastError, $0.patience) = (true, error, patience) }
    bell.ring()
  }

  /// Sends nothing more: the task's record is for another run now.
  func abandon() {
    progress.withLock { ($0.isOver, $0.isAbandoned) = (true, true) }
    bell.ring()
  }

  /// Sends until all output is with the server after `finish`. May run again where it was cancelled.
  func run() async throws {
    let tail = OutputTail(path: folder.output)
    // What an earlier agent has sent may be of a later time, where the clock was set since.
    var stamps = Timestamps(after: folder.shipped.lastTime)
    var offset = try await start()
    var lineStarted: ContinuousClock.Instant?
    var endsInNewline = true
    let start = ContinuousClock.now
    var released = offset
    while true {
      let state = progress.withLock { $0 }
      if state.isAbandoned { return }
      // Somebody may be watching a run that has just begun.
      let isFresh = start.duration(to: .now) < .seconds(3)
      let bytes = read(tail, from: offset)
      if !bytes.isEmpty, case let cut = spool.cut, cut > offset {
        offset = try await skip(to: cut, from: offset, tail, &stamps)
        remember(Shipped(count: offset, lastTime: stamps.last))
        // While that was told, more may have been given up.
        continue
      }
      let isStale = lineStarted.map { $0.duration(to: .now) > Self.patienceForLines } ?? false
      let chunks = chunker.chunks(bytes, tail: state.isOver ? .end : isStale ? .send : .wait)
      if chunks.isEmpty {
        if state.isOver, bytes.isEmpty { break }
        if bytes.isEmpty { lineStarted = nil } else if lineStarted == nil { lineStarted = .now }
        try Task.checkCancellation()
        await bell.wait(upTo: isFresh ? .milliseconds(10) : .milliseconds(100))
        continue
      }
      lineStarted = nil
      let sent = offset + UInt64(chunks.reduce(0) { $0 + $1.count })
      let isTaken = try await send(chunks, offset: offset, &stamps)
      endsInNewline = chunks.last?.text.hasSuffix("\n") ?? endsInNewline
      // What did not fit has met a call of an earlier agent that was long on its way: the server knows where to go on.
      if !isTaken, let end = try await serverEnd(), end > offset { offset = end } else { offset = sent }
      remember(Shipped(count: offset, lastTime: stamps.last))
      if offset - released > Self.kept {
        spool.release(offset)
        released = offset
      }
      if !state.isOver, bytes.count < Self.window {
        await bell.wait(upTo: isFresh ? .milliseconds(50) : .milliseconds(300))
      }
    }
    if let error = progress.withLock({ $0.lastError }) {
      let text = chunker.masker.mask(error)
      let gap = endsInNewline ? "" : "\n"
      echo?("\(gap)ERROR: \(text)\n")
      var event = event("\(gap)\(text)\n", level: "ERROR", &stamps)
      if sendsOffsets { tellOnce(&event, "error") }
      try await post([event])
    }
  }

  private var spool: OutputSpool { OutputSpool(directory: folder.path) }

  /// Tells that output was given up because it came faster than it could be sent, and returns where to go on: at the
  /// start of the first whole line.
  private func skip(
    to cut: UInt64, from offset: UInt64, _ tail: OutputTail, _ stamps: inout Timestamps
  ) async throws -> UInt64 {
    let next = read(tail, from: cut)
    let rest = next.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let whole = cut + UInt64(rest)
    let megabytes = (whole - offset) >> 20
    let text = "[stint] \(megabytes) MB of output are left out here: they came faster than the server took them.\n"
    echo?(text)
    var event = event(text, level: "WARNING", &stamps)
    if sendsOffsets { tellOnce(&event, "cut.\(whole)") }
    try await post([event])
    return whole
  }

  /// Where to go on: what an earlier agent has sent may be more than it had time to note.
  private func start() async throws -> UInt64 {
    let noted = folder.shipped.count
    guard isResumed else { return noted }
    return max(noted, try await serverEnd() ?? 0)
  }

  /// How much of the output the server has; nil where it does not tell.
  private func serverEnd() async throws -> UInt64? {
    guard sendsOffsets, !isSilent else { return nil }
    do {
      let answer = try await client.call(Tasks.Ping.self, .init(task: folder.task, stream: folder.stream))
      return answer.streamEnd.map { UInt64(clamping: $0) }
    } catch let error as WireError {
      logger.warning("the server does not tell how much of the log of task \(folder.task) it has: \(error)")
      return nil
    }
  }

  private func read(_ tail: OutputTail, from offset: UInt64) -> [UInt8] {
    do {
      return try tail.read(from: offset, upTo: Self.window)
    } catch {
      logger.error("the output of task \(folder.task) cannot be read: \(error)")
      return []
    }
  }

  /// Where this fails (a full disk), only a later agent would notice, by sending lines twice.
  private func remember(_ shipped: Shipped) {
    do {
      try folder.setShipped(shipped)
    } catch {
      logger.warning("\(error)")
    }
  }

  /// False where the server did not take all of it.
  private func send(_ chunks: [LogChunker.Chunk], offset: UInt64, _ stamps: inout Timestamps) async throws -> Bool {
    var events: [JSON] = []
    var position = offset
    let stream = folder.stream
    for chunk in chunks {
      var event = event(chunk.text, level: "INFO", &stamps)
      if sendsOffsets {
        event["stream"] = .string(stream)
        event["offset"] = .int(Int64(position))
        event["size"] = .int(Int64(chunk.count))
      }
      position += UInt64(chunk.count)
      echo?(chunk.text)
      if !chunk.text.isEmpty { events.append(event) }
    }
    return events.isEmpty ? true : try await post(events)
  }

  /// Gives an event a stream of its own, which ends with it: sent again, it is still there once.
  private func tellOnce(_ event: inout JSON, _ name: String) {
    (event["stream"], event["offset"], event["size"]) = (.string("\(folder.stream).\(name)"), 0, 1)
  }

  private func event(_ text: String, level: String, _ stamps: inout Timestamps) -> JSON {
    [
      "type": "log", "task": .string(folder.task), "worker": .string(worker), "level": .string(level),
      "timestamp": .int(stamps.next()), "msg": .string(text),
    ]
  }

  /// What the server refuses for good is not sent again: the task may be gone. False where it took not all.
  @discardableResult
  private func post(_ events: [JSON]) async throws -> Bool {
    if isSilent { return true }
    do {
      let patience = progress.withLock { $0.patience }
      let answer = try await client.callLines(Events.AddBatch.self, events, patience: patience)
      if answer.errors > 0 { logger.warning("the server dropped \(answer.errors) log events of task \(folder.task)") }
      return answer.errors == 0
    } catch let error as WireError {
      logger.warning("the server refused log events of task \(folder.task): \(error)")
      return true
    }
  }
}

/// Milliseconds since 1970, each later than the one before, so that events stay in order where the server sorts them.
private struct Timestamps {
  private(set) var last: Int64

  init(after last: Int64) { self.last = last }

  mutating func next() -> Int64 {
    last = max(last + 1, Int64(Date().timeIntervalSince1970 * 1000))
    return last
  }
}
