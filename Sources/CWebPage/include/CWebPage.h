// The web page's files, as they lie in web/, inside the binary.
#pragma once

#include <stddef.h>

typedef struct {
  const char *path;
  const char *type;
  const unsigned char *bytes;
  size_t count;
} stint_web_file;

extern const stint_web_file *const stint_web_files;
extern const size_t stint_web_file_count;
