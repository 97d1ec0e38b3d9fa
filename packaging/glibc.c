/* Lets the program run with a glibc older than the one it was linked with: what newer ones added, and the linked libraries use, is here.

   Linked in by link.sh. The rest of what krun uses is in glibc 2.34 and newer. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <features.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define OURS __attribute__((visibility("hidden")))

#if __GLIBC_PREREQ(2, 36)
/* Of libstdc++'s random numbers. */
OURS uint32_t arc4random(void) {
    uint32_t number;
    if (getentropy(&number, sizeof(number)) != 0) abort();
    return number;
}
#endif

#if __GLIBC_PREREQ(2, 35)
/* Of libgcc, which unwinds the stack with it: the object with this address in it, and where its tables for that are. */
struct search {
    uintptr_t address;
    struct dl_find_object *result;
    int found;
};

static int look_into(struct dl_phdr_info *object, size_t size, void *pointer) {
    struct search *search = pointer;
    uintptr_t start = UINTPTR_MAX, end = 0, tables = 0;
    int is_here = 0;
    (void)size;
    for (size_t index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[index];
        uintptr_t from = object->dlpi_addr + segment->p_vaddr, to = from + segment->p_memsz;
        if (segment->p_type == PT_GNU_EH_FRAME) tables = from;
        if (segment->p_type != PT_LOAD) continue;
        if (from < start) start = from;
        if (to > end) end = to;
        if (from <= search->address && search->address < to) is_here = 1;
    }
    if (!is_here || !tables) return 0;
    search->result->dlfo_flags = 0;
    search->result->dlfo_map_start = (void *)start;
    search->result->dlfo_map_end = (void *)end;
    search->result->dlfo_link_map = NULL;
    search->result->dlfo_eh_frame = (void *)tables;
    search->found = 1;
    return 1;
}

OURS int _dl_find_object(void *address, struct dl_find_object *result) {
    struct search search = {(uintptr_t)address, result, 0};
    dl_iterate_phdr(look_into, &search);
    return search.found ? 0 : -1;
}

/* The same functions under the version that every glibc has. */
#if defined(__x86_64__)
#define FIRST_VERSION "GLIBC_2.2.5"
#else
#define FIRST_VERSION "GLIBC_2.17"
#endif
__asm__(".symver first_hypot, hypot@" FIRST_VERSION);
__asm__(".symver first_hypotf, hypotf@" FIRST_VERSION);
extern double first_hypot(double, double);
extern float first_hypotf(float, float);

OURS double hypot(double x, double y) { return first_hypot(x, y); }
OURS float hypotf(float x, float y) { return first_hypotf(x, y); }
#endif
