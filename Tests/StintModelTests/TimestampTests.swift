import StintModel
import Testing

@Suite struct TimestampTests {
  @Test(
    "times are written as the protocol writes them",
    arguments: [
      (0, "1970-01-01T00:00:00.000000+00:00"), (951_782_400_000_000, "2000-02-29T00:00:00.000000+00:00"),
      (1_706_702_400_123_000, "2024-01-31T12:00:00.123000+00:00"), (-1, "1969-12-31T23:59:59.999999+00:00"),
    ] as [(Int64, String)])
  func writing(microseconds: Int64, text: String) {
    #expect(Timestamp(microseconds: microseconds).text == text)
  }

  @Test("what is written is read back")
  func roundTrip() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<1000 {
      let moment = Timestamp(
        microseconds: .random(in: -1_000_000_000_000_000...9_000_000_000_000_000, using: &generator))
      #expect(Timestamp(moment.text) == moment)
    }
  }

  @Test("zones, fractions and bare dates are understood, other texts are not")
  func reading() {
    #expect(Timestamp("2024-01-31") == Timestamp("2024-01-31T00:00:00Z"))
    #expect(Timestamp("2024-01-31T12:00:00+02:00") == Timestamp("2024-01-31T10:00:00"))
    #expect(Timestamp("2024-01-31 12:00:00") == Timestamp("2024-01-31T12:00:00.000"))
    for wrong in ["", "2024", "2024-13-01", "2024-01-31T25:00", "2024-01-31x", "2024-01-31T12:00:00Q"] {
      #expect(Timestamp(wrong) == nil, "\(wrong)")
    }
  }
}
