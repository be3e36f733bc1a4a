#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "tied.h"
#include "CShim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_INTERVAL = 500 };

static int child_pipe[2];

static void on_child(int number) {
  (void)number;
  int saved = errno;
  (void)!write(child_pipe[1], "C", 1);
  errno = saved;
}

static void handle(int number, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  sigaction(number, &action, NULL);
}

static _Noreturn void become_program(char **argv) {
  int signals[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], SIG_DFL);
  execvp(argv[0], argv);
  fprintf(stderr, "%s cannot be started: %s\n", argv[0], strerror(errno));
  _exit(errno == ENOENT ? 127 : 126);
}

static int result(int status) {
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  signal(WTERMSIG(status), SIG_DFL);
  raise(WTERMSIG(status));
  return 128 + WTERMSIG(status);
}

int stint_run_tied(int owner, char **argv) {
  if (pipe(child_pipe)) return 126;
  for (int end = 0; end < 2; end++) {
    fcntl(child_pipe[end], F_SETFD, FD_CLOEXEC);
    fcntl(child_pipe[end], F_SETFL, O_NONBLOCK);
  }
  // Who asks the group to end means the program; this process stays to tell how it did.
  handle(SIGTERM, SIG_IGN);
  handle(SIGINT, SIG_IGN);
  handle(SIGHUP, SIG_IGN);
  handle(SIGCHLD, on_child);
  int owner_descriptor = stint_process_descriptor(owner);
  pid_t program = fork();
  if (program < 0) {
    perror("fork");
    return 126;
  }
  if (program == 0) become_program(argv);
  // What it reads and writes is the program's alone.
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int stream = 0; nothing >= 0 && stream < 3; stream++) dup2(nothing, stream);
  struct pollfd news[2] = {
      {.fd = child_pipe[0], .events = POLLIN},
      {.fd = owner_descriptor, .events = POLLIN},
  };
  for (;;) {
    int status;
    pid_t ended = waitpid(program, &status, WNOHANG);
    if (ended == program) return result(status);
    if (ended < 0 && errno != EINTR) return 126;
    // A parent that is gone has handed us to another.
    if (getppid() != owner || news[1].revents) kill(getpgrp() == getpid() ? 0 : program, SIGKILL);
    poll(news, 2, owner_descriptor < 0 ? LOOK_INTERVAL : -1);
    char bytes[64];
    while (read(child_pipe[0], bytes, sizeof bytes) > 0) {}
  }
}
