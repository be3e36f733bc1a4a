#ifndef STINT_GUARD_H
#define STINT_GUARD_H

// Goes on in a child of this process, which stays behind as its guard: when the child is killed, the guard kills all that
// it had started. A job whose supervisor is gone, and its agent too, would otherwise go on without anybody to end it when
// its time is over. Of the open files the guard keeps none but `lock`, which so stays locked until nothing is left.
//
// Returns 0 in the child, and -1 where there can be none.
int stint_go_on_guarded(int lock);

#endif
