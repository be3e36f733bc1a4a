// NVIDIA's library is opened when it is there, so that one binary runs on machines with and without GPUs. Its functions
// are declared here, as its header is not on the machines that build.
#include "CNVML.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

typedef void *device;
typedef struct { unsigned long long total, free, used; } memory_info;
typedef struct { unsigned int gpu, memory; } utilization;
typedef struct {
  unsigned int pid;
  unsigned long long memory;
  unsigned int gpu_instance, compute_instance;
} process_info;

enum { success = 0, too_small = 7, most_processes = 256 };

static struct {
  int (*init)(void);
  int (*count)(unsigned int *);
  int (*handle)(unsigned int, device *);
  int (*name)(device, char *, unsigned int);
  int (*uuid)(device, char *, unsigned int);
  int (*memory)(device, memory_info *);
  int (*usage)(device, utilization *);
  int (*temperature)(device, int, unsigned int *);
  int (*processes)(device, unsigned int *, process_info *);
} nvml;

/// Whether the library is ready. One thread at a time may ask.
static int is_open(void) {
  static void *library = NULL;
  if (library) return 1;
  const char *names[] = {"libnvidia-ml.so.1", "libnvidia-ml.so"};
  void *found = NULL;
  for (size_t index = 0; !found && index < sizeof names / sizeof *names; index += 1) {
    found = dlopen(names[index], RTLD_LAZY | RTLD_LOCAL);
  }
  if (!found) return 0;
  nvml.init = (int (*)(void))dlsym(found, "nvmlInit_v2");
  nvml.count = (int (*)(unsigned int *))dlsym(found, "nvmlDeviceGetCount_v2");
  nvml.handle = (int (*)(unsigned int, device *))dlsym(found, "nvmlDeviceGetHandleByIndex_v2");
  nvml.name = (int (*)(device, char *, unsigned int))dlsym(found, "nvmlDeviceGetName");
  nvml.uuid = (int (*)(device, char *, unsigned int))dlsym(found, "nvmlDeviceGetUUID");
  nvml.memory = (int (*)(device, memory_info *))dlsym(found, "nvmlDeviceGetMemoryInfo");
  nvml.usage = (int (*)(device, utilization *))dlsym(found, "nvmlDeviceGetUtilizationRates");
  nvml.temperature = (int (*)(device, int, unsigned int *))dlsym(found, "nvmlDeviceGetTemperature");
  nvml.processes =
      (int (*)(device, unsigned int *, process_info *))dlsym(found, "nvmlDeviceGetComputeRunningProcesses_v3");
  if (!nvml.init || !nvml.count || !nvml.handle || nvml.init() != success) {
    dlclose(found);
    return 0;
  }
  library = found;
  return 1;
}

int stint_gpu_count(void) {
  unsigned int count = 0;
  return is_open() && nvml.count(&count) == success ? (int)count : 0;
}

int stint_gpu_read(int index, stint_gpu *gpu) {
  device one = NULL;
  if (!is_open() || nvml.handle((unsigned int)index, &one) != success) return -1;
  memset(gpu, 0, sizeof *gpu);
  if (nvml.name) nvml.name(one, gpu->name, sizeof gpu->name - 1);
  if (nvml.uuid) nvml.uuid(one, gpu->uuid, sizeof gpu->uuid - 1);
  memory_info memory = {0};
  int has_memory = nvml.memory && nvml.memory(one, &memory) == success;
  gpu->memory_used = has_memory ? (long long)memory.used : -1;
  gpu->memory_total = has_memory ? (long long)memory.total : -1;
  utilization usage = {0};
  gpu->usage = nvml.usage && nvml.usage(one, &usage) == success ? (int)usage.gpu : -1;
  unsigned int temperature = 0;
  // 0 is the sensor of the GPU itself.
  int has_temperature = nvml.temperature && nvml.temperature(one, 0, &temperature) == success;
  gpu->temperature = has_temperature ? (int)temperature : -1;
  return 0;
}

int stint_gpu_processes(int index, stint_gpu_process *processes, int capacity) {
  device one = NULL;
  if (!is_open() || !nvml.processes || nvml.handle((unsigned int)index, &one) != success) return -1;
  process_info found[most_processes];
  unsigned int count = most_processes;
  int code = nvml.processes(one, &count, found);
  if (code != success || count > most_processes) return code == too_small ? 0 : -1;
  int written = 0;
  for (; written < capacity && (unsigned int)written < count; written += 1) {
    unsigned long long memory = found[written].memory;
    // All bits are set where the driver does not tell.
    processes[written] = (stint_gpu_process){(int)found[written].pid, memory == ~0ull ? -1 : (long long)memory};
  }
  return written;
}
