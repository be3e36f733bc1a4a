#ifndef STINT_CNVML_H
#define STINT_CNVML_H

/// What NVIDIA's management library tells of a GPU. A number is negative where it does not tell.
typedef struct {
  char name[96];
  char uuid[96];
  /// In percent.
  int usage;
  /// In bytes.
  long long memory_used;
  long long memory_total;
  /// In degrees Celsius.
  int temperature;
} stint_gpu;

/// A process that computes on a GPU. Its memory is negative where the driver does not tell.
typedef struct {
  int pid;
  long long memory;
} stint_gpu_process;

/// How many GPUs the machine has; 0 without the library, which is looked for at each call until it is there.
int stint_gpu_count(void);

/// Reads a GPU; 0 when that worked.
int stint_gpu_read(int index, stint_gpu *gpu);

/// Reads the processes on a GPU, as many as there is room for; how many, or -1.
int stint_gpu_processes(int index, stint_gpu_process *processes, int capacity);

#endif
