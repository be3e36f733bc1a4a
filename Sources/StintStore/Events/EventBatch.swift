import StintModel
import StintWire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The events of one call, checked before anything is written.
package struct EventBatch: Sendable {
  /// What events are about.
  package struct Source: Sendable, Hashable {
    package let id: String
    /// Whether it is a model, and not a task.
    package internal(set) var isModel: Bool
    /// Whether one of its events is to be kept though the task is published.
    package internal(set) var allowsLocked: Bool
  }

  /// How many of the lines that are no JSON are named in the answer.
  private static let namedLines = 10

  private(set) var events: [Event] = []
  /// Why others cannot be kept, and how many.
  private(set) var errors: [String: Int] = [:]
  private var knownSources: [String: Source] = [:]
  private var badLines = 0
  private let now = Int(Timestamp.now.milliseconds)

  /// What the events are about, each once.
  package var sources: [Source] { Array(knownSources.values) }

  /// Whether there was nothing at all in the call.
  package var isEmpty: Bool { events.isEmpty && errors.isEmpty }

  /// Reads events that are parsed.
  package init(_ events: [JSON]) {
    for event in events {
      var members = EventMembers()
      for (name, value) in event.object ?? [:] { members.set(name, value) }
      add(event.object == nil ? nil : members)
    }
  }

  /// Reads JSON lines. Those that are no JSON are left out and counted.
  package init(lines bytes: [UInt8]) {
    // About what a line of a log takes, so that the list need not grow often.
    events.reserveCapacity(bytes.count / 300 + 1)
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      var number = 1
      while start < bytes.count {
        let rest = UnsafeBufferPointer(rebasing: bytes[start...])
        let length = rest.baseAddress.flatMap { start in
          memchr(start, 0x0A, rest.count).map { UnsafeRawPointer($0) - UnsafeRawPointer(start) }
        }
        let line = UnsafeBufferPointer(rebasing: rest[..<(length ?? rest.count)])
        if line.contains(where: { $0 > 0x20 }) { add(line, number) }
        start += line.count + 1
        number += 1
      }
    }
  }

  private mutating func add(_ line: UnsafeBufferPointer<UInt8>, _ number: Int) {
    do throws(JSONSyntaxError) {
      var members = EventMembers()
      let isObject = try JSON.readMembers(of: line) { members.set($0, $1) }
      add(isObject ? members : nil)
    } catch {
      badLines += 1
      let reason = badLines <= Self.namedLines ? "Line \(number) is not JSON: \(error)" : "Line is not JSON"
      errors[reason, default: 0] += 1
    }
  }

  private mutating func add(_ members: EventMembers?) {
    do throws(Event.Refusal) {
      guard let members else { throw Event.Refusal("Event is not an object") }
      let event = try Event(members, now: now)
      note(event)
      events.append(event)
    } catch {
      errors[error.reason, default: 0] += 1
    }
  }

  private mutating func note(_ event: Event) {
    if let last = events.last, last.task == event.task, last.isOfModel == event.isOfModel,
      last.allowsLocked == event.allowsLocked
    {
      return
    }
    var source = knownSources[event.task] ?? Source(id: event.task, isModel: false, allowsLocked: false)
    source.isModel = event.isOfModel
    source.allowsLocked = source.allowsLocked || event.allowsLocked
    knownSources[event.task] = source
  }

  /// Leaves out the events of some tasks, and gives the reason.
  mutating func refuse(_ refused: [String: String]) {
    guard !refused.isEmpty else { return }
    events.removeAll { event in
      guard let reason = refused[event.task] else { return false }
      errors[reason, default: 0] += 1
      return true
    }
  }
}
