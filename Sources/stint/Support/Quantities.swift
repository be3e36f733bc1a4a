import ArgumentParser

/// A time as people type it: `12h`, `30d`, `8w`.
struct TimeSpan: ExpressibleByArgument {
  let days: Double

  init?(argument: String) {
    let units = ["m": 1.0 / 1440, "h": 1.0 / 24, "d": 1, "w": 7]
    guard let last = argument.last, let unit = units[String(last)], let number = Double(argument.dropLast()),
      number >= 0
    else { return nil }
    days = number * unit
  }
}

/// An amount of bytes as people type it: `500MB`, `20GB`, `1.5 TiB`; thousands are 1024, as they are shown.
struct ByteCount: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let number = argument.prefix { $0.isNumber || $0 == "." }
    var unit = argument.dropFirst(number.count).filter { $0 != " " }.lowercased()[...]
    if unit.hasSuffix("b") { unit = unit.dropLast() }
    if unit.hasSuffix("i") { unit = unit.dropLast() }
    let powers: [Substring: Int] = ["": 0, "k": 1, "m": 2, "g": 3, "t": 4]
    guard let amount = Double(number), let power = powers[unit] else { return nil }
    let bytes = (0..<power).reduce(amount) { amount, _ in amount * 1024 }
    guard bytes < 1e18 else { return nil }
    self.bytes = Int(bytes)
  }
}

extension Int {
  /// An amount of bytes for people, as the page writes it: `12.3 MB`.
  var asSize: String {
    var (amount, units) = (Double(self), ["B", "KB", "MB", "GB", "TB"][...])
    while amount >= 1024, units.count > 1 {
      amount /= 1024
      units = units.dropFirst()
    }
    let unit = units.first ?? ""
    if amount >= 100 || unit == "B" { return "\(Int(amount.rounded())) \(unit)" }
    let tenths = Int((amount * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(unit)"
  }
}
