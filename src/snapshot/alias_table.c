#include "snapshot/alias_table.h"

#include <stdlib.h>

/* Multiply each weight by the length of the table, so that their average is the total. Returns the
 * total. */
static uint64_t scale_weights(struct snapshot_choice *choices, uint32_t n)
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

/*
 * Fill each choice below the average up from one above it, which may fall below the average by
 * that. `stack` holds the choices below at its start and those above at its end; the others are
 * exactly average.
 */
static void assign_aliases(struct snapshot_choice *choices, uint32_t n, uint64_t total,
                           uint32_t *stack)
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

int alias_table_build(struct snapshot_choice *choices, uint32_t n, uint64_t *total, struct err *err)
{
    uint32_t *stack = malloc(((size_t)n + 1) * sizeof *stack);
    if (!stack)
        return err_set(err, "out of memory for an alias table of %u choices", n);
    *total = scale_weights(choices, n);
    assign_aliases(choices, n, *total, stack);
    free(stack);
    return 0;
}

int alias_table_verify(const struct alias_table *table, struct err *err)
{
    uint64_t before = 0;
    for (uint32_t i = 0; i < table->n; i++) {
        const struct snapshot_choice *choice = &table->choices[i];
        if (choice->alias >= table->n)
            return err_set(err, "choice %u has its alias outside the list", i);
        if (choice->threshold > table->total)
            return err_set(err, "choice %u has a threshold above the total", i);
        if (choice->end <= before)
            return err_set(err, "choice %u has no weight", i);
        before = choice->end;
    }
    if (before != table->total)
        return err_set(err, "the weights do not add up to the total");
    return 0;
}

/* The sum of the weights before choice `i`. */
static uint64_t begin_of_choice(const struct snapshot_choice *choices, uint32_t i)
{
    return i ? choices[i - 1].end : 0;
}

/* The choices drawn so far, in ascending order of their index. */
struct sample {
    const struct snapshot_choice *choices; /* The table's. */
    uint32_t n;                            /* The number drawn. */
    uint32_t at[ALIAS_TABLE_MAX_SAMPLE];   /* Their indexes. */
    uint64_t weight;                       /* The sum of their weights. */
};

/* Add a choice to the sample. Returns its image. */
static uint32_t sample_add(struct sample *sample, uint32_t i)
{
    uint32_t place = sample->n++;
    for (; place > 0 && sample->at[place - 1] > i; place--)
        sample->at[place] = sample->at[place - 1];
    sample->at[place] = i;
    sample->weight += sample->choices[i].end - begin_of_choice(sample->choices, i);
    return sample->choices[i].image;
}

/* Draw the first choice. Returns its index. */
static uint32_t draw_first(const struct alias_table *table, struct random *random)
{
    uint32_t i = (uint32_t)random_below(random, table->n);
    uint64_t threshold = table->choices[i].threshold;
    bool own = threshold == table->total || random_below(random, table->total) < threshold;
    return own ? i : table->choices[i].alias;
}

/* Draw one of the choices that are left: draw a number below the sum of their weights, shift it
 * past each drawn choice that lies before it, and find the choice whose weight covers it. */
static uint32_t draw_next(const struct alias_table *table, const struct sample *sample,
                          struct random *random)
{
    const struct snapshot_choice *choices = table->choices;
    uint64_t place = random_below(random, table->total - sample->weight);
    for (uint32_t k = 0; k < sample->n; k++) {
        uint64_t begin = begin_of_choice(choices, sample->at[k]);
        if (place < begin)
            break;
        place += choices[sample->at[k]].end - begin;
    }
    uint32_t low = 0, high = table->n - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (choices[middle].end > place)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

uint32_t alias_table_sample(const struct alias_table *table, struct random *random, uint32_t n,
                            uint32_t images[ALIAS_TABLE_MAX_SAMPLE])
{
    struct sample sample = {.choices = table->choices};
    if (n > table->n)
        n = table->n;
    images[0] = sample_add(&sample, draw_first(table, random));
    for (uint32_t i = 1; i < n; i++)
        images[i] = sample_add(&sample, draw_next(table, &sample, random));
    return n;
}
