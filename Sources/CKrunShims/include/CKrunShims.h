#ifndef CKRUNSHIMS_H
#define CKRUNSHIMS_H

#include <librdkafka/rdkafka.h>

#endif
