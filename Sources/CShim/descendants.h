#ifndef STINT_DESCENDANTS_H
#define STINT_DESCENDANTS_H

#include <sys/types.h>

/// Sends `number` to every process below `root` in the process tree, in whatever group or session it is.
void stint_signal_descendants(pid_t root, int number);

#endif
