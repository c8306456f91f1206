#include "snapshot/alias_table.h"

#include <stdlib.h>

/* Scale each weight by the length of the list: the average is then the total. Returns the total. */
static uint64_t scale(struct snapshot_choice *choices, uint32_t n)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < n; i++) {
        total += choices[i].threshold;
        choices[i].end = total;
        choices[i].threshold *= n;
        choices[i].alias = i;
    }
    return total;
}

/* Each choice below the average is filled up from one above it, which may fall below by that.
 * `stack` has those below at its begin, and those above at its end. What is in neither is exact. */
static void fill_up(struct snapshot_choice *choices, uint32_t n, uint64_t total, uint32_t *stack)
{
    uint32_t below = 0, above = n;
    for (uint32_t i = 0; i < n; i++) {
        if (choices[i].threshold < total)
            stack[below++] = i;
        else if (choices[i].threshold > total)
            stack[--above] = i;
    }
    while (below > 0 && above < n) {
        struct snapshot_choice *low = &choices[stack[--below]];
        uint32_t donor = stack[above];
        low->alias = donor;
        choices[donor].threshold -= total - low->threshold;
        if (choices[donor].threshold > total)
            continue;
        above++;
        if (choices[donor].threshold < total)
            stack[below++] = donor;
    }
}

int alias_table_fill(struct snapshot_choice *choices, uint32_t n, uint64_t *total, struct err *err)
{
    uint32_t *stack = malloc(((size_t)n + 1) * sizeof *stack);
    if (!stack)
        return err_set(err, "out of memory for %u choices", n);
    *total = scale(choices, n);
    fill_up(choices, n, *total, stack);
    free(stack);
    return 0;
}
