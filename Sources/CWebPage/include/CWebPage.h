// The web page's files, as they lie in web/, inside the binary.
#pragma once

#include <stddef.h>

/// One file: its path below web/, its media type, whether its bytes are gzip, and its bytes.
typedef struct {
  const char *path;
  const char *type;
  int is_gzip;
  const unsigned char *bytes;
  size_t count;
} stint_web_file;

extern const size_t stint_web_file_count;

/// The file at `index`, or NULL past the last one.
const stint_web_file *stint_web_file_at(size_t index);
