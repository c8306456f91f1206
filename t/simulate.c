/*
 * Simulates what the command line says, for t/simulator.t: simulate COMMAND [NAME=VALUE...]. Prints lines "NAME VALUE". Times are in
 * milliseconds, unless a name ends in _s. A distribution is const:MS, exp:MS, or list:MS,MS,...
 */
#include "simulator/simulation.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A parameter of the command line and its place. */
struct parameter {
    const char *name;
    double value;
};

enum {
    VOLUME,
    SECONDS,
    SEED,
    REPETITIONS,
    THREADS,
    ROUND_TRIP,
    IDLE_S,
    AGE_S,
    QUOTA,
    PROVISIONED,
    GROWTH,
    AT_ONCE,
    REQUEST_RATE,
    PLACEMENT,
    REUSE,
    MACHINES,
    MOST,
    CORES,
    WAITING,
    TARGET,
    BOOT_S,
    LOSS_S,
    EARNED,
    BASELINE,
    MOST_CREDITS,
    START_CREDITS,
    UNLIMITED,
    WINDOW,
    LOG_SECONDS,
    N_PARAMETERS
};

static struct parameter parameters[] = {
    [VOLUME] = {"volume", 0},
    [SECONDS] = {"seconds", SIM_MONTH_SECONDS},
    [SEED] = {"seed", 1},
    [REPETITIONS] = {"repetitions", 1},
    [THREADS] = {"threads", 1},
    [ROUND_TRIP] = {"round_trip", 0},
    [IDLE_S] = {"idle_s", 600},
    [AGE_S] = {"age_s", 0},
    [QUOTA] = {"quota", 1000},
    [PROVISIONED] = {"provisioned", 0},
    [GROWTH] = {"growth", 0},
    [AT_ONCE] = {"at_once", 1},
    [REQUEST_RATE] = {"request_rate", 0},
    [PLACEMENT] = {"placement", 0},
    [REUSE] = {"reuse", 0},
    [MACHINES] = {"machines", 1},
    [MOST] = {"most", 0},
    [CORES] = {"cores", 1},
    [WAITING] = {"waiting", -1},
    [TARGET] = {"target", 0.5},
    [BOOT_S] = {"boot_s", 60},
    [LOSS_S] = {"loss_s", 0},
    [EARNED] = {"earned", 0},
    [BASELINE] = {"baseline", 1},
    [MOST_CREDITS] = {"most_credits", 0},
    [START_CREDITS] = {"start_credits", 0},
    [UNLIMITED] = {"unlimited", 0},
    [WINDOW] = {"window", 60},
    [LOG_SECONDS] = {"log_seconds", 0},
};

static struct durations warm, first, init;
static const struct shape *shape;

static __attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static sim_time from_ms(double ms)
{
    return (sim_time)(ms * (double)SIM_MILLISECOND);
}

/* Read a list of durations, such as "1,2.5,2.5". */
static void read_list(struct durations *durations, char *text)
{
    sim_time values[64];
    size_t n = 0;
    struct err err;
    for (char *part = strtok(text, ","); part && n < 64; part = strtok(NULL, ","))
        values[n++] = from_ms(atof(part));
    if (durations_measure(durations, values, NULL, n, &err) != 0)
        die("%s", err.text);
}

static void read_durations(struct durations *durations, char *text)
{
    durations_free(durations);
    if (strncmp(text, "list:", 5) == 0)
        read_list(durations, text + 5);
    else if (strncmp(text, "exp:", 4) == 0)
        *durations =
            (struct durations){.kind = DURATIONS_EXPONENTIAL, .mean = atof(text + 4) * 1e6};
    else
        *durations = (struct durations){.kind = DURATIONS_CONSTANT, .mean = atof(text + 6) * 1e6};
}

static void read_argument(const char *name, char *value)
{
    for (int i = 0; i < N_PARAMETERS; i++)
        if (strcmp(parameters[i].name, name) == 0) {
            parameters[i].value = atof(value);
            return;
        }
    if (strcmp(name, "shape") == 0)
        shape = shape_find(value);
    else if (strcmp(name, "warm") == 0)
        read_durations(&warm, value);
    else if (strcmp(name, "first") == 0)
        read_durations(&first, value);
    else if (strcmp(name, "init") == 0)
        read_durations(&init, value);
    else
        die("unknown parameter '%s'", name);
}

static double get(int parameter)
{
    return parameters[parameter].value;
}

static struct function_config function_config(void)
{
    return (struct function_config){
        .warm = &warm,
        .first = &first,
        .init = &init,
        .placement = from_ms(get(PLACEMENT)),
        .round_trip = from_ms(get(ROUND_TRIP)),
        .reuse = (enum reuse_order)get(REUSE),
        .idle_life = from_ms(1000 * get(IDLE_S)),
        .max_age = get(AGE_S) > 0 ? from_ms(1000 * get(AGE_S)) : SIM_NEVER,
        .quota = (uint32_t)get(QUOTA),
        .provisioned = (uint32_t)get(PROVISIONED),
        .growth = get(GROWTH),
        .growth_at_once = get(AT_ONCE),
        .request_rate = get(REQUEST_RATE),
    };
}

static struct fleet_config fleet_config(void)
{
    return (struct fleet_config){
        .machine = {.cores = (unsigned)get(CORES),
                    .waiting = get(WAITING) < 0 ? SIM_NEVER : (uint64_t)get(WAITING),
                    .credits = {.per_minute = get(EARNED),
                                .baseline = get(BASELINE),
                                .most = get(MOST_CREDITS),
                                .start = get(START_CREDITS),
                                .unlimited = get(UNLIMITED) > 0}},
        .service = &warm,
        .round_trip = from_ms(get(ROUND_TRIP)),
        .machines = (unsigned)get(MACHINES),
        .most = get(MOST) > 0 ? (unsigned)get(MOST) : (unsigned)get(MACHINES),
        .target = get(TARGET),
        .boot = from_ms(1000 * get(BOOT_S)),
        .loss = from_ms(1000 * get(LOSS_S)),
    };
}

static void print_latency(const struct latencies *latency, uint64_t failures)
{
    const double shares[] = {0.5, 0.9, 0.95, 0.99, 0.999};
    printf("answered %lu\nmean_ms %.9g\n", latency->n, latencies_mean(latency) / 1e6);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        sim_time value = latencies_percentile(latency, shares[i], failures);
        printf("p%g_ms %.9g\n", 100 * shares[i],
               value == SIM_NEVER ? (double)INFINITY : (double)value / 1e6);
    }
}

static void print_function(const struct function_result *result)
{
    printf("requests %lu\ncold %lu\nprovisioned %lu\n", result->requests, result->cold,
           result->provisioned);
    printf("by_quota %lu\nby_growth %lu\nby_rate %lu\n", result->throttled_by_quota,
           result->throttled_by_growth, result->throttled_by_rate);
    printf("billed_ms %lu\nbilled_provisioned_ms %lu\n", result->billed_ms,
           result->billed_provisioned_ms);
    printf("alive %.9g\nrunning %.9g\nmost %lu\n", result->alive_s / result->seconds,
           result->running_s / result->seconds, result->most_environments);
    print_latency(&result->latency, function_throttled(result));
}

static void print_fleet(const struct fleet_config *config, const struct fleet_result *result)
{
    printf("requests %lu\nshed %lu\nlost %lu\n", result->requests, result->shed,
           result->report.lost);
    printf("machines %.9g\nmost %u\nutilisation %.9g\n", result->machine_s / result->seconds,
           result->most, fleet_utilisation(config, result));
    printf("least_balance %.9g\nthrottled_s %.9g\nsurplus_billed %.9g\n", result->least_balance,
           result->throttled_s, result->surplus_billed);
    if (result->balance)
        printf("balance %.9g\n", result->balance[result->minutes - 1]);
    print_latency(&result->report.latency, fleet_failures(result));
}

/* Read a log from the standard input: lines "SECOND COUNT". */
static struct counts_log read_log(void)
{
    static uint32_t second[1 << 16], count[1 << 16];
    size_t n = 0;
    while (n < 1 << 16 && scanf("%u %u", &second[n], &count[n]) == 2)
        n++;
    return (struct counts_log){second, count, n, (size_t)get(LOG_SECONDS)};
}

static void simulate(const struct simulation *simulation)
{
    struct function_result *functions = calloc(simulation->n_functions + 1, sizeof *functions);
    struct fleet_result *fleets = calloc(simulation->n_fleets + 1, sizeof *fleets);
    struct err err;
    if (!functions || !fleets)
        die("no memory");
    if (simulation_run(simulation, functions, fleets, &err) != 0)
        die("%s", err.text);
    for (size_t i = 0; i < simulation->n_functions; i++)
        print_function(&functions[i]);
    for (size_t i = 0; i < simulation->n_fleets; i++) {
        print_fleet(&simulation->fleets[i], &fleets[i]);
        fleet_result_free(&fleets[i]);
    }
    free(functions);
    free(fleets);
}

static void describe_counts(const struct counts *counts)
{
    printf("requests %lu\nseconds %zu\nbusiest %zu\nbusiest_count %u\ndispersion %.9g\n",
           counts->total, counts->seconds, counts_busiest(counts),
           counts->by_second[counts_busiest(counts)],
           counts_dispersion(counts, (size_t)get(WINDOW)));
}

/* Read lines "HOURS UTILISATION" of both vCPUs together, and print balance, surplus and bill after each. */
static void account_credits(const struct credits_config *config)
{
    struct credits credits = {.balance = config->start};
    double hours, utilisation;
    while (scanf("%lf %lf", &hours, &utilisation) == 2) {
        for (int minute = 0; minute < (int)(60 * hours); minute++)
            credits_account(&credits, config, 1, get(CORES) * utilisation);
        printf("%.6f %.6f %.6f %g\n", credits.balance, credits.surplus, credits.billed,
               credits_speed(&credits, config));
    }
}

/* Read durations in ns, and print their number and percentiles. */
static void fill_latencies(void)
{
    struct latencies *latencies = calloc(1, sizeof *latencies);
    if (!latencies)
        die("no memory");
    for (sim_time value; scanf("%lu", &value) == 1;)
        latencies_add(latencies, value);
    for (int i = 0; i <= 1000; i++)
        printf("%lu\n", latencies_percentile(latencies, i / 1000.0, 0));
    free(latencies);
}

static void make_counts(const struct simulation *simulation, struct counts *counts)
{
    struct err err;
    if (simulation_counts(simulation, 0, counts, &err) != 0)
        die("%s", err.text);
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    for (int i = 2; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (!value)
            die("'%s' is no NAME=VALUE", argv[i]);
        *value = '\0';
        read_argument(argv[i], value + 1);
    }
    struct function_config function = function_config();
    struct fleet_config fleet = fleet_config();
    struct counts_log log = {0};
    if (strcmp(command, "credits") == 0) {
        account_credits(&fleet.machine.credits);
        return 0;
    }
    if (strcmp(command, "latencies") == 0) {
        fill_latencies();
        return 0;
    }
    if (get(LOG_SECONDS) > 0)
        log = read_log();
    struct simulation simulation = {
        .traffic = {.shape = shape,
                    .log = &log,
                    .volume = get(VOLUME),
                    .seconds = (size_t)get(SECONDS)},
        .seed = (uint64_t)get(SEED),
        .repetitions = (unsigned)get(REPETITIONS),
        .threads = (unsigned)get(THREADS),
        .functions = &function,
        .n_functions = strcmp(command, "lambda") == 0 || strcmp(command, "both") == 0,
        .fleets = &fleet,
        .n_fleets = strcmp(command, "vm") == 0 || strcmp(command, "both") == 0,
    };
    if (simulation.n_functions + simulation.n_fleets > 0) {
        simulate(&simulation);
    } else {
        struct counts counts;
        make_counts(&simulation, &counts);
        describe_counts(&counts);
        counts_free(&counts);
    }
    durations_free(&warm);
    durations_free(&first);
    durations_free(&init);
}
