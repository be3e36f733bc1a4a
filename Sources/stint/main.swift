import ArgumentParser
import CShim
import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// The supervisor of a task is this binary too, but it must stay tiny: it leaves before Swift's runtime is put to work.
if CommandLine.arguments.dropFirst().first == "shim" {
  exit(stint_shim_main(CommandLine.argc, CommandLine.unsafeArgv))
}

// Two network threads serve thousands of mostly waiting connections; more would only cost memory.
NIOSingletons.groupLoopCountSuggestion = 2
NIOSingletons.blockingPoolThreadCountSuggestion = 2

signal(SIGPIPE, SIG_IGN)
await Stint.runToExit(Arguments.normalized(CommandLine.arguments))
