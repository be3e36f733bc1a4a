#ifndef STINT_TIED_H
#define STINT_TIED_H

/// Runs a program that ends when process `owner` ends, however that happens: the whole process group is killed then.
/// The caller must lead its group. Returns the program's exit code; dies of the signal that the program died of.
int stint_run_tied(int owner, char **argv);

#endif
