#ifndef CKRUNSHIMS_H
#define CKRUNSHIMS_H

#include <stdint.h>

/* As in rdkafka.h, which is not included here: two modules that both declare librdkafka's types confuse the importer. */
typedef struct rd_kafka_consumer_group_metadata_s rd_kafka_consumer_group_metadata_t;

/** The generation in a consumer's group metadata; -1 when it is unknown. A getter exists from librdkafka 2.8 only. */
int32_t krun_generation(const rd_kafka_consumer_group_metadata_t *metadata);

/** Names the calling thread; pthread_setname_np is not in Swift's Glibc module and differs between systems. */
void krun_name_this_thread(const char *name);

#endif
