#include "CSQLiteOptions.h"

// SQLite's own, declared here because its header lies elsewhere on each system; Swift cannot call it, as it takes any
// number of arguments.
extern int sqlite3_config(int option, ...);

enum { SQLITE_CONFIG_STMTJRNL_SPILL = 26 };

int stint_keep_savepoints_in_memory(int bytes) { return sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, bytes); }
