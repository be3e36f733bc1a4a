#ifndef STINT_CSHIM_H
#define STINT_CSHIM_H

/// The verb `stint shim --dir JOBDIR --cwd CWD [--hold LOCK] [--overlay TARGET LOWER UPPER WORK] -- ARGV…`: a tiny
/// process that owns one job.
///
/// Returns in the launching process once the job's shim stands on its own (0) or could not be set up (1, reason on
/// stderr); never returns in the shim. Files in JOBDIR: lock (held while the shim lives), shim.pid, job.pid,
/// output.log, stop-grace (read on SIGTERM), lease (two moments on the clock that counts from boot, in ms: when the job
/// shall end and when it is killed; read again and again), spool-limit (the most bytes of disk for output.log) and cut (from where on output.log is
/// whole), end (written last).
///
/// The shim holds a shared lock on LOCK as long as it lives. The job sees LOWER (several folders with `:` between them)
/// as TARGET; what it changes there goes to UPPER, and nobody else sees it.
///
/// `stint shim --in-overlay TARGET LOWER UPPER WORK [-- ARGV…]` becomes ARGV where the overlay is seen; without ARGV it
/// ends with 0 where such an overlay can be mounted.
///
/// `stint shim --tied PID -- ARGV…` instead runs a program that does not outlive process PID, our parent.
int stint_shim_main(int argc, char **argv);

/// A descriptor that becomes readable when process `pid` ends, or -1 where the system has none.
int stint_process_descriptor(int pid);

/// Gives the room of a file's first `end` bytes back to the disk, which are zeros from then on. -1 where that cannot be.
int stint_release_room(int fd, long long end);

/// Whether nothing more can be written into the folder that `dir` is open on: no room, or none for this user.
int stint_disk_is_full(int dir);

#endif
