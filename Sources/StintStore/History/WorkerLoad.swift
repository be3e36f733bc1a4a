#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How loaded a worker was: what one of its reports tells, or several that were made one.
package struct WorkerLoad: Sendable, Hashable {
  package private(set) var readings: [Reading]

  package init(readings: [Reading] = []) { self.readings = readings }

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

    /// What was measured of which core or GPU, as one number.
    fileprivate var place: Int { Int(key) << 16 | Int(resource) }

    fileprivate mutating func merge(_ other: Self) {
      let counts = (Double(count), Double(other.count))
      mean = Float((Double(mean) * counts.0 + Double(other.mean) * counts.1) / (counts.0 + counts.1))
      let (sum, isTooMuch) = count.addingReportingOverflow(other.count)
      count = isTooMuch ? .max : sum
      (lowest, highest) = (min(lowest, other.lowest), max(highest, other.highest))
    }
  }

  mutating func merge(_ other: Self) {
    guard !readings.isEmpty else { return readings = other.readings }
    // Mostly a worker reports the same each time.
    guard !readings.elementsEqual(other.readings, by: { $0.place == $1.place }) else {
      for index in readings.indices { readings[index].merge(other.readings[index]) }
      return
    }
    var indices = Dictionary(zip(readings.map(\.place), readings.indices)) { first, _ in first }
    for reading in other.readings {
      if let index = indices[reading.place] {
        readings[index].merge(reading)
      } else {
        indices[reading.place] = readings.count
        readings.append(reading)
      }
    }
  }

  /// The same with one reading in place of those of more than `most` cores or GPUs.
  func folded(over most: Int) -> Self {
    let parts = Dictionary(grouping: readings, by: \.key).sorted { $0.key < $1.key }
    return WorkerLoad(readings: parts.flatMap { $1.count > most ? [Reading(all: $1)] : $1 })
  }

  /// Of its readings those of `keys`; nil means all.
  func only(_ keys: Set<UInt8>?) -> Self {
    guard let keys else { return self }
    return WorkerLoad(readings: readings.filter { keys.contains($0.key) })
  }
}

extension WorkerLoad.Reading {
  /// One of all `parts`, of which there are some.
  fileprivate init(all parts: [Self]) {
    let mean = parts.reduce(0) { $0 + Double($1.mean) } / Double(parts.count)
    self.init(key: parts[0].key, resource: 0, value: Float(mean))
    count = parts.map(\.count).max() ?? 1
    lowest = parts.map(\.lowest).min() ?? lowest
    highest = parts.map(\.highest).max() ?? highest
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
  init(bytes: Data, keys: Set<UInt8>? = nil) {
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
