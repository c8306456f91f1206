#include "planner/busiest.h"

#include "planner/sample.h"

#include <stdlib.h>

/* The most requests of a run. */
#define MOST_REQUESTS 250000

/* The requests that a run has at least, if some repetitions suffice for that. */
#define LEAST_REQUESTS   10000
#define MOST_REPETITIONS 100

/* The machines of the part of a fleet that stands for all of it, at least. */
#define PART_MACHINES 1000

/* A stretch of time that a fleet must hold. */
struct stretch {
    const struct busiest_config *config;
    struct counts counts;
    uint64_t seed;
    unsigned repetitions;
};

/* Return the first second of the BUSIEST_SECONDS with the most requests. */
static size_t busiest_window(const struct counts *counts)
{
    size_t best = 0;
    uint64_t sum = 0, most = 0;
    for (size_t end = 0; end < counts->seconds; end++) {
        sum += counts->by_second[end];
        if (end >= BUSIEST_SECONDS)
            sum -= counts->by_second[end - BUSIEST_SECONDS];
        if (sum > most) {
            most = sum;
            best = end + 1 > BUSIEST_SECONDS ? end + 1 - BUSIEST_SECONDS : 0;
        }
    }
    return best;
}

static size_t seconds_from(const struct counts *counts, size_t begin)
{
    size_t rest = counts->seconds - begin;
    return rest < BUSIEST_SECONDS ? rest : BUSIEST_SECONDS;
}

/* Return the machines that would be busy all the time in some seconds. */
static double busy_machines(const struct busiest_config *config, const struct counts *counts)
{
    double work_s = (double)counts->total * config->service->mean / (double)SIM_SECOND;
    return work_s / ((double)counts->seconds * config->cores);
}

/* Return into how many parts a fleet for these seconds is cut. */
static uint64_t parts_of(const struct busiest_config *config, const struct counts *counts)
{
    double parts = busy_machines(config, counts) / PART_MACHINES;
    return parts < 1 ? 1 : (uint64_t)parts;
}

/* Return the share of the durations that are longer than `limit`. */
static double share_above(const struct durations *durations, sim_time limit)
{
    if (durations->kind == DURATIONS_CONSTANT)
        return durations->mean > (double)limit;
    if (durations->kind == DURATIONS_EXPONENTIAL)
        return exp(-(double)limit / durations->mean);
    size_t n = 0;
    while (n < durations->n && durations->values[n] <= limit)
        n++;
    double all = (double)durations->ends[durations->n - 1];
    return n ? 1 - (double)durations->ends[n - 1] / all : 1;
}

/* Return whether few enough requests of a run were late. Of a few requests, chance may make some more late than their share. */
static bool is_in_time(const struct stretch *stretch, const struct fleet_result *result)
{
    double requests = (double)result->requests, late = (1 - BUSIEST_SHARE) * requests;
    if (requests < LEAST_REQUESTS)
        late += 2 * sqrt(late);
    double share = requests > late ? 1 - late / requests : 0;
    return latencies_percentile(&result->report.latency, share, fleet_failures(result)) <=
           stretch->config->in_time;
}

/* Simulate a number of machines. Sets `*suffices`. */
static int try_machines(const struct stretch *stretch, unsigned machines, bool *suffices,
                        struct err *err)
{
    const struct busiest_config *config = stretch->config;
    const struct fleet_config fleet = {
        .machine = {.cores = config->cores, .waiting = config->waiting},
        .service = config->service,
        .machines = machines,
        .most = machines,
    };
    struct fleet_result *all = calloc(2, sizeof *all);
    int status = all ? 0 : err_errno(err, "cannot simulate %u machines", machines);
    for (unsigned i = 0; status == 0 && i < stretch->repetitions; i++) {
        all[1] = (struct fleet_result){0};
        status = fleet_run(&fleet, &stretch->counts, stretch->seed + i, &all[1], err);
        fleet_merge(&all[0], &all[1], 1);
    }
    *suffices = status == 0 && is_in_time(stretch, all);
    free(all);
    return status;
}

/* Find the least number of machines, which is above `low`. */
static int search(const struct stretch *stretch, unsigned low, unsigned *machines, struct err *err)
{
    /* With a machine for each request none waits, and more machines change nothing. */
    uint64_t most =
        stretch->counts.total < FLEET_MOST_MACHINES ? stretch->counts.total : FLEET_MOST_MACHINES;
    unsigned high = low + 1, step = 1 + low / 128;
    bool suffices = false;
    *machines = 0;
    for (;; low = high, high += step, step *= 2) {
        if (high > most && high > low + 1)
            high = most > low ? (unsigned)most : low + 1;
        if (try_machines(stretch, high, &suffices, err) != 0)
            return -1;
        if (suffices)
            break;
        if (high >= most)
            return 0;
    }
    while (high - low > 1) {
        unsigned middle = low + (high - low) / 2;
        if (try_machines(stretch, middle, &suffices, err) != 0)
            return -1;
        *(suffices ? &high : &low) = middle;
    }
    *machines = high;
    return 0;
}

/* Return a number of machines that does not suffice: they could not do the work of these seconds before their end, nor in time after it. */
static double too_few(const struct busiest_config *config, const struct counts *counts)
{
    double seconds = (double)counts->seconds;
    return BUSIEST_SHARE * busy_machines(config, counts) * seconds /
           (seconds + sim_seconds(config->in_time));
}

/* Find the least number of machines for the seconds from `begin`, as above. */
static int hold(const struct busiest_config *config, const struct counts *month, size_t begin,
                uint64_t seed, struct busiest_size *size, struct err *err)
{
    struct counts window = sample_view(month, begin, seconds_from(month, begin));
    uint64_t parts = parts_of(config, &window);
    struct counts part = sample_around(&window, counts_busiest(&window), MOST_REQUESTS * parts);
    struct stretch stretch = {.config = config, .seed = seed, .repetitions = 1};
    if (sample_share(&stretch.counts, &part, parts, err) != 0)
        return -1;
    uint64_t requests = stretch.counts.total;
    if (requests < LEAST_REQUESTS)
        stretch.repetitions = requests * MOST_REPETITIONS < LEAST_REQUESTS
                                  ? MOST_REPETITIONS
                                  : (unsigned)((LEAST_REQUESTS + requests - 1) / requests);
    double low = fmax(too_few(config, &window), too_few(config, &part)) / (double)parts;
    unsigned found = 1;
    int status = requests ? search(&stretch, (unsigned)fmax(ceil(low) - 1, 0), &found, err) : 0;
    counts_free(&stretch.counts);
    *size = (struct busiest_size){(double)found * (double)parts, parts};
    return status;
}

int busiest_machines(const struct busiest_config *config, const struct counts *month, uint64_t seed,
                     struct busiest_size *size, struct err *err)
{
    struct busiest_size around;
    size_t window = busiest_window(month), busiest = counts_busiest(month);
    *size = (struct busiest_size){0, 1};
    if (share_above(config->service, config->in_time) > 1 - BUSIEST_SHARE)
        return 0;
    if (hold(config, month, window, seed, size, err) != 0)
        return -1;
    if (size->machines <= 0 || (busiest >= window && busiest < window + BUSIEST_SECONDS))
        return 0;
    size_t before = busiest < BUSIEST_SECONDS / 2 ? 0 : busiest - BUSIEST_SECONDS / 2;
    if (hold(config, month, before, seed, &around, err) != 0)
        return -1;
    if (around.machines <= 0 || around.machines > size->machines)
        *size = around;
    return 0;
}

double busiest_work(const struct busiest_config *config, const struct counts *month)
{
    size_t begin = busiest_window(month);
    struct counts window = sample_view(month, begin, seconds_from(month, begin));
    return 60 * config->cores * busy_machines(config, &window);
}
