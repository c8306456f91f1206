#include "simulator/credits.h"

#include <math.h>

/* Take credits from the balance, then in advance, and bill the rest. */
static void spend_unlimited(struct credits *credits, double most, double spent)
{
    double kept = fmin(credits->balance, spent);
    double ahead = fmin(most - credits->surplus, spent - kept);
    credits->balance -= kept;
    credits->surplus += ahead;
    credits->billed += spent - kept - ahead;
}

/* Pay back what was spent in advance, and keep the rest. Less than 0 is earned where more was spent. */
static void earn(struct credits *credits, double most, double earned)
{
    double paid = fmin(credits->surplus, fmax(earned, 0));
    credits->surplus -= paid;
    credits->balance = fmin(credits->balance + earned - paid, most);
}

void credits_account(struct credits *credits, const struct credits_config *config, double minutes,
                     double spent)
{
    double net = config->per_minute * minutes - spent;
    if (net >= 0 || !config->unlimited)
        earn(credits, config->most, net);
    else
        spend_unlimited(credits, config->most, -net);
}

double credits_speed(const struct credits *credits, const struct credits_config *config)
{
    bool is_throttled = config->per_minute > 0 && !config->unlimited && credits->balance <= 0;
    return is_throttled ? config->baseline : 1;
}
