#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// An hour from 0 to 23, on a day counted from Sunday.
package struct HourOfWeek: Sendable, Hashable {
  package let day: Int
  package let hour: Int

  package init(day: Int, hour: Int) { (self.day, self.hour) = (day, hour) }

  /// What this machine's clock shows, in its time zone.
  package static var now: HourOfWeek { HourOfWeek(day: Int(local.tm_wday), hour: Int(local.tm_hour)) }

  /// By how many seconds this machine's time zone is ahead of UTC now.
  package static var secondsAheadOfUTC: Int { Int(local.tm_gmtoff) }

  private static var local: tm {
    var moment = time(nil)
    var local = tm()
    localtime_r(&moment, &local)
    return local
  }
}

/// The hours of a week in which a worker takes tasks, written `8-18 MON-FRI; 0-24 SAT,SUN`: ranges of hours and the days
/// that they are of. A single hour runs to midnight, an end of 0 means 24, and both hours and days may run over the end:
/// `22-4 FRI-MON`. No text is every hour, `never` is none.
package struct WorkingHours: Sendable, Hashable {
  /// The days as they are written, the first being the first of a week in C's calendar.
  private static let days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

  /// Every hour.
  package static let always = WorkingHours(isOn: Array(repeating: Array(repeating: true, count: 24), count: 7))

  /// By day from Sunday on, then by hour.
  private var isOn: [[Bool]]

  private init(isOn: [[Bool]]) { self.isOn = isOn }

  /// Nil for a text that says something else.
  package init?(_ text: String) {
    let entries = text.split(separator: ";").map { $0.split(whereSeparator: \.isWhitespace) }.filter { !$0.isEmpty }
    isOn = Array(repeating: Array(repeating: entries.isEmpty, count: 24), count: 7)
    if entries.count == 1, entries[0].count == 1, entries[0][0].lowercased() == "never" { return }
    for entry in entries {
      guard entry.count == 2, let hours = Self.hours(entry[0]), let days = Self.days(entry[1]) else { return nil }
      for day in days {
        for hour in hours { isOn[day][hour] = true }
      }
    }
  }

  /// These hours without others.
  package func without(_ others: WorkingHours) -> WorkingHours {
    var left = self
    for day in isOn.indices {
      for hour in isOn[day].indices where others.isOn[day][hour] { left.isOn[day][hour] = false }
    }
    return left
  }

  /// Whether a moment is in them.
  package func contains(_ moment: HourOfWeek) -> Bool {
    isOn.indices.contains(moment.day) && isOn[moment.day].indices.contains(moment.hour) && isOn[moment.day][moment.hour]
  }

  private static func hours(_ text: Substring) -> Set<Int>? {
    var hours: Set<Int> = []
    for range in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = range.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let start = ends[0], 0..<24 ~= start else { return nil }
      guard ends.count == 2 else {
        hours.formUnion(start..<24)
        continue
      }
      guard let end = ends[1], 0...24 ~= end else { return nil }
      hours.formUnion(start < end ? Set(start..<end) : Set(start..<24).union(0..<end))
    }
    return hours
  }

  private static func days(_ text: Substring) -> Set<Int>? {
    var found: Set<Int> = []
    for range in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = range.split(separator: "-", omittingEmptySubsequences: false).map {
        days.firstIndex(of: $0.uppercased())
      }
      guard ends.count <= 2, let start = ends[0], let end = ends[ends.count - 1] else { return nil }
      found.formUnion(start <= end ? Set(start...end) : Set(start..<7).union(0...end))
    }
    return found
  }
}
