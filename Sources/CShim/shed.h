#ifndef STINT_SHED_H
#define STINT_SHED_H

/// Gives back the memory that this binary took when it was started, most of it tables of its Swift half. From here on
/// only C of this folder may run, which has no tables of pointers, and nothing may call `exit`.
void stint_shed_memory(void);

#endif
