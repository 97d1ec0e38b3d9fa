#ifndef CKRUNSHIMS_H
#define CKRUNSHIMS_H

#include <stdint.h>

/* Not librdkafka's header: its types would then belong to two modules, and Swift would find them in either by chance. */
struct rd_kafka_consumer_group_metadata_s;

/** The generation in a consumer's group metadata; -1 when it is unknown. A getter exists from librdkafka 2.8 only. */
int32_t krun_generation(const struct rd_kafka_consumer_group_metadata_s *metadata);

/** Names the calling thread; pthread_setname_np is not in Swift's Glibc module and differs between systems. */
void krun_name_this_thread(const char *name);

/** Gives freed memory back to the system, where the C library can be told to; malloc.h is not in Swift's Glibc module. */
void krun_give_back_memory(void);

/** From now on a signal of a crash writes one line to stderr and ends the process at once, by the same signal, whatever handlers there
    were before: Swift's own may keep a process for minutes while it looks at every thread. */
void krun_end_at_once_when_it_crashes(void);

/** What whoever linked this program has to say of it: lines of a name, a tab and a text; empty where nobody says anything.
    It is the array krun_linked_facts, which another object may define. */
const char *krun_build_facts(void);

/** Does what whoever linked this program wants to be done before anything else: nothing, unless another object defines it, too. */
void krun_begin_as_linked(void);

/** How a program is started. */
struct krun_program {
    /** The program, found on PATH where it has no slash, and its arguments; ends with NULL. */
    char *const *arguments;
    /** `name=value`; ends with NULL. */
    char *const *environment;
    /** Where its stdout and stderr go; -1 for where ours go. */
    int output;
    /** Whether stdin is empty; otherwise it is ours. */
    int has_no_input;
    /** Whether it leads a process group of its own, to which signals of the terminal do not come. */
    int leads_group;
    /** What it inherits beyond the standard streams, and nothing else does it: descriptors, `inherited_count` of them. */
    const int *inherited;
    int inherited_count;
    /** Whether SIGHUP stays ignored in it, as under nohup. */
    int ignores_hangup;
};

/** Starts a program. On Linux it gets a SIGTERM when the calling thread ends, so that thread has to outlive it.
    Returns its process id, or a negated errno of what failed. */
int32_t krun_start(const struct krun_program *program);

#endif
