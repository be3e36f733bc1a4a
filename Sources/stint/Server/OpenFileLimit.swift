#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How many files and connections this process may have open.
enum OpenFileLimit {
  /// Raises the limit as far as the system lets us: each agent that waits for a task is a connection, and the usual 1024
  /// are few. Not for processes that start others, which would inherit it.
  static func raise() {
    #if canImport(Glibc)
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
    let resource = RLIMIT_NOFILE
    #endif
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
  }
}
