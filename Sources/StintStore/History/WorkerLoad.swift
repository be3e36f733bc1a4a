#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How loaded a worker was: what one of its reports tells, or several that were made one.
package struct WorkerLoad: Sendable, Hashable {
  /// Whether it had a task.
  package private(set) var isActive = false
  package private(set) var readings: [Reading] = []

  init() {}

  package init(isActive: Bool, readings: [Reading]) { (self.isActive, self.readings) = (isActive, readings) }

  /// One number of a report: of a core, of a GPU or of the machine.
  package struct Reading: Sendable, Hashable {
    /// What was measured.
    package let key: UInt8
    /// Of which core or GPU.
    package let resource: UInt16
    /// How many reports it stands for.
    package fileprivate(set) var count: UInt16
    package fileprivate(set) var lowest: Float
    package fileprivate(set) var mean: Float
    package fileprivate(set) var highest: Float

    package init(key: UInt8, resource: UInt16, value: Float) {
      (self.key, self.resource, count) = (key, resource, 1)
      (lowest, mean, highest) = (value, value, value)
    }

    fileprivate func isSame(_ other: Self) -> Bool { key == other.key && resource == other.resource }

    fileprivate mutating func merge(_ other: Self) {
      let counts = (Double(count), Double(other.count))
      mean = Float((Double(mean) * counts.0 + Double(other.mean) * counts.1) / (counts.0 + counts.1))
      let (sum, isTooMuch) = count.addingReportingOverflow(other.count)
      count = isTooMuch ? .max : sum
      (lowest, highest) = (min(lowest, other.lowest), max(highest, other.highest))
    }
  }

  mutating func merge(_ other: Self) {
    isActive = isActive || other.isActive
    // Mostly a worker reports the same each time.
    guard readings.count != other.readings.count || !zip(readings, other.readings).allSatisfy({ $0.isSame($1) }) else {
      for index in readings.indices { readings[index].merge(other.readings[index]) }
      return
    }
    for reading in other.readings {
      if let index = readings.firstIndex(where: reading.isSame) {
        readings[index].merge(reading)
      } else {
        readings.append(reading)
      }
    }
  }
}

// Readings are stored one behind the other: key, resource, count, lowest, mean and highest value.
extension WorkerLoad {
  fileprivate static let bytesOfReading = 17

  /// The readings as they are stored.
  var bytes: Data {
    var bytes = Data(capacity: readings.count * Self.bytesOfReading)
    func append(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    for reading in readings {
      append(reading.key)
      append(reading.resource)
      append(reading.count)
      for value in [reading.lowest, reading.mean, reading.highest] { append(value.bitPattern) }
    }
    return bytes
  }

  /// What was stored, or of it the readings of `keys`.
  init(isActive: Bool, bytes: Data, keys: Set<UInt8>? = nil) {
    self.isActive = isActive
    readings = bytes.withUnsafeBytes { bytes in
      stride(from: 0, through: bytes.count - Self.bytesOfReading, by: Self.bytesOfReading).compactMap { place in
        keys?.contains(bytes[place]) == false ? nil : Reading(bytes, at: place)
      }
    }
  }
}

extension WorkerLoad.Reading {
  fileprivate init(_ bytes: UnsafeRawBufferPointer, at place: Int) {
    func number<Number: FixedWidthInteger>(_ offset: Int) -> Number {
      Number(littleEndian: bytes.loadUnaligned(fromByteOffset: place + offset, as: Number.self))
    }
    (key, resource, count) = (number(0), number(1), number(3))
    (lowest, mean, highest) = (
      Float(bitPattern: number(5)), Float(bitPattern: number(9)), Float(bitPattern: number(13))
    )
  }
}
