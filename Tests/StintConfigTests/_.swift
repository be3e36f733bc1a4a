import Testing
@testable import StintConfig
@Test func smoke() throws {
  print(try HOCON.parse("a: 1 # x\nb.c = http://h:80/x\nl += 3\nl += 4\np = ${b.c}/z \"q\"\napi { credentials {\"access_key\": \"A\", secret_key: \"B\"}, u: \"https://u:p@h/x\", n {}, e: [{a:1},2] }").masked.rendered())
}
