#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "shed.h"

#ifdef __linux__

#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

extern ElfW(Dyn) _DYNAMIC[];

struct range { uintptr_t start, end; };

// What is kept of the program's own file: the tables by which it finds functions and data of other files. Of the rest
// the disk has as much as this process needs: code and constants come back when they are touched.
struct kept { struct range linkage, functions; };

static uintptr_t page_of(uintptr_t address, uintptr_t size) { return address & ~(size - 1); }

static void drop_within(uintptr_t low, uintptr_t high, uintptr_t start, uintptr_t end) {
  if (start < low) start = low;
  if (end > high) end = high;
  if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
}

static struct kept find_kept(const struct dl_phdr_info *program, uintptr_t page) {
  struct kept kept = {{page_of((uintptr_t)_DYNAMIC, page), 0}, {0, 0}};
  for (int i = 0; i < program->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &program->dlpi_phdr[i];
    if (part->p_type == PT_GNU_RELRO) kept.linkage.end = program->dlpi_addr + part->p_vaddr + part->p_memsz;
  }
  uintptr_t size = 0;
  for (const ElfW(Dyn) *entry = _DYNAMIC; entry->d_tag != DT_NULL; entry++) {
    // The loader has made an address of what was an offset.
    if (entry->d_tag == DT_PLTGOT) kept.functions.start = entry->d_un.d_ptr;
    if (entry->d_tag == DT_PLTRELSZ) size = entry->d_un.d_val / sizeof(ElfW(Rela)) * sizeof(void *) + 3 * sizeof(void *);
  }
  kept.functions.end = size ? page_of(kept.functions.start + size + page - 1, page) : 0;
  kept.functions.start = page_of(kept.functions.start, page);
  kept.linkage.end = page_of(kept.linkage.end + page - 1, page);
  return kept;
}

static void shed_program(const struct dl_phdr_info *program, uintptr_t page) {
  struct kept kept = find_kept(program, page);
  // A linker that lays things out otherwise is left alone.
  if (kept.linkage.end <= kept.linkage.start || kept.functions.end <= kept.functions.start) return;
  struct range first = kept.linkage, second = kept.functions;
  if (second.start < first.start) first = kept.functions, second = kept.linkage;
  uintptr_t last = first.end > second.end ? first.end : second.end;
  for (int i = 0; i < program->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &program->dlpi_phdr[i];
    if (part->p_type != PT_LOAD) continue;
    uintptr_t start = page_of(program->dlpi_addr + part->p_vaddr, page);
    // Variables that begin as zero share the last page of the file.
    uintptr_t end = page_of(program->dlpi_addr + part->p_vaddr + part->p_filesz, page);
    drop_within(start, end, 0, first.start);
    drop_within(start, end, first.end, second.start);
    drop_within(start, end, last, UINTPTR_MAX);
  }
}

// What a library may have changed in its memory is its own; its code is on the disk.
static void shed_library(const struct dl_phdr_info *library, uintptr_t page) {
  for (int i = 0; i < library->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &library->dlpi_phdr[i];
    if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
    uintptr_t start = library->dlpi_addr + part->p_vaddr;
    drop_within(page_of(start, page), page_of(start + part->p_filesz, page), 0, UINTPTR_MAX);
  }
}

static int shed(struct dl_phdr_info *file, size_t size, void *seen) {
  (void)size;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  int *count = seen;
  // The program itself comes first.
  if ((*count)++ == 0) shed_program(file, page);
  else shed_library(file, page);
  return 0;
}

void stint_shed_memory(void) {
  int seen = 0;
  dl_iterate_phdr(shed, &seen);
}

#else

void stint_shed_memory(void) {}

#endif
