import StintModel
import Testing

@Suite("Working hours")
struct WorkingHoursTests {
  private func on(_ text: String) throws -> Set<HourOfWeek> {
    let hours = try #require(WorkingHours(text))
    return Set((0..<7).flatMap { day in (0..<24).map { HourOfWeek(day: day, hour: $0) } }.filter { hours.contains($0) })
  }

  @Test("no text is every hour of the week, and never is none")
  func extremes() throws {
    #expect(try on("").count == 7 * 24)
    #expect(try on(" never ").isEmpty)
  }

  @Test("a range ends before its last hour, on each of its days")
  func range() throws {
    let expected = Set((1...5).flatMap { day in (8..<18).map { HourOfWeek(day: day, hour: $0) } })
    #expect(try on("8-18 MON-FRI") == expected)
    #expect(try on("8-12,12-18 mon,tue,wed,thu,fri") == expected)
    #expect(try on("8-18 MON-THU; 8-18 FRI") == expected)
  }

  @Test("hours and days run over the end, a single hour runs to midnight, and an end of 0 is midnight")
  func over() throws {
    #expect(try on("22-4 SUN") == Set([22, 23, 0, 1, 2, 3].map { HourOfWeek(day: 0, hour: $0) }))
    #expect(try on("22 SUN") == on("22-0 SUN"))
    #expect(try on("0-24 FRI-MON") == on("0-24 FRI,SAT,SUN,MON"))
    #expect(try on("20-00,00-08 SUN").count == 12)
  }

  @Test(
    "what says something else is refused",
    arguments: ["8-18", "8-18 XYZ", "25-26 MON", "8-25 MON", "a-b MON", "8--9 MON", "1-2-3 MON"])
  func refused(_ text: String) {
    #expect(WorkingHours(text) == nil)
  }
}
