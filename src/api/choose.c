#include "api/choose.h"

/* The choices that are made, ascending by their number in the list. */
struct chosen {
    const struct snapshot_choice *choices; /* the whole list */
    uint32_t n, at[CHOOSE_MAX];
    uint64_t weight; /* their sum */
};

/* The sum of the weights before choice i. */
static uint64_t begin_of(const struct snapshot_choice *choices, uint32_t i)
{
    return i ? choices[i - 1].end : 0;
}

/* Remember a choice; its image. */
static uint32_t take(struct chosen *chosen, uint32_t i)
{
    uint32_t place = chosen->n++;
    for (; place > 0 && chosen->at[place - 1] > i; place--)
        chosen->at[place] = chosen->at[place - 1];
    chosen->at[place] = i;
    chosen->weight += chosen->choices[i].end - begin_of(chosen->choices, i);
    return chosen->choices[i].image;
}

static uint32_t first_choice(const struct snapshot_choice *choices,
                             const struct snapshot_list *list, struct random *random)
{
    uint32_t i = (uint32_t)random_below(random, list->n);
    bool own = choices[i].threshold == list->total ||
               random_below(random, list->total) < choices[i].threshold;
    return own ? i : choices[i].alias;
}

/* One of those that are left: a number below the sum of their weights, and past each choice that is
 * made and lies before it, is in the weight of the one that is meant. */
static uint32_t next_choice(const struct chosen *chosen, const struct snapshot_list *list,
                            struct random *random)
{
    const struct snapshot_choice *choices = chosen->choices;
    uint64_t place = random_below(random, list->total - chosen->weight);
    for (uint32_t k = 0; k < chosen->n; k++) {
        uint64_t begin = begin_of(choices, chosen->at[k]);
        if (place < begin)
            break;
        place += choices[chosen->at[k]].end - begin;
    }
    uint32_t low = 0, high = list->n - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (choices[middle].end > place)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

uint32_t choose_images(const struct snapshot *snapshot, const struct snapshot_list *list,
                       struct random *random, uint32_t n, uint32_t images[CHOOSE_MAX])
{
    struct chosen chosen = {.choices = snapshot->choices + list->first};
    if (n > list->n)
        n = list->n;
    images[0] = take(&chosen, first_choice(chosen.choices, list, random));
    for (uint32_t i = 1; i < n; i++)
        images[i] = take(&chosen, next_choice(&chosen, list, random));
    return n;
}
