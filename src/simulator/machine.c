#include "simulator/machine.h"

#include <string.h>

int machine_start(struct machine *machine, sim_time now, struct err *err)
{
    machine->cores.n = 0;
    machine->queue.n = 0;
    memset(machine->work, 0, sizeof machine->work);
    machine->credits = (struct credits){.balance = machine->config->credits.start,
                                        .billed = machine->credits.billed};
    machine->speed = credits_speed(&machine->credits, &machine->config->credits);
    for (unsigned i = 0; i < machine->config->cores; i++)
        if (heap_push(&machine->cores, (struct heap_item){.key = now}, err) != 0)
            return -1;
    return 0;
}

/* Record work that is done evenly from `begin` to `end`, by minutes. */
static void record_work(struct machine *machine, sim_time begin, sim_time end, double speed)
{
    size_t minute = begin / SIM_MINUTE, last = minute + MACHINE_MINUTES - 1;
    if (end > machine->end)
        end = machine->end;
    for (; begin < end; minute++) {
        sim_time part_end = (minute + 1) * SIM_MINUTE;
        if (end < part_end || minute == last)
            part_end = end;
        double work = sim_seconds(part_end - begin) * speed;
        machine->work[minute % MACHINE_MINUTES] += work;
        machine->report->busy_s += work;
        begin = part_end;
    }
}

/* Serve a request with the core that is free first, from `begin` on. */
static void serve(struct machine *machine, sim_time arrival, sim_time begin, sim_time work)
{
    sim_time end = begin + (machine->speed < 1 ? (sim_time)((double)work / machine->speed) : work);
    sim_time latency = end - arrival + machine->round_trip;
    record_work(machine, begin, end, machine->speed);
    latencies_add(&machine->report->latency, latency);
    heap_replace(&machine->cores, (struct heap_item){end, {latency}});
}

void machine_advance(struct machine *machine, sim_time now)
{
    while (machine->queue.n > 0 && machine->cores.items[0].key <= now) {
        struct heap_item request = ring_pop_first(&machine->queue);
        serve(machine, request.key, machine->cores.items[0].key, request.values[0]);
    }
}

int machine_take(struct machine *machine, sim_time now, sim_time work, bool *taken, struct err *err)
{
    machine_advance(machine, now);
    bool is_free = machine->cores.items[0].key <= now;
    *taken = is_free || machine->queue.n < machine->config->waiting;
    if (is_free)
        serve(machine, now, now, work);
    else if (*taken)
        return ring_push(&machine->queue, (struct heap_item){now, {work}}, err);
    return 0;
}

double machine_end_minute(struct machine *machine, size_t minute)
{
    const struct credits_config *config = &machine->config->credits;
    double work = machine->work[minute % MACHINE_MINUTES];
    machine->work[minute % MACHINE_MINUTES] = 0;
    if (config->per_minute > 0)
        credits_account(&machine->credits, config, 1, work / 60);
    machine->speed = credits_speed(&machine->credits, config);
    return work;
}

void machine_lose(struct machine *machine, sim_time now)
{
    machine_advance(machine, now);
    machine->report->lost += machine->queue.n;
    machine->queue.n = 0;
    for (size_t i = 0; i < machine->cores.n; i++) {
        if (machine->cores.items[i].key <= now)
            continue;
        latencies_remove(&machine->report->latency, machine->cores.items[i].values[0]);
        machine->report->lost++;
    }
}

void machine_free(struct machine *machine)
{
    heap_free(&machine->cores);
    ring_free(&machine->queue);
}
