/*
 * board: the scoreboard, memory that the supervisor and all its processes share. Who does what, and
 * how many requests were answered how fast.
 *
 * Nobody locks. Each number has one writer: a slot's counters belong to the process in the slot,
 * the rest of the slot to the supervisor. Whoever reports adds up all slots. Counters stay with the
 * slot when its process ends, and the next one counts on, so that no sum ever goes down.
 *
 * The memory is a file without a name, which a supervisor hands on to its successor (takeover.h).
 */
#ifndef FASTCGI_SCOREBOARD_H
#define FASTCGI_SCOREBOARD_H

#include "util/err.h"
#include "util/http_status.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SCOREBOARD_WORKERS 512 /* the most that a pool may have */
#define SCOREBOARD_SLOTS                                                                           \
    (2 * SCOREBOARD_WORKERS + 2) /* two generations of workers, and of compilers */
#define SCOREBOARD_ROUTES 16
#define SCOREBOARD_NAME   24 /* bytes of a route's name, NUL included */
#define SCOREBOARD_TIMES                                                                           \
    16                   /* buckets of the histogram, without the last one, which is for the rest */
#define SCOREBOARD_ID 64 /* bytes of a request's id, NUL included */

/* The upper ends of the buckets, in seconds. */
extern const double scoreboard_times[SCOREBOARD_TIMES];

typedef _Atomic uint64_t scoreboard_counter;

enum slot_role { SLOT_WORKER, SLOT_COMPILER, SLOT_ROLES };

enum slot_state { SLOT_STARTING, SLOT_IDLE, SLOT_READING, SLOT_WORKING };

/* Why a process had to be replaced. */
enum replace_cause { CAUSE_DIED, CAUSE_TIMEOUT, CAUSE_RECYCLED, CAUSE_RELOADED, SCOREBOARD_CAUSES };

struct scoreboard_counts {
    /* Responses by row of http_statuses; the last counter is for statuses without a row. */
    scoreboard_counter by_status[HTTP_STATUSES + 1];
    scoreboard_counter by_time[SCOREBOARD_TIMES + 1]; /* each its own bucket, not added up */
    scoreboard_counter ns;                            /* the sum of all times */
};

struct slot {
    /* Of the supervisor. */
    _Atomic pid_t pid; /* 0: the slot is free */
    enum slot_role role;
    uint32_t epoch;        /* of the supervisor that started it */
    int64_t started;       /* ns of the monotonic clock, as all times here */
    int64_t stopped_since; /* by a signal as SIGSTOP is; else 0 */
    bool stop_requested;   /* to finish what runs and go */
    bool timed_out;        /* and was killed for it */

    /* Of the process in it. */
    _Atomic enum slot_state state;
    _Atomic int64_t since;       /* when the request's first byte came; 0 while there is none */
    _Atomic unsigned route;      /* of that request */
    scoreboard_counter requests; /* answered by this process */
    char request[SCOREBOARD_ID]; /* the id of the request, which the server in front gave it */
    struct scoreboard_counts counts[SCOREBOARD_ROUTES]; /* these outlive the process */
};

/* What the compiler last did. */
struct scoreboard_compiler {
    scoreboard_counter polls; /* at the store, by this supervisor's compilers; the first is told */
    scoreboard_counter failures;  /* looks that failed, a complaint of several looks counted once */
    _Atomic int64_t made;         /* when the snapshot was: s since 1970 */
    _Atomic unsigned store_error; /* which of the two texts holds; the other one is written next */
    char store_errors[2][sizeof(struct err)]; /* empty when all is well */
};

struct scoreboard {
    uint64_t layout;               /* tells a board of another version */
    scoreboard_counter generation; /* counted up when a new snapshot lies at its path */
    uint32_t epoch;                /* counted up with each supervisor */
    int64_t began;                 /* s since 1970 */
    int64_t began_ns;              /* of the monotonic clock */
    scoreboard_counter replaced[SCOREBOARD_CAUSES];
    _Atomic unsigned n_routes, n_slots; /* in use so far */
    char routes[SCOREBOARD_ROUTES]
               [SCOREBOARD_NAME]; /* names; the first is for requests without a route */
    struct scoreboard_compiler compiler;
    _Alignas(64) struct slot slots[SCOREBOARD_SLOTS];
};

/* ns of the monotonic clock. */
int64_t scoreboard_now(void);

/* Make a board. `*fd` is its file, close-on-exec. Returns NULL with a reason on failure. */
struct scoreboard *scoreboard_new(int *fd, struct err *err);

/* Map the board that another supervisor made. Returns NULL with a reason where it is none, or one
 * of another layout. */
struct scoreboard *scoreboard_adopt(int fd, struct err *err);

/* Unmap; NULL is allowed. */
void scoreboard_free(struct scoreboard *scoreboard);

/* Give a route a number, unless it has one. Of the supervisor alone, before it starts workers. */
void scoreboard_add_route(struct scoreboard *scoreboard, const char *name);

/* The number of a route by its name; 0 where it has none. */
unsigned scoreboard_route(const struct scoreboard *scoreboard, const char *name);

/* A slot that no process has, for one of this role; NULL where all are taken. */
struct slot *scoreboard_take_slot(struct scoreboard *scoreboard, enum slot_role role);

/* In the process of a slot: a request begins, is read, and has been answered. */
void slot_begin(struct slot *slot, int64_t now);
void slot_set_request(struct slot *slot, unsigned route, const char *id);
void slot_end(struct slot *slot, int status, int64_t took);
/* None came after all. */
void slot_set_idle(struct slot *slot);

/* Add up a counter of all slots. `at` is its place in slot 0. */
uint64_t scoreboard_sum(const struct scoreboard *scoreboard, const scoreboard_counter *at);

/* Add to a counter that has no other writer. */
static inline void scoreboard_count(scoreboard_counter *counter, uint64_t n)
{
    uint64_t before = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, before + n, memory_order_relaxed);
}

/* Set what is wrong with the store, or "" (the compiler alone), and tell it. */
void scoreboard_set_store_error(struct scoreboard *scoreboard, const char *text);
const char *scoreboard_store_error(const struct scoreboard *scoreboard);

#endif
