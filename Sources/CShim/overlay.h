#ifndef STINT_OVERLAY_H
#define STINT_OVERLAY_H

// Folders laid over each other for one process and what it starts; all paths absolute, without `,` `:` and `\`.
struct stint_overlay {
  const char *target;  // where they are seen
  const char *lower;   // what is never written to, several with `:` between them, the uppermost first
  const char *upper;   // takes what is written
  const char *work;    // the system's own; on the disk of `upper`
};

// Moves this process into a mount namespace of its own and mounts the overlay there. Returns -1 with errno set.
int stint_enter_overlay(const struct stint_overlay *overlay);

// `stint shim --in-overlay TARGET LOWER UPPER WORK [-- PROGRAM [ARGUMENT…]]`: runs the program where the overlay is seen;
// without one only tells whether that works on this machine.
int stint_run_in_overlay(char **argv);

#endif
