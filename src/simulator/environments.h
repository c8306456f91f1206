/*
 * environments: the idle execution environments of a function, and which of them takes the next request. An environment ends when it
 * has been idle for its idle life, and while it is idle at its maximum age.
 */
#ifndef SIMULATOR_ENVIRONMENTS_H
#define SIMULATOR_ENVIRONMENTS_H

#include "simulator/ring.h"
#include "simulator/sim_time.h"

#include <stdbool.h>

/* Which idle environment takes a request. AWS does not say which. */
enum reuse_order {
    REUSE_NEWEST,       /* The one created last, as SimFaaS has it. */
    REUSE_MOST_RECENT,  /* The one used last. */
    REUSE_LEAST_RECENT, /* The one whose last use is longest ago. */
};

struct environment {
    uint64_t number; /* The number of those created before. */
    sim_time created;
    sim_time used; /* The end of the last request. */
};

struct environments {
    enum reuse_order order;
    sim_time idle_life; /* How long an environment lives idle. */
    sim_time max_age;   /* The age at which an idle one ends; SIM_NEVER: it does not. */
    struct ring
        used; /* The idle ones in the order of their last use, unless the newest is taken. */
    struct heap newest;    /* The idle ones by their creation, if the newest is taken. */
    sim_time counted_from; /* From when on the life of environments counts. */
    double alive_s;        /* The seconds that all ended environments have lived since then. */
};

/* Add an environment that becomes idle at the time `used`; those come in ascending order. Returns 0, or -1 without memory. */
int environments_add(struct environments *idle, struct environment environment, struct err *err);

/* Take the environment for a request at the time `now`. Those that have ended by then are counted and forgotten on the way, in
 * O(1) or O(log n) each. Returns false where none is idle. */
bool environments_take(struct environments *idle, sim_time now, struct environment *taken);

/* Return the number of idle environments that have not ended by `now`. Takes O(n). */
size_t environments_count(const struct environments *idle, sim_time now);

/* End all environments that are idle at the time `end`, count them, and free the memory. */
void environments_end(struct environments *idle, sim_time end);

#endif
