import Dispatch
import NIOCore
import NIOSSL
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The PEM files of a certificate and its key.
package struct CertificateFiles: Sendable, Hashable {
  /// The server's certificate, then those that lead from it to one that clients trust.
  package let chain: String
  package let key: String

  package init(chain: String, key: String) { (self.chain, self.key) = (chain, key) }
}

/// The certificate that clients are shown. Each handshake looks whether its files have changed, so that whoever renews
/// it need tell nobody.
final class Certificate: Sendable {
  private struct Loaded {
    let chain: [NIOSSLCertificateSource]
    let key: NIOSSLPrivateKeySource
    let stamp: Stamp

    var override: NIOSSLContextConfigurationOverride {
      var override = NIOSSLContextConfigurationOverride()
      (override.certificateChain, override.privateKey) = (chain, key)
      return override
    }
  }

  /// By what a change of the files is seen.
  private struct Stamp: Hashable {
    let times: [Date?]
    let sizes: [Int?]

    init(_ files: CertificateFiles) {
      // Some swap a link to a folder that holds both.
      let states = [files.chain, files.key].map { path in
        let file = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        return try? FileManager.default.attributesOfItem(atPath: file)
      }
      times = states.map { $0?[.modificationDate] as? Date }
      sizes = states.map { $0?[.size] as? Int }
    }
  }

  private let files: CertificateFiles
  private let loaded: Mutex<Loaded>
  private let onChange: @Sendable (ServerError?) -> Void

  /// Reads the files. `onChange` is told when they were read again, or why they could not be.
  /// - Throws: `ServerError.badCertificate`.
  init(_ files: CertificateFiles, onChange: @escaping @Sendable (ServerError?) -> Void) throws(ServerError) {
    self.files = files
    self.onChange = onChange
    loaded = Mutex(try Self.load(files, Stamp(files)))
  }

  /// What a listener needs.
  var configuration: TLSConfiguration {
    let first = loaded.withLock { $0 }
    var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: first.chain, privateKey: first.key)
    configuration.minimumTLSVersion = .tlsv12
    configuration.sslContextCallback = { _, promise in
      let (kept, stamp) = (self.loaded.withLock { $0 }, Stamp(self.files))
      if kept.stamp == stamp { return promise.succeed(kept.override) }
      // Reading blocks, and BoringSSL would take what goes wrong in it for a fault of the handshake on this thread.
      DispatchQueue.global().async { promise.succeed(self.reload(stamp).override) }
    }
    return configuration
  }

  /// Reads the files again; the certificate before stays while they do not fit each other.
  private func reload(_ stamp: Stamp) -> Loaded {
    let (current, outcome) = loaded.withLock { loaded -> (Loaded, Result<Void, ServerError>?) in
      guard loaded.stamp != stamp else { return (loaded, nil) }
      do throws(ServerError) {
        loaded = try Self.load(files, stamp)
        return (loaded, .success(()))
      } catch {
        // It is told once, and tried again after the next change.
        loaded = Loaded(chain: loaded.chain, key: loaded.key, stamp: stamp)
        return (loaded, .failure(error))
      }
    }
    switch outcome {
    case .success: onChange(nil)
    case .failure(let error): onChange(error)
    case nil: break
    }
    return current
  }

  private static func load(_ files: CertificateFiles, _ stamp: Stamp) throws(ServerError) -> Loaded {
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(files.chain).map(NIOSSLCertificateSource.certificate)
      let key = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
      // Making a context checks that they belong together.
      _ = try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: chain, privateKey: key))
      return Loaded(chain: chain, key: key, stamp: stamp)
    } catch {
      throw .badCertificate(chain: files.chain, key: files.key, reason: "\(error)")
    }
  }
}
