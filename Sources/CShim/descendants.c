#include "descendants.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__

struct process { pid_t pid, parent; int below; };

static pid_t parent_of(const char *pid) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  if (n <= 0) return -1;
  text[n] = 0;
  // "pid (name) state parent …", where the name may hold anything, parentheses, too.
  char *name_end = strrchr(text, ')');
  int parent;
  if (!name_end || sscanf(name_end + 1, " %*c %d", &parent) != 1) return -1;
  return parent;
}

static size_t read_processes(struct process **list) {
  size_t count = 0, room = 0;
  DIR *proc = opendir("/proc");
  if (!proc) return 0;
  struct dirent *entry;
  while ((entry = readdir(proc))) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    pid_t parent = parent_of(entry->d_name);
    if (parent < 0) continue;
    if (count == room) {
      size_t wanted = room ? room * 2 : 256;
      struct process *bigger = realloc(*list, wanted * sizeof **list);
      if (!bigger) break;
      *list = bigger;
      room = wanted;
    }
    (*list)[count++] = (struct process){.pid = atoi(entry->d_name), .parent = parent, .below = 0};
  }
  closedir(proc);
  return count;
}

static int is_below(const struct process *list, size_t count, pid_t root, pid_t parent) {
  if (parent == root) return 1;
  for (size_t i = 0; i < count; i++) {
    if (list[i].pid == parent) return list[i].below;
  }
  return 0;
}

void stint_signal_descendants(pid_t root, int number) {
  struct process *list = NULL;
  size_t count = read_processes(&list);
  for (int changed = 1; changed;) {
    changed = 0;
    for (size_t i = 0; i < count; i++) {
      if (list[i].below || !is_below(list, count, root, list[i].parent)) continue;
      list[i].below = changed = 1;
    }
  }
  for (size_t i = 0; i < count; i++) {
    if (list[i].below) kill(list[i].pid, number);
  }
  free(list);
}

#else

// Without a process tree to walk the job's process group is all that can be reached.
void stint_signal_descendants(pid_t root, int number) {
  (void)root;
  (void)number;
}

#endif
