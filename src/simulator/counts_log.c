#include "simulator/counts_log.h"

#include "simulator/rng.h"
#include "simulator/sim_time.h"

#define DAY  86400u
#define WEEK (7 * DAY)

/* The number of different shifts: 0 and up to COUNTS_MOST_SHIFT seconds either way. */
#define SHIFTS (2 * COUNTS_MOST_SHIFT + 1)

/* The requests of a second that are to be expected to stay, and to go, from which on one number is drawn for all of them. */
#define MANY 20

/* The making of counts from a log. */
struct replay {
    struct counts *counts;
    const struct counts_log *log;
    size_t entries; /* The number of entries of the log that lie in its period. */
    size_t period;  /* The seconds after which the log is repeated. */
    double
        copies; /* The number of copies of the log that lie over each other; the last one may be thinned. */
    struct rng rng;
    bool overflow;
};

/* Check that the seconds ascend, lie in the log and have requests. */
static int check_log(const struct counts_log *log, struct err *err)
{
    if (log->n == 0)
        return err_set(err, "cannot replay a log without requests");
    for (size_t i = 0; i < log->n; i++)
        if (log->count[i] == 0 || log->second[i] >= log->seconds ||
            (i > 0 && log->second[i] <= log->second[i - 1]))
            return err_set(err, "cannot replay the log: its seconds must ascend, have requests, "
                                "and lie before its end");
    return 0;
}

/* Return the seconds of a log that are repeated where more than its length is wanted: whole weeks, or days. */
static size_t period_of(size_t log_seconds, size_t wanted)
{
    if (wanted <= log_seconds || log_seconds < DAY)
        return log_seconds;
    return log_seconds - log_seconds % (log_seconds < WEEK ? DAY : WEEK);
}

/* Add requests of the log to the repetition that begins at `begin`, `shift` seconds later. What the shift moves beyond one end of the
 * simulated time comes in at the other. */
static void add_at(struct replay *replay, size_t begin, size_t second, long shift, uint64_t n)
{
    long seconds = (long)replay->counts->seconds;
    if (begin + second >= replay->counts->seconds)
        return;
    long at = ((long)(begin + second) + shift) % seconds;
    counts_add(replay->counts, (size_t)(at < 0 ? at + seconds : at), n, &replay->overflow);
}

/* Add `times` whole copies of the log with the same shift. */
static void add_copies(struct replay *replay, size_t begin, long shift, uint64_t times)
{
    const struct counts_log *log = replay->log;
    for (size_t i = 0; i < replay->entries; i++)
        add_at(replay, begin, log->second[i], shift, times * log->count[i]);
}

/* Return how many requests to leave out until the next one that stays, where each stays with probability `share`. */
static double draw_gap(struct rng *rng, double share)
{
    return floor(-rng_exponential(rng) / log1p(-share));
}

/* Return how many of `left` requests stay, where each stays with probability `share` and `gap` are left out before the next one. */
static uint64_t walk_gaps(struct rng *rng, double left, double share, double *gap)
{
    uint64_t n = 0;
    for (; *gap < left; n++) {
        left -= *gap + 1;
        *gap = draw_gap(rng, share);
    }
    *gap -= left;
    return n;
}

/* Add a copy of the log of which each request stays with probability `share`. Where many of a second do, one number is drawn for all of
 * them; the gap is then that before the next second, since it does not depend on what was left out before. */
static void add_thinned_copy(struct replay *replay, size_t begin, long shift, double share)
{
    const struct counts_log *log = replay->log;
    double gap = draw_gap(&replay->rng, share);
    for (size_t i = 0; i < replay->entries; i++) {
        double count = log->count[i];
        uint64_t n = count * fmin(share, 1 - share) >= MANY
                         ? rng_binomial(&replay->rng, count, share)
                         : walk_gaps(&replay->rng, count, share, &gap);
        add_at(replay, begin, log->second[i], shift, n);
    }
}

/* Return a shift from -COUNTS_MOST_SHIFT to COUNTS_MOST_SHIFT. */
static long draw_shift(struct rng *rng)
{
    return (long)rng_below(rng, SHIFTS) - COUNTS_MOST_SHIFT;
}

/* Add more than SHIFTS copies of the log, those with the same shift together, so that a volume takes no longer than there are requests. */
static void add_many_copies(struct replay *replay, size_t begin, uint64_t n)
{
    uint64_t times[SHIFTS] = {[COUNTS_MOST_SHIFT] = 1};
    for (uint64_t i = 1; i < n; i++)
        times[draw_shift(&replay->rng) + COUNTS_MOST_SHIFT]++;
    for (long i = 0; i < SHIFTS; i++)
        if (times[i])
            add_copies(replay, begin, i - COUNTS_MOST_SHIFT, times[i]);
}

/* Add one repetition of the log: the log itself, its shifted copies, and the thinned one. There are as many repetitions as seconds where the
 * log is that short. */
static void add_repetition(struct replay *replay, size_t begin)
{
    uint64_t whole = (uint64_t)replay->copies;
    double share = replay->copies - (double)whole;
    if (whole > SHIFTS)
        add_many_copies(replay, begin, whole);
    for (uint64_t i = 0; whole <= SHIFTS && i < whole; i++)
        add_copies(replay, begin, i ? draw_shift(&replay->rng) : 0, 1);
    if (share > 0)
        add_thinned_copy(replay, begin, whole ? draw_shift(&replay->rng) : 0, share);
}

/* Find the entries of the period, and how many copies of them give the volume. */
static int scale_replay(struct replay *replay, double volume, struct err *err)
{
    const struct counts_log *log = replay->log;
    uint64_t total = 0;
    for (; replay->entries < log->n && log->second[replay->entries] < replay->period;
         replay->entries++)
        total += log->count[replay->entries];
    if (total == 0)
        return err_set(err, "cannot repeat the log: its whole days have no request");
    double wanted = volume * (double)replay->period / SIM_MONTH_SECONDS;
    replay->copies = volume > 0 ? wanted / (double)total : 1;
    return 0;
}

int counts_from_log(struct counts *counts, const struct counts_log *log, double volume,
                    size_t seconds, uint64_t seed, struct err *err)
{
    struct replay replay = {
        .counts = counts, .log = log, .period = period_of(log->seconds, seconds)};
    if (check_log(log, err) != 0 || scale_replay(&replay, volume, err) != 0 ||
        counts_start(counts, volume, seconds, err) != 0)
        return -1;
    rng_start(&replay.rng, seed, RNG_COUNTS, 0);
    for (size_t begin = 0; begin < seconds; begin += replay.period)
        add_repetition(&replay, begin);
    return counts_finish(counts, replay.overflow, err);
}
