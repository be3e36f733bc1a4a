#ifndef STINT_FILES_H
#define STINT_FILES_H

#include <stddef.h>

// Writes all of it, or returns -1.
int stint_write_all(int fd, const char *bytes, size_t count);

// Whoever looks sees the old file or the whole new one.
int stint_write_file(int dir, const char *name, const char *text);

// Closes every descriptor above 2 except `keep`.
void stint_close_all_but(int keep);

#endif
