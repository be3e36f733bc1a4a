#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "spool.h"
#include "CShim.h"
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int stint_release_room(int fd, long long end) {
#ifdef FALLOC_FL_PUNCH_HOLE
  return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, end);
#else
  (void)fd;
  (void)end;
  errno = ENOTSUP;
  return -1;
#endif
}

static long long limit_of(int dir) {
  char text[32] = {0};
  int fd = openat(dir, "spool-limit", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return STINT_SPOOL_LIMIT;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  long long limit = n > 0 ? atoll(text) : 0;
  return limit > 0 ? limit : STINT_SPOOL_LIMIT;
}

// Written in place where the file is there: the disk may be full.
static int note_cut(int dir, long long cut) {
  char text[32];
  int count = snprintf(text, sizeof text, "%019lld\n", cut);
  int fd = openat(dir, "cut", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return -1;
  int failed = stint_write_all(fd, text, (size_t)count);
  close(fd);
  return failed;
}

void stint_limit_output(int dir) {
  struct stat info;
  if (fstatat(dir, "output.log", &info, 0) || info.st_blocks * 512LL < (1 << 20)) return;
  long long limit = limit_of(dir);
  if (info.st_blocks * 512LL <= limit) return;
  long long cut = (info.st_size - limit / 2) & ~4095LL;
  if (cut <= 0) return;
  // Whoever reads a hole finds here that it is one.
  if (note_cut(dir, cut)) return;
  int fd = openat(dir, "output.log", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  (void)!stint_release_room(fd, cut);
  close(fd);
}
