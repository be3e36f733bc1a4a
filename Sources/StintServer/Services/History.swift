import StintWire

/// The last so many of something: the oldest makes room for the newest.
struct History<Element: Sendable>: Sendable {
  private let capacity: Int
  private var elements: [Element] = []
  /// Where the oldest is, once it is full.
  private var oldest = 0

  init(capacity: Int) { self.capacity = capacity }

  mutating func append(_ element: Element) {
    if elements.count < capacity {
      elements.append(element)
    } else {
      elements[oldest] = element
      oldest = (oldest + 1) % capacity
    }
  }

  /// All of them, the oldest first.
  var all: [Element] { Array(elements[oldest...] + elements[..<oldest]) }
}

/// The intervals of a span of time.
struct Intervals: Sendable {
  private let from: Int
  private let to: Int
  private let length: Int

  init(from: Double, to: Double, interval: Int) throws(WireError) {
    // Far more than anybody lives to see, and far from where sums overflow.
    let limit = 1e12
    guard abs(from) < limit, abs(to) < limit, let from = Int(exactly: from.rounded(.down)),
      let to = Int(exactly: to.rounded(.up)), from < to
    else {
      throw WireError(.validation, "from_date must be before to_date: field=from_date")
    }
    guard interval > 0 else { throw WireError(.validation, "interval must be above 0: field=interval") }
    (self.from, self.to, length) = (from, to, interval)
  }

  /// Groups `items` by the interval that their time is in, by its start; the others are left out.
  func grouping<Item>(_ items: [Item], time: (Item) -> Int) -> [(date: Int, items: [Item])] {
    let inside = items.filter { from <= time($0) && time($0) < to }
    return Dictionary(grouping: inside) { from + (time($0) - from) / length * length }
      .sorted { $0.key < $1.key }.map { (date: $0.key, items: $0.value) }
  }
}
