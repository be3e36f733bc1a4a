#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "guard.h"
#include "descendants.h"
#include "files.h"
#include "shed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__

#include <sys/prctl.h>

// In milliseconds: how long to wait for killed processes to go, and how often to look.
enum { KILL_PATIENCE = 30000, LOOK_INTERVAL = 20 };

static int has_children(void) {
  pid_t ended;
  while ((ended = waitpid(-1, NULL, WNOHANG)) > 0 || (ended < 0 && errno == EINTR)) {}
  return ended == 0;
}

static _Noreturn void stand_guard(pid_t charge, int lock) {
  int ignored[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE};
  for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) signal(ignored[i], SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  stint_close_all_but(lock);
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int stream = 0; nothing >= 0 && stream < 3; stream++) dup2(nothing, stream);
  if (chdir("/")) {}  // holds no mount busy
  stint_shed_memory();
  int status = 0;
  while (waitpid(charge, &status, 0) < 0 && errno == EINTR) {}
  if (WIFSIGNALED(status)) {
    // What a killed process leaves behind becomes our child only then, so this goes on until nobody is left.
    for (int waited = 0; has_children() && waited < KILL_PATIENCE; waited += LOOK_INTERVAL) {
      stint_signal_descendants(getpid(), SIGKILL);
      poll(NULL, 0, LOOK_INTERVAL);
    }
  }
  _exit(0);
}

int stint_go_on_guarded(int lock) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  pid_t charge = fork();
  if (charge < 0) return -1;
  if (charge > 0) stand_guard(charge, lock);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  return 0;
}

#else

// Without subreapers a guard would not find what is left.
int stint_go_on_guarded(int lock) {
  (void)lock;
  return 0;
}

#endif
