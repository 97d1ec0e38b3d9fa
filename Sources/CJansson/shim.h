#include <jansson.h>

/// `json_typeof` is a function-like macro, which Swift does not import.
static inline json_type krun_json_typeof(const json_t *value) { return json_typeof(value); }
