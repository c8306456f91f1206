#include "simulator/fleet.h"

#include "simulator/request_times.h"

#include <stdlib.h>

/* A machine of the fleet. */
struct member {
    struct machine machine;
    enum { ABSENT, BOOTING, READY, LOST } state;
    sim_time ready; /* When it serves again, while it boots or is lost. */
};

/* A run of the simulation. */
struct fleet_run {
    const struct fleet_config *config;
    struct fleet_result *result;
    struct member *members; /* As many as the most machines; the first ones are there. */
    unsigned *ready;        /* The members that serve. */
    unsigned n_ready, next; /* Their number, and which of them takes the next request. */
    unsigned above, below; /* The minutes for which the load has been above and below the target. */
    sim_time minute_end;   /* The end of the current minute. */
    sim_time loss;         /* When a machine is lost; SIM_NEVER: not any more. */
    sim_time
        next_ready; /* When the next machine serves that boots or is lost; SIM_NEVER: there is none. */
    sim_time next_event;     /* The first of these three. */
    sim_time end;            /* The end of the simulated time. */
    sim_time machines_since; /* Until when the machines' time is counted. */
    unsigned n_present;      /* The number of machines that are there, ready or not. */
    struct rng rng;
};

static sim_time earlier(sim_time a, sim_time b)
{
    return a < b ? a : b;
}

/* List the machines that serve, and find the next event. */
static void list_ready(struct fleet_run *run)
{
    run->n_ready = run->n_present = 0;
    run->next_ready = SIM_NEVER;
    for (unsigned i = 0; i < run->config->most; i++) {
        struct member *member = &run->members[i];
        run->n_present += member->state != ABSENT;
        if (member->state == READY)
            run->ready[run->n_ready++] = i;
        else if (member->state != ABSENT)
            run->next_ready = earlier(run->next_ready, member->ready);
    }
    if (run->next >= run->n_ready)
        run->next = 0;
    if (run->n_present > run->result->most)
        run->result->most = run->n_present;
    run->next_event = earlier(earlier(run->minute_end, run->loss), run->next_ready);
}

/* Count the time of the machines that are there until now. */
static void count_machines(struct fleet_run *run, sim_time now)
{
    run->result->machine_s += run->n_present * sim_seconds(now - run->machines_since);
    run->machines_since = now;
}

static int start_ready(struct fleet_run *run, sim_time now, struct err *err)
{
    for (unsigned i = 0; i < run->config->most; i++) {
        struct member *member = &run->members[i];
        if ((member->state != BOOTING && member->state != LOST) || member->ready > now)
            continue;
        member->state = READY;
        if (machine_start(&member->machine, now, err) != 0)
            return -1;
    }
    return 0;
}

/* Lose the first machine that serves. It comes back with the credits of a new one. */
static void lose_machine(struct fleet_run *run, sim_time now)
{
    run->loss = SIM_NEVER;
    if (run->n_ready == 0)
        return;
    struct member *member = &run->members[run->ready[0]];
    machine_lose(&member->machine, now);
    member->state = LOST;
    member->ready = now + run->config->loss;
}

/* Add machines, which serve after their boot. */
static void add_machines(struct fleet_run *run, unsigned n, sim_time now)
{
    for (unsigned i = 0; i < run->config->most && n > 0; i++) {
        if (run->members[i].state != ABSENT)
            continue;
        run->members[i].state = BOOTING;
        run->members[i].ready = now + run->config->boot;
        n--;
    }
}

/* Remove machines that serve, the last ones first. They still answer what they have taken. */
static void remove_machines(struct fleet_run *run, unsigned n)
{
    for (unsigned i = run->n_ready; i > 0 && n > 0; i--, n--) {
        struct member *member = &run->members[run->ready[i - 1]];
        machine_advance(&member->machine, SIM_NEVER);
        member->state = ABSENT;
    }
}

/* Follow the load of the last minute, which all machines that serve had together, in machines. */
static void track_target(struct fleet_run *run, double load, sim_time now)
{
    const struct fleet_config *config = run->config;
    double wanted = ceil(load / config->target);
    unsigned machines = wanted < config->machines ? config->machines
                        : wanted > config->most   ? config->most
                                                  : (unsigned)wanted;
    run->above = load > config->target * run->n_ready ? run->above + 1 : 0;
    run->below = load < FLEET_BELOW * config->target * run->n_ready ? run->below + 1 : 0;
    if (run->above >= FLEET_MINUTES_ABOVE && machines > run->n_present)
        add_machines(run, machines - run->n_present, now);
    if (run->below >= FLEET_MINUTES_BELOW && machines < run->n_ready) {
        remove_machines(run, run->n_ready - machines);
        run->below = 0;
    }
}

/* End a minute of a machine. Returns the seconds of work in it. */
static double end_minute_of(struct fleet_run *run, unsigned i, sim_time now)
{
    struct fleet_result *result = run->result;
    struct machine *machine = &run->members[i].machine;
    size_t minute = now / SIM_MINUTE - 1;
    machine_advance(machine, now);
    result->throttled_s += machine->speed < 1 ? 60 : 0;
    double work = machine_end_minute(machine, minute);
    double balance = machine->credits.balance - machine->credits.surplus;
    if (balance < result->least_balance)
        result->least_balance = balance;
    if (i == 0 && result->balance)
        result->balance[minute] = balance;
    return work;
}

static void end_minute(struct fleet_run *run, sim_time now)
{
    double work = 0;
    for (unsigned i = 0; i < run->n_ready; i++)
        work += end_minute_of(run, run->ready[i], now);
    if (run->config->most > run->config->machines && run->n_ready > 0)
        track_target(run, work / (60.0 * run->config->machine.cores), now);
    run->minute_end = now + SIM_MINUTE;
}

/* Do what is due until `now`, in order: ends of minutes, the loss, and machines that begin to serve. */
static int handle_events(struct fleet_run *run, sim_time now, struct err *err)
{
    while (run->next_event <= now) {
        sim_time time = run->next_event;
        count_machines(run, time);
        if (time == run->minute_end)
            end_minute(run, time);
        if (time == run->loss)
            lose_machine(run, time);
        if (start_ready(run, time, err) != 0)
            return -1;
        list_ready(run);
    }
    return 0;
}

static int take_requests(struct fleet_run *run, struct request_times *times, struct err *err)
{
    for (sim_time now; request_times_next(times, &now);) {
        bool taken = false;
        sim_time work = durations_draw(run->config->service, &run->rng);
        run->result->requests++;
        if (now >= run->next_event && handle_events(run, now, err) != 0)
            return -1;
        if (run->n_ready > 0) {
            struct member *member = &run->members[run->ready[run->next]];
            run->next = run->next + 1 < run->n_ready ? run->next + 1 : 0;
            if (machine_take(&member->machine, now, work, &taken, err) != 0)
                return -1;
        }
        run->result->shed += !taken;
    }
    return handle_events(run, run->end, err);
}

/* Serve what still waits, and sum up. */
static void end_run(struct fleet_run *run)
{
    struct fleet_result *result = run->result;
    count_machines(run, run->end);
    result->seconds = sim_seconds(run->end);
    for (unsigned i = 0; i < run->config->most; i++) {
        struct member *member = &run->members[i];
        if (member->state == READY)
            machine_advance(&member->machine, SIM_NEVER);
        result->surplus_billed += member->machine.credits.billed;
    }
}

/* Get the memory, and start the first machines. */
static int start_run(struct fleet_run *run, size_t minutes, struct err *err)
{
    const struct fleet_config *config = run->config;
    run->members = calloc(config->most, sizeof *run->members);
    run->ready = calloc(config->most, sizeof *run->ready);
    if (!run->members || !run->ready)
        return err_errno(err, "cannot simulate %u machines", config->most);
    for (unsigned i = 0; i < config->most; i++) {
        struct member *member = &run->members[i];
        member->machine = (struct machine){.config = &config->machine,
                                           .report = &run->result->report,
                                           .round_trip = config->round_trip,
                                           .end = run->end};
        member->state = i < config->machines ? BOOTING : ABSENT;
    }
    if (config->machine.credits.per_minute > 0) {
        run->result->balance = calloc(minutes, sizeof *run->result->balance);
        run->result->least_balance = config->machine.credits.most;
        run->result->minutes = minutes;
        if (!run->result->balance)
            return err_errno(err, "cannot keep the credits of %zu minutes", minutes);
    }
    if (start_ready(run, 0, err) != 0)
        return -1;
    list_ready(run);
    return 0;
}

static void free_run(struct fleet_run *run)
{
    for (unsigned i = 0; run->members && i < run->config->most; i++)
        machine_free(&run->members[i].machine);
    free(run->members);
    free(run->ready);
}

static int check_fleet(const struct fleet_config *config, struct err *err)
{
    if (config->machines < 1 || config->machines > config->most ||
        config->most > FLEET_MOST_MACHINES)
        return err_set(err, "cannot simulate %u to %u machines: take 1 to %d", config->machines,
                       config->most, FLEET_MOST_MACHINES);
    if (config->machine.cores < 1)
        return err_set(err, "cannot simulate machines without cores: take at least 1");
    if (config->most > config->machines && !(config->target > 0 && config->target <= 1))
        return err_set(err, "cannot keep a utilisation of %g: take a target above 0 and up to 1",
                       config->target);
    return 0;
}

int fleet_run(const struct fleet_config *config, const struct counts *counts, uint64_t seed,
              struct fleet_result *result, struct err *err)
{
    if (check_fleet(config, err) != 0)
        return -1;
    struct fleet_run run = {.config = config,
                            .result = result,
                            .minute_end = SIM_MINUTE,
                            .loss = SIM_NEVER,
                            .end = counts->seconds * SIM_SECOND};
    struct request_times times;
    if (config->loss > 0)
        run.loss = counts_busiest(counts) * SIM_SECOND;
    rng_start(&run.rng, seed, RNG_FLEET, 0);
    request_times_start(&times, counts, seed);
    int status = start_run(&run, (counts->seconds + 59) / 60, err);
    if (status == 0)
        status = take_requests(&run, &times, err);
    if (status == 0)
        end_run(&run);
    free_run(&run);
    return status;
}

void fleet_merge(struct fleet_result *result, const struct fleet_result *other, uint64_t times)
{
    double all = (double)times;
    result->seconds += all * other->seconds;
    result->requests += times * other->requests;
    result->shed += times * other->shed;
    latencies_merge(&result->report.latency, &other->report.latency, times);
    result->report.lost += times * other->report.lost;
    result->report.busy_s += all * other->report.busy_s;
    result->machine_s += all * other->machine_s;
    if (other->most > result->most)
        result->most = other->most;
    if (other->least_balance < result->least_balance)
        result->least_balance = other->least_balance;
    result->throttled_s += all * other->throttled_s;
    result->surplus_billed += all * other->surplus_billed;
}

double fleet_utilisation(const struct fleet_config *config, const struct fleet_result *result)
{
    double most = result->machine_s * config->machine.cores;
    return most > 0 ? result->report.busy_s / most : 0;
}

uint64_t fleet_failures(const struct fleet_result *result)
{
    return result->shed + result->report.lost;
}

void fleet_result_free(struct fleet_result *result)
{
    free(result->balance);
    *result = (struct fleet_result){0};
}
