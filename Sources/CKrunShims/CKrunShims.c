#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CKrunShims.h"

#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

int32_t krun_generation(const struct rd_kafka_consumer_group_metadata_s *metadata) {
    int32_t generation = -1;
    if (!metadata) return generation;
#if RD_KAFKA_VERSION >= 0x02080000
    generation = rd_kafka_consumer_group_metadata_generation_id(metadata);
#else
    /* The written form is "CGMDv2:" and then the generation in the machine's own byte order. */
    static const char magic[] = "CGMDv2:";
    const size_t magic_length = sizeof(magic) - 1;
    void *buffer = NULL;
    size_t size = 0;
    rd_kafka_error_t *error = rd_kafka_consumer_group_metadata_write(metadata, &buffer, &size);
    if (error) {
        rd_kafka_error_destroy(error);
        return generation;
    }
    if (size >= magic_length + sizeof(generation) && memcmp(buffer, magic, magic_length) == 0)
        memcpy(&generation, (const char *)buffer + magic_length, sizeof(generation));
    rd_kafka_mem_free(NULL, buffer);
#endif
    return generation;
}

void krun_name_this_thread(const char *name) {
    char short_name[16];
    strncpy(short_name, name, sizeof(short_name) - 1);
    short_name[sizeof(short_name) - 1] = '\0';
#ifdef __APPLE__
    pthread_setname_np(short_name);
#else
    pthread_setname_np(pthread_self(), short_name);
#endif
}

static const struct {
    int number;
    const char *line;
} crashes[] = {
#define CRASH(name) {name, "error: krun crashed (" #name "): that is a mistake of krun's, or of a library that it uses\n"}
    CRASH(SIGABRT), CRASH(SIGSEGV), CRASH(SIGILL), CRASH(SIGTRAP), CRASH(SIGBUS), CRASH(SIGFPE),
#undef CRASH
};
static const size_t crash_count = sizeof(crashes) / sizeof(crashes[0]);

/* Calls nothing but what a signal's handler may call. */
static void say_and_end(int number) {
    for (size_t index = 0; index < crash_count; index++) {
        if (crashes[index].number != number) continue;
        ssize_t written = write(STDERR_FILENO, crashes[index].line, strlen(crashes[index].line));
        (void)written;
    }
    signal(number, SIG_DFL);
    raise(number);
}

void krun_end_at_once_when_it_crashes(void) {
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = say_and_end;
    sigemptyset(&action.sa_mask);
    /* Not held back while it is handled, so that raising it ends the process there and then. */
    action.sa_flags = SA_NODEFER | SA_RESETHAND | SA_ONSTACK;
    for (size_t index = 0; index < crash_count; index++) sigaction(crashes[index].number, &action, NULL);
}

void krun_give_back_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

/* Weak: an object that defines it, too, wins (packaging/link.sh has such), and nobody compiles anything again for it. */
__attribute__((weak)) const char krun_linked_facts[] = "";

const char *krun_build_facts(void) { return krun_linked_facts; }

__attribute__((weak)) void krun_begin_as_linked(void) {}
