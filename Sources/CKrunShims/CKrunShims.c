#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CKrunShims.h"

#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <string.h>
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

void krun_give_back_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
