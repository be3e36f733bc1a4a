import StintStore
import StintWire

extension Intervals {
  /// The intervals that a request asks for.
  /// - Throws: `WireError` 400/12 where they are none.
  init(from: Double, to: Double, interval: Int) throws(WireError) {
    // Far more than anybody lives to see, and far from where sums overflow.
    let limit = 1e12
    guard abs(from) < limit, abs(to) < limit, let from = Int(exactly: from.rounded(.down)),
      let to = Int(exactly: to.rounded(.up)), from < to
    else {
      throw WireError(.validation, "from_date must be before to_date: field=from_date")
    }
    guard let intervals = Intervals(from: from, to: to, length: interval) else {
      throw WireError(.validation, "interval must be above 0: field=interval")
    }
    self = intervals
  }

  /// Groups `items` by the interval that their time is in, by its start; the others are left out.
  func grouping<Item>(_ items: [Item], time: (Item) -> Int) -> [(date: Int, items: [Item])] {
    Dictionary(grouping: items.filter { contains(time($0)) }) { start(at: time($0)) }
      .sorted { $0.key < $1.key }.map { (date: $0.key, items: $0.value) }
  }
}
