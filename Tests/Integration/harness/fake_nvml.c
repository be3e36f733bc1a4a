/* NVIDIA's library as far as Stint uses it, on a machine without GPUs: two of them, one with a process on it. */
#include <stdlib.h>
#include <string.h>

enum { count = 2 };
static int devices[count] = {0, 1};
static const unsigned long long gigabyte = 1ull << 30;

int nvmlInit_v2(void) { return 0; }

int nvmlDeviceGetCount_v2(unsigned int *found) {
  *found = count;
  return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
  if (index >= count) return 2;
  *device = &devices[index];
  return 0;
}

int nvmlDeviceGetName(void *device, char *name, unsigned int size) {
  (void)device;
  strncpy(name, "Imaginary 9000", size);
  return 0;
}

int nvmlDeviceGetUUID(void *device, char *uuid, unsigned int size) {
  strncpy(uuid, *(int *)device ? "GPU-b" : "GPU-a", size);
  return 0;
}

int nvmlDeviceGetMemoryInfo(void *device, unsigned long long *memory) {
  int index = *(int *)device;
  memory[0] = 80 * gigabyte;
  memory[2] = (index ? 1 : 40) * gigabyte;
  memory[1] = memory[0] - memory[2];
  return 0;
}

int nvmlDeviceGetUtilizationRates(void *device, unsigned int *usage) {
  usage[0] = *(int *)device ? 3 : 97;
  usage[1] = 10;
  return 0;
}

int nvmlDeviceGetTemperature(void *device, int sensor, unsigned int *degrees) {
  (void)sensor;
  *degrees = *(int *)device ? 35 : 71;
  return 0;
}

int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned int *found, void *processes) {
  struct {
    unsigned int pid;
    unsigned long long memory;
    unsigned int gpu_instance, compute_instance;
  } one = {1, 39 * gigabyte, 0, 0};
  *found = *(int *)device ? 0 : 1;
  if (*found) memcpy(processes, &one, sizeof one);
  return 0;
}
