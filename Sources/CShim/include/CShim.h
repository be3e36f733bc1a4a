#ifndef STINT_CSHIM_H
#define STINT_CSHIM_H

/// The verb `stint shim --dir JOBDIR --cwd CWD -- ARGV…`: a tiny process that owns one job.
///
/// Returns in the launching process once the job's shim stands on its own (0) or could not be set up (1, reason on
/// stderr); never returns in the shim. Files in JOBDIR: lock (held while the shim lives), shim.pid, job.pid,
/// output.log, stop-grace (read on SIGTERM), end (written last).
int stint_shim_main(int argc, char **argv);

/// A descriptor that becomes readable when process `pid` ends, or -1 where the system has none.
int stint_process_descriptor(int pid);

#endif
