#include "simulator/environments.h"

int environments_add(struct environments *idle, struct environment environment, struct err *err)
{
    struct heap_item item = {~environment.number, {environment.created, environment.used}};
    if (idle->order == REUSE_NEWEST)
        return heap_push(&idle->newest, item, err);
    return ring_push(&idle->used, item, err);
}

static struct environment environment_of(const struct heap_item *item)
{
    return (struct environment){
        .number = ~item->key, .created = item->values[0], .used = item->values[1]};
}

/* Remove and return the idle environment that comes first by the order. There must be one. */
static struct environment remove_first(struct environments *idle)
{
    struct heap_item item = idle->order == REUSE_NEWEST        ? heap_pop(&idle->newest)
                            : idle->order == REUSE_MOST_RECENT ? ring_pop_last(&idle->used)
                                                               : ring_pop_first(&idle->used);
    return environment_of(&item);
}

/* Return when an idle environment ends. */
static sim_time end_of(const struct environments *idle, const struct environment *environment)
{
    sim_time end = environment->used + idle->idle_life;
    if (idle->max_age < end - environment->created)
        end = environment->created + idle->max_age;
    return end > environment->used ? end : environment->used;
}

static void count_ended(struct environments *idle, const struct environment *environment,
                        sim_time end)
{
    sim_time begin =
        environment->created > idle->counted_from ? environment->created : idle->counted_from;
    if (begin < end)
        idle->alive_s += sim_seconds(end - begin);
}

bool environments_take(struct environments *idle, sim_time now, struct environment *taken)
{
    while (idle->used.n + idle->newest.n > 0) {
        *taken = remove_first(idle);
        sim_time end = end_of(idle, taken);
        if (now < end)
            return true;
        count_ended(idle, taken, end);
    }
    return false;
}

size_t environments_count(const struct environments *idle, sim_time now)
{
    size_t n = 0;
    for (size_t i = 0; i < idle->newest.n + idle->used.n; i++) {
        const struct heap_item *item =
            idle->newest.n ? &idle->newest.items[i]
                           : &idle->used.items[(idle->used.first + i) & (idle->used.room - 1)];
        struct environment environment = environment_of(item);
        n += now < end_of(idle, &environment);
    }
    return n;
}

void environments_end(struct environments *idle, sim_time end)
{
    while (idle->used.n + idle->newest.n > 0) {
        struct environment environment = remove_first(idle);
        sim_time own_end = end_of(idle, &environment);
        count_ended(idle, &environment, own_end < end ? own_end : end);
    }
    ring_free(&idle->used);
    heap_free(&idle->newest);
}
