#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "files.h"
#include "CShim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int stint_write_all(int fd, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t n = write(fd, bytes, count);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return -1;
    bytes += n;
    count -= (size_t)n;
  }
  return 0;
}

int stint_write_file(int dir, const char *name, const char *text) {
  char temporary[64];
  snprintf(temporary, sizeof temporary, ".%s.tmp", name);
  int fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return -1;
  int failed = stint_write_all(fd, text, strlen(text));
  close(fd);
  return failed || renameat(dir, temporary, dir, name) ? -1 : 0;
}

void stint_close_all_but(int keep) {
  DIR *open_files = opendir("/dev/fd");
  if (!open_files) return;
  struct dirent *entry;
  while ((entry = readdir(open_files))) {
    int fd = atoi(entry->d_name);
    if (fd > 2 && fd != keep && fd != dirfd(open_files)) close(fd);
  }
  closedir(open_files);
}

int stint_disk_is_full(int dir) {
  char name[64];
  snprintf(name, sizeof name, ".room.%ld", (long)getpid());
  int fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int error = fd < 0 ? errno : 0;
  if (fd >= 0) {
    static const char zeros[4096];
    for (int page = 0; page < 16 && !error; page++) {
      if (stint_write_all(fd, zeros, sizeof zeros)) error = errno;
    }
    close(fd);
    unlinkat(dir, name, 0);
  }
  return error == ENOSPC || error == EDQUOT;
}
