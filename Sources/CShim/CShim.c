#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "CShim.h"
#include "descendants.h"
#include "files.h"
#include "guard.h"
#include "overlay.h"
#include "shed.h"
#include "spool.h"
#include "tied.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

// Times in milliseconds for what a job leaves running when its main process has ended by itself.
enum { SETTLE = 250, LEFTOVER_GRACE = 2000, KILL_PATIENCE = 30000, DEFAULT_STOP_GRACE = 10000, LEASE_LOOK = 30000, OUTPUT_LOOK = 2000 };

// What the shim writes last: its largest size, and its name until it is whole.
enum { END_SIZE = 8192 };
#define END_DRAFT ".end.tmp"

// Where the child was when it could not become the job.
enum stage { AT_CWD = 1, AT_EXEC = 2, AT_OVERLAY = 3 };
struct child_failure { int stage; int error; };

struct job {
  int dir;             // JOBDIR
  pid_t main;          // also the job's process group
  int main_ended;
  int status;          // of the main process, once it has ended
  int stop_requested;
  int64_t kill_at;     // monotonic ms, 0 = never
  long oom_kills;      // of the machine, before the job
  int lease_over;      // whether the job was ended because nobody extended its lease
  uint64_t started_ns, ended_ns;
  long maxrss_kb;
  int held;            // what the job uses: closed when no process of it is left
  int end_file;        // written only when the job has ended, but as large as it needs to be before it starts
};

static int wake_pipe[2];
// What the command line says; an overlay without a target is none.
static struct stint_overlay overlay;
static const char *held_lock;

int stint_process_descriptor(int pid) {
#if defined(__linux__) && defined(SYS_pidfd_open)
  return (int)syscall(SYS_pidfd_open, pid, 0);
#else
  (void)pid;
  errno = ENOSYS;
  return -1;
#endif
}

// MARK: Small tools

static uint64_t clock_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int64_t now_ms(void) { return (int64_t)(clock_ns(CLOCK_MONOTONIC) / 1000000u); }

static int write_pid(int dir, const char *name, pid_t pid) {
  char text[32];
  snprintf(text, sizeof text, "%ld\n", (long)pid);
  return stint_write_file(dir, name, text);
}

// MARK: Signals

static void on_signal(int number) {
  int saved = errno;
  char byte = number == SIGTERM ? 'T' : 'C';
  (void)!write(wake_pipe[1], &byte, 1);
  errno = saved;
}

static void handle(int number, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART | (number == SIGCHLD ? SA_NOCLDSTOP : 0);
  sigaction(number, &action, NULL);
}

static int take_signals(void) {
  if (pipe(wake_pipe)) return -1;
  for (int end = 0; end < 2; end++) {
    fcntl(wake_pipe[end], F_SETFD, FD_CLOEXEC);
    fcntl(wake_pipe[end], F_SETFL, O_NONBLOCK);
  }
  handle(SIGHUP, SIG_IGN);
  handle(SIGINT, SIG_IGN);
  handle(SIGPIPE, SIG_IGN);
  handle(SIGTERM, on_signal);
  handle(SIGCHLD, on_signal);
  sigset_t none;
  sigemptyset(&none);
  return sigprocmask(SIG_SETMASK, &none, NULL);
}

// A job starts like a program started from a shell, whatever the agent and the shim do with signals.
static void reset_signals(void) {
  for (int number = 1; number < NSIG; number++) {
    if (number != SIGKILL && number != SIGSTOP) signal(number, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static int64_t stop_grace_ms(int dir) {
  char text[32] = {0};
  int fd = openat(dir, "stop-grace", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return DEFAULT_STOP_GRACE;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  char *end = text;
  double seconds = n > 0 ? strtod(text, &end) : -1;
  return end != text && seconds >= 0 && seconds < 1e6 ? (int64_t)(seconds * 1000) : DEFAULT_STOP_GRACE;
}

// A job that somebody else may be given after a while must have ended before: the file says when to ask it to end and
// when to kill it, and whoever looks after the job moves both on.
struct lease { int64_t end_at, kill_at; };

static int64_t lease_clock_ms(void) {
#ifdef CLOCK_BOOTTIME
  return (int64_t)(clock_ns(CLOCK_BOOTTIME) / 1000000u);
#else
  return now_ms();
#endif
}

// Returns 0 where nothing limits the job.
static int read_lease(int dir, struct lease *lease) {
  char text[64] = {0};
  int fd = openat(dir, "lease", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  long long end_at, kill_at;
  if (n <= 0 || sscanf(text, "%lld %lld", &end_at, &kill_at) != 2) return 0;
  *lease = (struct lease){end_at, kill_at};
  return 1;
}

// MARK: Watching the job

// Takes in every child that has ended. Returns 0 when there is no child left at all.
static int reap(struct job *job) {
  for (;;) {
    int status;
    struct rusage usage;
    pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid == 0) return 1;
    if (pid < 0) {
      if (errno == EINTR) continue;
      return 0;
    }
    if (pid != job->main) continue;
    job->main_ended = 1;
    job->status = status;
    job->ended_ns = clock_ns(CLOCK_REALTIME);
#ifdef __APPLE__
    job->maxrss_kb = usage.ru_maxrss / 1024;
#else
    job->maxrss_kb = usage.ru_maxrss;
#endif
  }
}

static void signal_job(struct job *job, int number) {
  kill(-job->main, number);
  if (number == SIGKILL || job->main_ended) stint_signal_descendants(getpid(), number);
}

// Sleeps until a signal or `deadline` (0 = none); a stop request is passed on to the job here.
static void wait_for_news(struct job *job, int64_t deadline) {
  int64_t left = deadline ? deadline - now_ms() : -1;
  if (deadline && left < 0) left = 0;
  struct pollfd wake = {.fd = wake_pipe[0], .events = POLLIN};
  poll(&wake, 1, left > INT_MAX ? INT_MAX : (int)left);
  char bytes[64];
  ssize_t n;
  while ((n = read(wake_pipe[0], bytes, sizeof bytes)) > 0) {
    if (!memchr(bytes, 'T', (size_t)n)) continue;
    int64_t at = now_ms() + stop_grace_ms(job->dir);
    if (!job->kill_at || at < job->kill_at) job->kill_at = at;
    job->stop_requested = 1;
    signal_job(job, SIGTERM);
    kill(-job->main, SIGCONT);
  }
}

static int job_is_gone(struct job *job) {
  if (reap(job)) return 0;
  // Without a subreaper (macOS) orphans are no children of ours: then the group is what we can see.
  return kill(-job->main, 0) != 0;
}

// Sends `number` (0 = nothing) to what is left and waits for it to go, at most `patience` ms. What a killed process
// leaves behind becomes our child only then, so SIGKILL is sent until nobody is left.
static int end_leftovers(struct job *job, int number, int64_t patience) {
  int64_t deadline = now_ms() + patience;
  if (number) signal_job(job, number);
  while (!job_is_gone(job)) {
    if (now_ms() >= deadline) return 0;
    wait_for_news(job, now_ms() + 20);
    if (number == SIGKILL) signal_job(job, number);
  }
  return 1;
}

// Ends a job whose lease is over. Returns when to look again (monotonic ms, 0 = never).
static int64_t heed_lease(struct job *job) {
  struct lease lease;
  if (!read_lease(job->dir, &lease)) return 0;
  int64_t now = lease_clock_ms();
  if (now < lease.end_at) {
    // The machine may sleep, and a sleeping machine's timers with it.
    int64_t left = lease.end_at - now;
    return now_ms() + (left < LEASE_LOOK ? left : LEASE_LOOK);
  }
  if (!job->lease_over) {
    job->lease_over = 1;
    signal_job(job, SIGTERM);
    kill(-job->main, SIGCONT);
  }
  int64_t left = lease.kill_at - now;
  int64_t kill_at = now_ms() + (left > 0 ? left : 0);
  if (!job->kill_at || kill_at < job->kill_at) job->kill_at = kill_at;
  return job->kill_at;
}

// A job that somebody else may be given soon has less time to end than others.
static int64_t within_lease(struct job *job, int64_t patience) {
  struct lease lease;
  if (!read_lease(job->dir, &lease)) return patience;
  int64_t left = lease.kill_at - lease_clock_ms();
  return left < 0 ? 0 : left < patience ? left : patience;
}

static void watch(struct job *job) {
  while (reap(job), !job->main_ended) {
    int64_t look_at = heed_lease(job);
    if (job->kill_at && now_ms() >= job->kill_at) {
      signal_job(job, SIGKILL);
      job->kill_at = now_ms() + 100;
    }
    stint_limit_output(job->dir);
    int64_t next = now_ms() + OUTPUT_LOOK;
    if (look_at && look_at < next) next = look_at;
    if (job->kill_at && job->kill_at < next) next = job->kill_at;
    wait_for_news(job, next);
  }
  if (job_is_gone(job)) return;
  if (!job->stop_requested && end_leftovers(job, 0, within_lease(job, SETTLE))) return;
  if (end_leftovers(job, SIGTERM, within_lease(job, LEFTOVER_GRACE))) return;
  end_leftovers(job, SIGKILL, KILL_PATIENCE);
}

// MARK: The end

// How many processes of this machine were killed because memory ran out; -1 where the system does not tell.
static long oom_kills(void) {
  FILE *file = fopen("/proc/vmstat", "re");
  if (!file) return -1;
  char line[128];
  long count = -1;
  while (count < 0 && fgets(line, sizeof line, file)) {
    if (sscanf(line, "oom_kill %ld", &count) != 1) count = -1;
  }
  fclose(file);
  return count;
}

// Takes the room that the end will need: when the job has ended, it may have filled the disk.
static int reserve_end(struct job *job) {
  static const char zeros[END_SIZE];
  job->end_file = openat(job->dir, END_DRAFT, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (job->end_file < 0) return -1;
  return stint_write_all(job->end_file, zeros, sizeof zeros) || fsync(job->end_file);
}

static void write_end(struct job *job, const char *first_line) {
  // Whoever waits for the end may want what the job used.
  if (job->held >= 0) close(job->held);
  char text[END_SIZE];
  int count = snprintf(
      text, sizeof text, "%s\nstarted_ns %llu\nended_ns %llu\nmaxrss_kb %ld\nstopped %d\ndisk_full %d\nlease_over %d\noom_killed %d\n", first_line,
      (unsigned long long)job->started_ns, (unsigned long long)job->ended_ns, job->maxrss_kb, job->stop_requested,
      stint_disk_is_full(job->dir), job->lease_over,
      job->oom_kills >= 0 && oom_kills() > job->oom_kills);
  // Whoever looks sees no end or the whole one, after a power loss, too.
  int failed = lseek(job->end_file, 0, SEEK_SET) || stint_write_all(job->end_file, text, (size_t)count) ||
               ftruncate(job->end_file, count) || fsync(job->end_file) ||
               renameat(job->dir, END_DRAFT, job->dir, "end") || fsync(job->dir);
  if (failed) fprintf(stderr, "stint shim: cannot write the job's end: %s\n", strerror(errno));
}

// MARK: Starting

static _Noreturn void become_job(const char *job_dir, const char *cwd, char **argv, int failure_pipe, pid_t shim) {
  setpgid(0, 0);
#ifdef __linux__
  // A shim that is killed must not leave a job behind that nobody watches.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (getppid() != shim) _exit(127);
  reset_signals();
  setenv("STINT_JOB_DIR", job_dir, 1);
  struct child_failure failure = {AT_OVERLAY, 0};
  if (!overlay.target || stint_enter_overlay(&overlay) == 0) {
    failure.stage = AT_CWD;
    if (chdir(cwd) == 0) {
      failure.stage = AT_EXEC;
      execvp(argv[0], argv);
    }
  }
  failure.error = errno;
  (void)!write(failure_pipe, &failure, sizeof failure);
  _exit(127);
}

// Returns 0 and fills in `failure` where the job could not start.
static int start_job(struct job *job, const char *job_dir, const char *cwd, char **argv,
                     struct child_failure *failure) {
  int channel[2];
  if (pipe(channel)) {
    failure->error = errno;
    return 0;
  }
  fcntl(channel[0], F_SETFD, FD_CLOEXEC);
  fcntl(channel[1], F_SETFD, FD_CLOEXEC);
  job->started_ns = clock_ns(CLOCK_REALTIME);
  job->oom_kills = oom_kills();
  pid_t shim = getpid();
  job->main = fork();
  if (job->main == 0) become_job(job_dir, cwd, argv, channel[1], shim);
  int fork_error = errno;
  close(channel[1]);
  ssize_t n = 0;
  if (job->main > 0) {
    setpgid(job->main, job->main);
    while ((n = read(channel[0], failure, sizeof *failure)) < 0 && errno == EINTR) {}
  } else {
    failure->error = fork_error;
  }
  close(channel[0]);
  return job->main > 0 && n != sizeof *failure;
}

static int fail(int channel, const char *what, int error) {
  char text[256];
  snprintf(text, sizeof text, "stint shim: %s: %s\n", what, strerror(error));
  stint_write_all(channel, text, strlen(text));
  return -1;
}

// Sets the shim up so that nothing ties it to its launcher. Says on `channel` what failed.
static int stand_alone(struct job *job, const char *dir, int channel) {
  setsid();
  umask(0077);
  if (take_signals()) return fail(channel, "cannot set up signals", errno);
  job->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (job->dir < 0) return fail(channel, dir, errno);
  int lock = openat(job->dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return fail(channel, "cannot make the lock file", errno);
  // Somebody who looks whether a shim is alive holds the lock for a moment.
  for (int tries = 100; flock(lock, LOCK_EX | LOCK_NB); tries--) {
    if (errno != EWOULDBLOCK) return fail(channel, "cannot lock the folder", errno);
    if (tries == 0) return fail(channel, "this folder already has a running job", EEXIST);
    poll(NULL, 0, 10);
  }
  if (stint_go_on_guarded(lock)) return fail(channel, "cannot fork", errno);
  job->held = held_lock ? open(held_lock, O_RDONLY | O_CLOEXEC) : -1;
  if (held_lock && (job->held < 0 || flock(job->held, LOCK_SH | LOCK_NB))) return fail(channel, held_lock, errno);
  int output = openat(job->dir, "output.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (output < 0 || nothing < 0) return fail(channel, "cannot open output.log", errno);
  if (dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) return fail(channel, "dup2", errno);
  close(output);
  close(nothing);
  if (write_pid(job->dir, "shim.pid", getpid())) return fail(channel, "cannot write shim.pid", errno);
  if (reserve_end(job)) return fail(channel, "cannot reserve room for the job's end", errno);
  return 0;
}

static _Noreturn void run_shim(const char *dir, const char *cwd, char **argv, mode_t launcher_umask, int channel) {
  struct job job = {.dir = -1};
  struct child_failure failure = {0, 0};
  if (stand_alone(&job, dir, channel)) _exit(1);
  umask(launcher_umask);
  int started = start_job(&job, dir, cwd, argv, &failure);
  umask(0077);
  if (chdir("/")) {}  // holds no mount busy
  if (started && write_pid(job.dir, "job.pid", job.main)) fprintf(stderr, "stint shim: cannot write job.pid\n");
  // A launcher that was ended before it could hear of the job does not want it any more.
  if (stint_write_all(channel, "", 1)) raise(SIGTERM);
  close(channel);
  if (started) {
    stint_shed_memory();
    watch(&job);
    char line[32];
    if (WIFSIGNALED(job.status)) snprintf(line, sizeof line, "signal %d", WTERMSIG(job.status));
    else snprintf(line, sizeof line, "exit %d", WEXITSTATUS(job.status));
    write_end(&job, line);
  } else {
    char line[PATH_MAX + 256];
    const char *places[] = {"fork", cwd, argv[0], overlay.target};
    const char *what = places[failure.stage];
    snprintf(line, sizeof line, "error %d %s: %s", failure.error, what, strerror(failure.error));
    for (char *c = line; *c; c++) if (*c == '\n') *c = ' ';
    job.ended_ns = clock_ns(CLOCK_REALTIME);
    write_end(&job, line);
  }
  _exit(0);
}

int stint_shim_main(int argc, char **argv) {
  if (argc > 5 && strcmp(argv[2], "--tied") == 0 && strcmp(argv[4], "--") == 0) {
    return stint_run_tied(atoi(argv[3]), argv + 5);
  }
  if ((argc == 7 || argc > 8) && strcmp(argv[2], "--in-overlay") == 0) return stint_run_in_overlay(argv + 3);
  const char *dir = NULL, *cwd = NULL;
  char **job_argv = NULL;
  for (int i = 2; i < argc && !job_argv; i++) {
    if (strcmp(argv[i], "--") == 0) job_argv = argv + i + 1;
    else if (strcmp(argv[i], "--dir") == 0 && i + 1 < argc) dir = argv[++i];
    else if (strcmp(argv[i], "--cwd") == 0 && i + 1 < argc) cwd = argv[++i];
    else if (strcmp(argv[i], "--hold") == 0 && i + 1 < argc) held_lock = argv[++i];
    else if (strcmp(argv[i], "--overlay") == 0 && i + 4 < argc) {
      overlay = (struct stint_overlay){argv[i + 1], argv[i + 2], argv[i + 3], argv[i + 4]};
      i += 4;
    }
    else break;
  }
  char absolute[PATH_MAX];
  int spare;
  while ((spare = open("/dev/null", O_RDWR)) >= 0 && spare <= 2) {}
  close(spare);
  if (!dir || !cwd || !job_argv || !job_argv[0]) {
    fprintf(stderr, "usage: stint shim --dir JOBDIR --cwd CWD [--hold LOCK] [--overlay TARGET LOWER UPPER WORK] "
                    "-- PROGRAM [ARGUMENT…]\n");
    return 1;
  }
  if (!realpath(dir, absolute)) {
    fprintf(stderr, "stint shim: %s: %s\n", dir, strerror(errno));
    return 1;
  }
  int channel[2];
  if (pipe(channel)) {
    perror("stint shim: pipe");
    return 1;
  }
  fcntl(channel[1], F_SETFD, FD_CLOEXEC);
  mode_t launcher_umask = umask(0077);
  umask(launcher_umask);
  pid_t shim = fork();
  if (shim == 0) {
    stint_close_all_but(channel[1]);
    run_shim(absolute, cwd, job_argv, launcher_umask, channel[1]);
  }
  close(channel[1]);
  if (shim < 0) {
    perror("stint shim: fork");
    return 1;
  }
  // One zero byte means that the shim stands; anything else is its complaint.
  char text[256];
  size_t count = 0;
  ssize_t n;
  while (count < sizeof text && (n = read(channel[0], text + count, sizeof text - count)) != 0) {
    if (n > 0) count += (size_t)n;
    else if (errno != EINTR) break;
  }
  if (count == 1 && text[0] == 0) return 0;
  if (count == 0) fprintf(stderr, "stint shim: the shim ended before the job was started\n");
  else stint_write_all(2, text, count);
  return 1;
}
