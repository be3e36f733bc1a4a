import StintWire

/// Which documents, in which order, how many, and what of them: the filter language of the protocol's `get_all`.
package struct Query: Sendable {
  package var condition: Condition
  /// The keys of the order; documents that are equal in all of them stay in the order of their making.
  package var order: [Order]
  /// The most documents, nil for all.
  package var limit: Int?
  /// How many to skip.
  package var offset: Int
  /// What of each document the client wants.
  package var projection = Projection()
  /// Whether the client asked to scroll: the answer then has a `scroll_id`.
  package internal(set) var scrolls = false

  package init(_ condition: Condition = .all, order: [Order] = [], limit: Int? = nil, offset: Int = 0) {
    (self.condition, self.order, self.limit, self.offset) = (condition, order, limit, offset)
  }

  /// `scroll_id` for the call that goes on after `returned` documents. Nil when the client does not scroll.
  package func nextScrollID(returned: Int) -> String? {
    scrolls ? ScrollToken(offset: offset + returned).text : nil
  }
}

/// Where a scroll goes on. It holds all there is to know, so that the server need not remember who scrolls.
struct ScrollToken {
  let offset: Int

  init(offset: Int) { self.offset = offset }

  init(_ text: String) throws(WireError) {
    guard text.hasPrefix("o"), let offset = Int(text.dropFirst()), offset >= 0 else {
      throw WireError(.invalidScrollID, "scroll_id=\(text.prefix(64))")
    }
    self.offset = offset
  }

  var text: String { "o\(offset)" }
}
