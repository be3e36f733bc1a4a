#ifndef STINT_SPOOL_H
#define STINT_SPOOL_H

// Where JOBDIR says nothing else (`spool-limit`), a job's output takes at most so many bytes of disk.
#define STINT_SPOOL_LIMIT (1LL << 30)

// Gives the room of the older half of JOBDIR's output back to the disk when all of it takes more than is allowed. The
// file `cut` tells first from where on the output is whole.
void stint_limit_output(int dir);

#endif
