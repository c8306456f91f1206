/*
 * scoreboard: memory that the supervisor and all its processes share. It shows what each process
 * does, and counts requests by route, status and duration.
 *
 * There are no locks: each number has one writer. The process in a slot writes the slot's state and
 * counters, the supervisor writes the rest of the slot, the compiler writes its own part, and a
 * reader adds up all slots. The counters of a slot outlive the process in it, and the next process
 * continues them, so that no sum ever falls.
 *
 * The memory is an anonymous file, which a supervisor hands over when it re-executes (upgrade.h).
 * All times here are those of clock_now(), unless stated otherwise.
 */
#ifndef FASTCGI_SCOREBOARD_H
#define FASTCGI_SCOREBOARD_H

#include "fastcgi/pool_options.h"
#include "util/err.h"
#include "util/http_status.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Room for two generations of workers and of compilers, since they overlap during an upgrade. */
#define SCOREBOARD_SLOTS (2 * POOL_MAX_WORKERS + 2)

/* The largest number of routes, and the bytes of a route's name with its NUL. */
#define SCOREBOARD_ROUTES     16
#define SCOREBOARD_ROUTE_NAME 24

/* The number of histogram buckets that have an upper end. One more bucket follows them. */
#define SCOREBOARD_BUCKETS 16

/* Bytes of a request's id with its NUL. */
#define SCOREBOARD_ID 64

/* The upper ends of the histogram's buckets, in seconds, ascending. */
extern const double scoreboard_buckets[SCOREBOARD_BUCKETS];

typedef _Atomic uint64_t scoreboard_counter;

enum slot_role { SLOT_WORKER, SLOT_COMPILER, SLOT_ROLES };

enum slot_state { SLOT_STARTING, SLOT_IDLE, SLOT_READING, SLOT_WORKING, SLOT_STATES };

/* Why a worker was replaced. */
enum restart_cause {
    RESTART_DIED,     /* It crashed, failed, or was killed. */
    RESTART_TIMEOUT,  /* The supervisor killed it because it made no progress. */
    RESTART_RECYCLED, /* It had answered its number of requests. */
    RESTART_RELOADED, /* An upgrade replaced it. */
    RESTART_CAUSES
};

/* What is counted for each route. */
struct scoreboard_counts {
    /* Responses by row of http_statuses; the last counter is for statuses without a row. */
    scoreboard_counter by_status[HTTP_STATUSES + 1];

    /* Responses by duration, each counted in one bucket only. */
    scoreboard_counter by_time[SCOREBOARD_BUCKETS + 1];

    /* Nanoseconds of all responses together. */
    scoreboard_counter ns;
};

struct slot {
    /* These are written by the supervisor. */
    _Atomic pid_t pid;     /* The process in the slot; 0 for a free slot. */
    enum slot_role role;   /* The role of the process. */
    uint32_t epoch;        /* The value of scoreboard.epoch when the process was started. */
    int64_t started;       /* The start of the process. */
    int64_t stopped_since; /* The time at which SIGSTOP or its like stopped it; 0 while it runs. */
    bool stop_requested;   /* Whether the supervisor has asked the process to exit. */
    bool timed_out;        /* Whether the supervisor has killed it for making no progress. */

    /* These are written by the process in the slot. */
    _Atomic enum slot_state state;
    _Atomic int64_t since;         /* The time at which the present request began; 0 without one. */
    _Atomic unsigned route;        /* The number of the present request's route. */
    scoreboard_counter generation; /* The generation of the mapped snapshot; 0 for none. */
    scoreboard_counter requests;   /* The number of requests that this process has answered. */
    char request_id[SCOREBOARD_ID]; /* The id that the web server gave the present request. */
    struct scoreboard_counts counts[SCOREBOARD_ROUTES]; /* The counters by route. */
};

/* The part that the compiler writes. */
struct scoreboard_compiler {
    scoreboard_counter polls;  /* The number of polls of the store. */
    scoreboard_counter errors; /* The number of errors of the store; a repeated one counts once. */
    _Atomic int64_t snapshot_time; /* The time of the snapshot, in seconds since 1970. */

    /* The present error of the store and the one before; "" means that the store is good. A new
     * text is written to the entry that readers do not use, and then becomes current. */
    _Atomic unsigned current_error;
    char store_errors[2][sizeof(struct err)];
};

struct scoreboard {
    uint64_t layout;               /* The version and the size of this struct. */
    scoreboard_counter generation; /* The number of snapshots that were published. */
    uint32_t epoch;                /* The number of re-executions of the supervisor. */
    _Atomic bool program_replaced; /* Whether another file is at the path of the pool's program. */
    int64_t start_time;            /* The start of the pool, in seconds since 1970. */
    int64_t started;               /* The start of the pool. */
    scoreboard_counter restarts[RESTART_CAUSES]; /* The number of replaced workers, by cause. */
    _Atomic unsigned n_routes;                   /* The number of routes that have a number. */
    _Atomic unsigned n_slots;                    /* The number of slots that have ever been used. */

    /* The names of the routes, by number. Number 0 is for requests without a route. */
    char routes[SCOREBOARD_ROUTES][SCOREBOARD_ROUTE_NAME];

    struct scoreboard_compiler compiler;
    _Alignas(64) struct slot slots[SCOREBOARD_SLOTS];
};

/* Make a scoreboard. Sets `*fd` to the descriptor of its memory, which is closed on exec and is the
 * caller's to close. Returns NULL with a reason on failure. */
struct scoreboard *scoreboard_new(int *fd, struct err *err);

/* Map the scoreboard that another supervisor made. Returns NULL with a reason where `fd` is not a
 * scoreboard or has another layout. */
struct scoreboard *scoreboard_adopt(int fd, struct err *err);

/* Unmap a scoreboard. NULL is allowed. */
void scoreboard_free(struct scoreboard *scoreboard);

/* Give a route the next number, unless it has one. The supervisor calls it before it starts
 * workers. Routes that do not fit are counted under number 0. */
void scoreboard_add_route(struct scoreboard *scoreboard, const char *name);

/* Return the number of a route, or 0 where it has none. */
unsigned scoreboard_find_route(const struct scoreboard *scoreboard, const char *name);

/* Reset a free slot for a new process of this role; the caller then sets its pid. Returns NULL
 * where all slots are taken. */
struct slot *scoreboard_claim_slot(struct scoreboard *scoreboard, enum slot_role role);

/* Return the sum of a counter over all slots. `at` is the counter in slot 0. */
uint64_t scoreboard_sum(const struct scoreboard *scoreboard, const scoreboard_counter *at);

/* Set the error of the store; "" for none. Only the compiler calls it. */
void scoreboard_set_store_error(struct scoreboard *scoreboard, const char *text);

/* Return the error of the store; "" for none. */
const char *scoreboard_store_error(const struct scoreboard *scoreboard);

/* The process in the slot begins to read a request, whose first byte came at `now`; or to answer one
 * that has waited for its turn until `now`. */
void slot_begin_request(struct slot *slot, int64_t now);

/* The process in the slot has read the request, and works on it. `id` may be any text. */
void slot_set_request(struct slot *slot, unsigned route, const char *id);

/* The process in the slot has answered the request with this status, `took` nanoseconds after its
 * first byte. Counts it. */
void slot_end_request(struct slot *slot, int status, int64_t took);

/* The process in the slot has nothing to do. */
void slot_set_idle(struct slot *slot);

/* Add to a counter of which this process is the only writer. */
static inline void scoreboard_count(scoreboard_counter *counter, uint64_t n)
{
    uint64_t before = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, before + n, memory_order_relaxed);
}

#endif
