#include "fastcgi/scoreboard.h"

#include "util/clock.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Increase LAYOUT_VERSION when a field gets another meaning. LAYOUT includes the size, so a change
 * of the size alone needs no other version. */
#define LAYOUT_VERSION 2
#define LAYOUT         ((uint64_t)LAYOUT_VERSION << 32 | sizeof(struct scoreboard))

const double scoreboard_buckets[SCOREBOARD_BUCKETS] = {
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
    0.025,   0.05,   0.1,     0.25,   0.5,   1,      2.5,   10};

static struct scoreboard *map_scoreboard(int fd, struct err *err)
{
    void *at = mmap(NULL, sizeof(struct scoreboard), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) {
        err_errno(err, "cannot map the scoreboard");
        return NULL;
    }
    return at;
}

struct scoreboard *scoreboard_new(int *fd, struct err *err)
{
    *fd = memfd_create("serverful-scoreboard", MFD_CLOEXEC);
    if (*fd < 0 || ftruncate(*fd, sizeof(struct scoreboard))) {
        err_errno(err, "cannot create the scoreboard");
        return NULL;
    }
    struct scoreboard *scoreboard = map_scoreboard(*fd, err);
    if (!scoreboard)
        return NULL;
    scoreboard->layout = LAYOUT;
    scoreboard->start_time = time(NULL);
    scoreboard->started = clock_now();
    return scoreboard;
}

struct scoreboard *scoreboard_adopt(int fd, struct err *err)
{
    struct stat st;
    struct scoreboard *scoreboard = NULL;
    if (!fstat(fd, &st) && st.st_size == sizeof(struct scoreboard))
        scoreboard = map_scoreboard(fd, err);
    if (scoreboard && scoreboard->layout == LAYOUT)
        return scoreboard;
    scoreboard_free(scoreboard);
    err_set(err, "the running pool's scoreboard is incompatible: restart the service");
    return NULL;
}

void scoreboard_free(struct scoreboard *scoreboard)
{
    if (scoreboard)
        munmap(scoreboard, sizeof *scoreboard);
}

unsigned scoreboard_find_route(const struct scoreboard *scoreboard, const char *name)
{
    for (unsigned i = 0; i < scoreboard->n_routes; i++) {
        if (!strcmp(scoreboard->routes[i], name))
            return i;
    }
    return 0;
}

void scoreboard_add_route(struct scoreboard *scoreboard, const char *name)
{
    unsigned n = scoreboard->n_routes;
    if (n && (scoreboard_find_route(scoreboard, name) || !strcmp(scoreboard->routes[0], name)))
        return;
    if (n == SCOREBOARD_ROUTES || strlen(name) >= SCOREBOARD_ROUTE_NAME)
        return;
    strcpy(scoreboard->routes[n], name);
    scoreboard->n_routes = n + 1;
}

struct slot *scoreboard_claim_slot(struct scoreboard *scoreboard, enum slot_role role)
{
    unsigned i = 0;
    while (i < scoreboard->n_slots && scoreboard->slots[i].pid)
        i++;
    if (i == SCOREBOARD_SLOTS)
        return NULL;
    if (i == scoreboard->n_slots)
        scoreboard->n_slots = i + 1;
    struct slot *slot = &scoreboard->slots[i];
    slot->role = role;
    slot->epoch = scoreboard->epoch;
    slot->started = clock_now();
    slot->stopped_since = 0;
    slot->stop_requested = slot->timed_out = false;
    slot->generation = 0;
    slot->requests = 0;
    slot->request_id[0] = '\0';
    slot->state = SLOT_STARTING;
    slot->since = 0;
    return slot;
}

void slot_begin_request(struct slot *slot, int64_t now)
{
    slot->request_id[0] = '\0';
    atomic_store_explicit(&slot->route, 0, memory_order_relaxed);
    atomic_store_explicit(&slot->state, SLOT_READING, memory_order_relaxed);
    atomic_store_explicit(&slot->since, now, memory_order_relaxed);
}

/* Copy an id without the characters that could break a line of the log. */
static void copy_id(char to[SCOREBOARD_ID], const char *id)
{
    size_t n = 0;
    for (; *id && n < SCOREBOARD_ID - 1; id++) {
        if ((*id >= '0' && *id <= '9') || (*id >= 'a' && *id <= 'z') ||
            (*id >= 'A' && *id <= 'Z') || strchr("-_.:=/+", *id))
            to[n++] = *id;
    }
    to[n] = '\0';
}

void slot_set_request(struct slot *slot, unsigned route, const char *id)
{
    copy_id(slot->request_id, id);
    atomic_store_explicit(&slot->route, route, memory_order_relaxed);
    atomic_store_explicit(&slot->state, SLOT_WORKING, memory_order_relaxed);
}

void slot_set_idle(struct slot *slot)
{
    atomic_store_explicit(&slot->since, 0, memory_order_relaxed);
    atomic_store_explicit(&slot->state, SLOT_IDLE, memory_order_relaxed);
}

static unsigned bucket_index(int64_t ns)
{
    unsigned i = 0;
    while (i < SCOREBOARD_BUCKETS && (double)ns > scoreboard_buckets[i] * 1e9)
        i++;
    return i;
}

void slot_end_request(struct slot *slot, int status, int64_t took)
{
    struct scoreboard_counts *counts = &slot->counts[slot->route];
    scoreboard_count(&counts->by_status[http_status_index(status)], 1);
    scoreboard_count(&counts->by_time[bucket_index(took)], 1);
    scoreboard_count(&counts->ns, (uint64_t)took);
    scoreboard_count(&slot->requests, 1);
    slot_set_idle(slot);
}

uint64_t scoreboard_sum(const struct scoreboard *scoreboard, const scoreboard_counter *at)
{
    uint64_t sum = 0;
    size_t offset = (size_t)((const char *)at - (const char *)&scoreboard->slots[0]);
    for (unsigned i = 0; i < scoreboard->n_slots; i++) {
        const scoreboard_counter *counter =
            (const scoreboard_counter *)((const char *)&scoreboard->slots[i] + offset);
        sum += atomic_load_explicit(counter, memory_order_relaxed);
    }
    return sum;
}

void scoreboard_set_store_error(struct scoreboard *scoreboard, const char *text)
{
    struct scoreboard_compiler *compiler = &scoreboard->compiler;
    unsigned next = !compiler->current_error;
    strncpy(compiler->store_errors[next], text, sizeof compiler->store_errors[next] - 1);
    compiler->current_error = next;
}

const char *scoreboard_store_error(const struct scoreboard *scoreboard)
{
    return scoreboard->compiler.store_errors[scoreboard->compiler.current_error];
}
