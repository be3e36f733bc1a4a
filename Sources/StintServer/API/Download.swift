/// An answer that is a file: its text comes piece by piece, so that memory stays flat.
package struct Download: Sendable {
  /// What the file is called.
  package let name: String
  package let type: String
  /// The piece at a place, and the place of the next; nil stands for the beginning and for the end.
  package let piece: @Sendable (_ place: Int?) async throws -> (text: String, next: Int?)

  /// Calls `body` with one piece after another.
  func forEachPiece(_ body: (String) async throws -> Void) async throws {
    var place: Int?
    repeat {
      let piece = try await piece(place)
      try await body(piece.text)
      place = piece.next
    } while place != nil
  }
}
