#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A moment to the microsecond, written as the protocol does: `2024-01-01T00:00:00.123000+00:00`, always UTC, so that
/// the order of texts is the order of moments.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Microseconds since 1970.
  package let microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }
  package init(milliseconds: Int64) { microseconds = milliseconds.multipliedReportingOverflow(by: 1000).partialValue }

  /// The present moment.
  package static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }

  /// Milliseconds since 1970: the unit of event time stamps.
  package var milliseconds: Int64 { microseconds / 1000 }

  /// The moment `seconds` later.
  package func advanced(bySeconds seconds: Int) -> Timestamp {
    Timestamp(microseconds: microseconds + Int64(seconds) * 1_000_000)
  }

  /// Whole seconds from this moment to `later`.
  package func seconds(to later: Timestamp) -> Int { Int((later.microseconds - microseconds) / 1_000_000) }

  package static func < (lhs: Self, rhs: Self) -> Bool { lhs.microseconds < rhs.microseconds }
}

extension Timestamp {
  private static let microsecondsPerDay: Int64 = 86_400_000_000

  /// The protocol's spelling.
  package var text: String {
    let day = microseconds.flooredQuotient(by: Self.microsecondsPerDay)
    let rest = microseconds - day * Self.microsecondsPerDay
    let date = Self.date(day: day)
    let second = rest / 1_000_000
    return Self.padded(date.year, 4) + "-" + Self.padded(date.month, 2) + "-" + Self.padded(date.day, 2)
      + "T" + Self.padded(second / 3600, 2) + ":" + Self.padded(second / 60 % 60, 2) + ":" + Self.padded(second % 60, 2)
      + "." + Self.padded(rest % 1_000_000, 6) + "+00:00"
  }

  package var description: String { text }

  /// Reads ISO-8601: a date, optionally a time with any fraction, optionally `Z` or an offset (UTC without one).
  package init?(_ text: some StringProtocol) {
    var reader = Reader(text: Array(text.utf8))
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
      let day = reader.number(2), 1...12 ~= month, 1...31 ~= day
    else { return nil }
    var seconds: Int64 = 0
    var fraction: Int64 = 0
    if reader.take("T") || reader.take(" ") {
      guard let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), hour < 24, minute < 60 else {
        return nil
      }
      seconds = hour * 3600 + minute * 60
      if reader.take(":") {
        guard let second = reader.number(2), second < 61 else { return nil }
        seconds += second
        if reader.take(".") { fraction = reader.fraction() }
      }
      guard let offset = reader.offset() else { return nil }
      seconds -= offset
    }
    guard reader.isAtEnd else { return nil }
    let days = Self.dayNumber(year: year, month: month, day: day)
    microseconds = days * Self.microsecondsPerDay + seconds * 1_000_000 + fraction
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  // Years are counted from March, so that the leap day is a year's last; an era is 400 years, 146,097 days.
  private static func date(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = shifted.flooredQuotient(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  private static func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = marchYear.flooredQuotient(by: 400)
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

private struct Reader {
  let text: [UInt8]
  var position = 0

  init(text: [UInt8]) { self.text = text }

  var isAtEnd: Bool { position == text.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func number(_ width: Int) -> Int64? {
    guard position + width <= text.count else { return nil }
    var value: Int64 = 0
    for byte in text[position..<position + width] {
      guard 0x30...0x39 ~= byte else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    position += width
    return value
  }

  /// Microseconds of a fraction of a second; digits past the sixth are dropped.
  mutating func fraction() -> Int64 {
    var value: Int64 = 0
    var count = 0
    while let digit = number(1) {
      if count < 6 { value = value * 10 + digit }
      count += 1
    }
    for _ in min(count, 6)..<6 { value *= 10 }
    return value
  }

  /// Seconds east of UTC.
  mutating func offset() -> Int64? {
    if isAtEnd || take("Z") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hour = number(2) else { return nil }
    _ = take(":")
    let minute = isAtEnd ? 0 : number(2)
    guard let minute else { return nil }
    return (hour * 3600 + minute * 60) * (isWest ? -1 : 1)
  }
}

extension Int64 {
  fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
