/// The one company of a server: the protocol has several, Stint serves one.
package enum Company {
  package static let id = "d1bd92a3b039400cbafc60a7a5b1e52b"
  package static let name = "stint"
}
