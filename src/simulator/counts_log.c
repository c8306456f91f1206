#include "simulator/counts_log.h"

#include "simulator/rng.h"
#include "simulator/sim_time.h"

#define DAY  86400u
#define WEEK (7 * DAY)

/* The number of different shifts: 0 and up to COUNTS_MOST_SHIFT seconds either way. */
#define SHIFTS (2 * COUNTS_MOST_SHIFT + 1)

/* The requests of a second that are to be expected to stay, and to go, from which on one number is drawn for all of them. */
#define MANY 20

/* The steps of laying copies of a log over each other from which on it is asked whether fewer do. A step takes some ns. */
#define MANY_STEPS 1e8

/* The steps that drawing a number of requests or copies takes. */
#define STEPS_OF_DRAW 20

/* The making of counts from a log. */
struct replay {
    struct counts *counts;
    const struct counts_log *log;
    size_t entries; /* The number of entries of the log that lie in its period. */
    size_t period;  /* The seconds after which the log is repeated. */
    double
        copies; /* The number of copies of the log that lie over each other; the last one may be thinned. */
    size_t together; /* The repetitions that are drawn together; 0: each copy by itself. */
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

/* Return how many of `count` stay, where each stays with probability `share` and `gap` are left out before the next one. Where many stay and many
 * go, one number is drawn for all of them; the gap is then that before the next ones, since it does not depend on what was left out before. */
static uint64_t draw_number(struct rng *rng, double count, double share, double *gap)
{
    return count * fmin(share, 1 - share) >= MANY ? rng_binomial(rng, count, share)
                                                  : walk_gaps(rng, count, share, gap);
}

/* Add a copy of the log of which each request stays with probability `share`. */
static void add_thinned_copy(struct replay *replay, size_t begin, long shift, double share)
{
    const struct counts_log *log = replay->log;
    double gap = draw_gap(&replay->rng, share);
    for (size_t i = 0; i < replay->entries; i++)
        add_at(replay, begin, log->second[i], shift,
               draw_number(&replay->rng, log->count[i], share, &gap));
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

/* Add one repetition of the log: the log itself, its shifted copies unless they are drawn together, and the thinned one. There are as many
 * repetitions as seconds where the log is that short. */
static void add_repetition(struct replay *replay, size_t begin)
{
    uint64_t whole = (uint64_t)replay->copies, one_by_one = replay->together ? 1 : whole;
    double share = replay->copies - (double)whole;
    if (one_by_one > SHIFTS)
        add_many_copies(replay, begin, one_by_one);
    for (uint64_t i = 0; one_by_one <= SHIFTS && i < one_by_one; i++)
        add_copies(replay, begin, i ? draw_shift(&replay->rng) : 0, 1);
    if (share > 0)
        add_thinned_copy(replay, begin, whole ? draw_shift(&replay->rng) : 0, share);
}

/* Return how many of `n` repetitions have a copy that begins `at` seconds after the earliest one of all of them. */
static uint64_t repetitions_at(size_t n, size_t period, size_t at)
{
    size_t first = at < SHIFTS ? 0 : (at - SHIFTS) / period + 1, end = at / period + 1;
    return (end < n ? end : n) - first;
}

/* Return how many of `copies` begin in a second in which each begins with probability `share`, below 1. */
static uint64_t draw_times(struct rng *rng, uint64_t copies, double share)
{
    double gap = draw_gap(rng, share);
    return draw_number(rng, (double)copies, share, &gap);
}

/* Add shifted copies of `n` repetitions of which the first begins at `begin`: draw how many copies begin in each second, not where each
 * copy begins. */
static void add_together(struct replay *replay, size_t begin, size_t n, uint64_t copies)
{
    uint64_t pairs = n * (uint64_t)SHIFTS; /* Of a repetition and a shift, from `at` on. */
    for (size_t at = 0; copies > 0; at++) {
        uint64_t here = repetitions_at(n, replay->period, at);
        uint64_t times =
            here < pairs ? draw_times(&replay->rng, copies, (double)here / (double)pairs) : copies;
        if (times > 0)
            add_copies(replay, begin, (long)at - COUNTS_MOST_SHIFT, times);
        copies -= times;
        pairs -= here;
    }
}

/* Add the shifted copies of all repetitions, some repetitions together. One that ends after the simulated time is by itself, since what is
 * beyond that is left out. */
static void add_all_together(struct replay *replay)
{
    size_t period = replay->period, whole = replay->counts->seconds / period;
    uint64_t copies = (uint64_t)replay->copies - 1;
    for (size_t i = 0, n; i * period < replay->counts->seconds; i += n) {
        size_t left = i < whole ? whole - i : 1;
        n = left < replay->together ? left : replay->together;
        add_together(replay, i * period, n, n * copies);
    }
}

/* Decide which copies are drawn together: those of a day, where each copy by itself would take long, as those of a log of a few requests or
 * seconds do. */
static void choose_together(struct replay *replay)
{
    double period = (double)replay->period, entries = (double)replay->entries;
    double repetitions = ceil((double)replay->counts->seconds / period);
    double whole = floor(replay->copies);
    double one_by_one = repetitions * (whole + fmin(whole, SHIFTS) * entries);
    size_t n = replay->period < DAY ? DAY / replay->period : 1;
    double seconds = repetitions / (double)n * ((double)(n - 1) * period + SHIFTS);
    double together = repetitions * entries + seconds * (STEPS_OF_DRAW + entries);
    if (one_by_one > MANY_STEPS && one_by_one > 2 * together)
        replay->together = n;
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
    choose_together(&replay);
    for (size_t begin = 0; begin < seconds; begin += replay.period)
        add_repetition(&replay, begin);
    if (replay.together)
        add_all_together(&replay);
    return counts_finish(counts, replay.overflow, err);
}
