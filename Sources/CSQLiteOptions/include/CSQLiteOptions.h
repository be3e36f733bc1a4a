#pragma once

/// Lets SQLite keep up to so many bytes of what a savepoint would need to be undone in memory, instead of in a file.
/// Of use before the first database is opened; 0 where it came in time.
int stint_keep_savepoints_in_memory(int bytes);
