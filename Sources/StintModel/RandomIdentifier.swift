/// A new record's identifier: 32 lower-case hexadecimal digits of secure randomness.
package func randomIdentifier() -> String {
  func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
  return hex(.random(in: .min ... .max)) + hex(.random(in: .min ... .max))
}
