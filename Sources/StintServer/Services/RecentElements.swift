/// The last so many of something: the oldest makes room for the newest.
struct RecentElements<Element: Sendable>: Sendable {
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
