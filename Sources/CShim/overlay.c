#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "overlay.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__

#include <sched.h>
#include <sys/mount.h>

// The system takes one page of options.
enum { OPTIONS_SIZE = 4096 };

int stint_enter_overlay(const struct stint_overlay *overlay) {
  char options[OPTIONS_SIZE];
  int count = snprintf(options, sizeof options, "lowerdir=%s,upperdir=%s,workdir=%s", overlay->lower, overlay->upper,
                       overlay->work);
  if (count < 0 || count >= OPTIONS_SIZE) {
    errno = ENAMETOOLONG;
    return -1;
  }
  if (unshare(CLONE_NEWNS)) return -1;
  // What the machine mounts and unmounts later holds here, too; what is mounted here stays here.
  if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL)) return -1;
  return mount("stint", overlay->target, "overlay", 0, options);
}

#else

int stint_enter_overlay(const struct stint_overlay *overlay) {
  (void)overlay;
  errno = ENOSYS;
  return -1;
}

#endif

int stint_run_in_overlay(char **argv) {
  struct stint_overlay overlay = {.target = argv[0], .lower = argv[1], .upper = argv[2], .work = argv[3]};
  if (stint_enter_overlay(&overlay)) {
    fprintf(stderr, "stint shim: no overlay can be mounted on %s: %s\n", overlay.target, strerror(errno));
    return 1;
  }
  if (!argv[4]) return 0;
  execvp(argv[5], argv + 5);
  fprintf(stderr, "stint shim: %s: %s\n", argv[5], strerror(errno));
  return 127;
}
