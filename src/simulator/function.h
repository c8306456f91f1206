/*
 * function: the Lambda side. One environment serves one request; a request that finds none idle starts one, or is throttled.
 */
#ifndef SIMULATOR_FUNCTION_H
#define SIMULATOR_FUNCTION_H

#include "simulator/counts.h"
#include "simulator/durations.h"
#include "simulator/environments.h"
#include "simulator/latencies.h"

struct function_config {
    const struct durations *warm;  /* The duration of a request; owned by the caller. */
    const struct durations *first; /* That of the first request of an environment. */
    const struct durations *init;  /* The duration of its init, before that request. */
    sim_time
        placement; /* What a client waits in addition while an environment is placed and the code fetched; not billed. */
    sim_time round_trip; /* What the network and the gateway add to each request. */
    enum reuse_order reuse;
    sim_time idle_life;    /* How long an environment lives idle. */
    sim_time max_age;      /* The age at which an idle one ends; SIM_NEVER: it does not. */
    uint32_t quota;        /* The most requests at once, provisioned ones included. */
    uint32_t provisioned;  /* The environments that are always initialised; at most `quota`. */
    double growth;         /* The environments that may be added each second; 0: no limit. */
    double growth_at_once; /* The environments that may be added at once, at least 1. */
    double request_rate;   /* The most requests a second, and at once; 0: no limit. */
    uint32_t initial;      /* The environments that are idle at the begin. */
    sim_time warm_up;      /* The time at the begin that starts environments, and is not counted. */
};

/* What came of it. Those of several runs can be merged. */
struct function_result {
    double seconds;               /* The simulated time. */
    uint64_t requests;            /* All requests. */
    uint64_t cold;                /* Those that had a cold start. */
    uint64_t provisioned;         /* Those that a provisioned environment answered. */
    uint64_t throttled_by_quota;  /* Those refused with 429 because too many ran at once, */
    uint64_t throttled_by_growth; /* because too many environments were added, */
    uint64_t throttled_by_rate;   /* and because too many came in a second. */
    uint64_t billed_ms;           /* The billed durations, each rounded up to a millisecond. */
    uint64_t
        billed_provisioned_ms; /* Those of provisioned environments, which have a price of their own. */
    double alive_s;            /* The seconds that environments lived, provisioned ones included. */
    double running_s;          /* The seconds for which they ran. */
    uint64_t most_environments; /* The most environments at once, provisioned ones included. */
    struct latencies latency;   /* What clients of answered requests saw. */
};

/*
 * Simulate a function with the requests of `counts`. `result` must be zeroed. The memory does not grow with the number of
 * requests. Returns 0, or -1 without memory, where there are more provisioned environments than the quota, or
 * where the warm-up takes all of the time.
 */
int function_run(const struct function_config *config, const struct counts *counts, uint64_t seed,
                 struct function_result *result, struct err *err);

/* Add the result of another run, as if it had been seen `times` times: the times add up, and the most environments are those of either. */
void function_merge(struct function_result *result, const struct function_result *other,
                    uint64_t times);

/* Return the number of requests that were refused with 429. */
uint64_t function_throttled(const struct function_result *result);

#endif
