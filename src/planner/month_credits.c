#include "planner/month_credits.h"

#include "simulator/credits.h"

#include <math.h>

/* The minutes whose earnings a machine keeps. */
#define KEPT_MINUTES 1440

static struct credits_config config_of(const struct burstable *type, bool unlimited)
{
    double per_minute = type->vcpus * type->baseline;
    return (struct credits_config){.per_minute = per_minute,
                                   .baseline = type->baseline,
                                   .most = per_minute * KEPT_MINUTES,
                                   .unlimited = unlimited};
}

/* Account for all minutes, and return the fewest credits. */
static double account(struct credits *credits, const struct credits_config *config,
                      const struct burstable *type, const struct minutes *minutes, double machines)
{
    double least = config->most;
    for (size_t i = 0; i < minutes->n; i++) {
        double spent = fmin(minutes_work(minutes, i) / 60 / machines, type->vcpus);
        credits_account(credits, config, 1, spent);
        least = fmin(least, credits->balance - credits->surplus);
    }
    return least;
}

struct month_credits month_credits_of(const struct burstable *type, bool unlimited,
                                      const struct minutes *minutes, double machines)
{
    struct credits_config config = config_of(type, unlimited);
    struct credits credits = {0};
    account(&credits, &config, type, minutes, machines);
    double before = credits.billed;
    double least = account(&credits, &config, type, minutes, machines);
    return (struct month_credits){.billed = credits.billed - before, .least = least};
}

double month_credits_machines(const struct burstable *type, const struct minutes *minutes,
                              double least)
{
    double most = 0;
    for (size_t i = 0; i < minutes->n; i++)
        most = fmax(most, minutes_work(minutes, i));
    /* So many never spend more in a minute than they earn. */
    most = fmax(least, floor(most / 60 / (type->vcpus * type->baseline)) + 1);
    for (double low = least - 1; most - low > 1;) {
        double middle = floor((low + most) / 2);
        *(month_credits_of(type, false, minutes, middle).least > 0 ? &most : &low) = middle;
    }
    return most;
}
