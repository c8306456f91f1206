/* unit_scoreboard: what the scoreboard counts for a request. */
#include "t/tap.h"

#include "fastcgi/scoreboard.h"
#include "util/clock.h"

#include <unistd.h>

/* Durations in nanoseconds, and the bucket that counts each: an upper end belongs to its bucket. */
static const struct {
    int64_t took;
    unsigned bucket;
} durations[] = {{1, 0},
                 {50000, 0},
                 {50001, 1},
                 {CLOCK_MS, 4},
                 {CLOCK_MS + 1, 5},
                 {CLOCK_S, 13},
                 {10 * CLOCK_S, 15},
                 {10 * CLOCK_S + 1, SCOREBOARD_BUCKETS}};

static void check_durations(struct scoreboard *scoreboard)
{
    struct slot *slot = scoreboard_claim_slot(scoreboard, SLOT_WORKER);
    struct scoreboard_counts *counts = &slot->counts[1];
    int64_t sum = 0;
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
        uint64_t before = counts->by_time[durations[i].bucket];
        slot_begin_request(slot, 1);
        slot_set_request(slot, 1, "");
        slot_end_request(slot, 200, durations[i].took);
        sum += durations[i].took;
        ok(counts->by_time[durations[i].bucket] == before + 1,
           "a request of %lld ns is counted in bucket %u", (long long)durations[i].took,
           durations[i].bucket);
    }
    ok(counts->ns == (uint64_t)sum, "the durations are added up");
    ok(slot->requests == sizeof durations / sizeof *durations && slot->since == 0 &&
           slot->state == SLOT_IDLE,
       "the requests of the process are counted, and it is idle after each");
}

int main(void)
{
    struct err err;
    int fd;
    tap_plan(11);
    struct scoreboard *scoreboard = scoreboard_new(&fd, &err);
    if (!scoreboard)
        tap_give_up("%s", err.text);
    scoreboard_add_route(scoreboard, "none");
    scoreboard_add_route(scoreboard, "calculator");
    ok(scoreboard_find_route(scoreboard, "calculator") == 1, "a route has its number");
    check_durations(scoreboard);
    scoreboard_free(scoreboard);
    close(fd);
    return tap_done();
}
