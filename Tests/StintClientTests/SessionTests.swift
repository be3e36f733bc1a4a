import Foundation
import Testing

@testable import StintClient

@Suite struct SessionTests {
  private func token(expiring date: Date) -> String {
    let claims = Data("{\"exp\":\(Int(date.timeIntervalSince1970)),\"x\":\"??>>\"}".utf8).base64EncodedString()
    let safe = claims.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    return "head.\(safe).signature"
  }

  @Test("a token is renewed before it ends")
  func renewal() throws {
    let now = Date(timeIntervalSince1970: 1_000_000)
    let session = Session(token: token(expiring: now.addingTimeInterval(1000)), extensions: nil, now: now)
    #expect(session.renewal == now.addingTimeInterval(900))
  }

  @Test("a token that does not tell its end is used until it is refused", arguments: ["opaque", "a.b.c", "a.!.c", ""])
  func opaque(token: String) {
    #expect(Session(token: token, extensions: nil).renewal == nil)
  }
}
