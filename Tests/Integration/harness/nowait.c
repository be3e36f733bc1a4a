// Preloaded, it makes every disk a fast one: what a process wants to have written counts as written at once.

int fsync(int file) {
  (void)file;
  return 0;
}

int fdatasync(int file) {
  (void)file;
  return 0;
}
