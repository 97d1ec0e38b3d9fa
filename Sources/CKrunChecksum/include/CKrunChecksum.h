#ifndef CKRUNCHECKSUM_H
#define CKRUNCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/**
 * The CRC-32C (Castagnoli, RFC 3720 appendix B.4) of so many bytes, as a record batch carries it; `seed` is what an earlier part
 * gave, 0 for the first. In C because the processors' own instruction for it cannot be reached from Swift.
 */
uint32_t krun_crc32c(uint32_t seed, const void *bytes, size_t count);

#endif
