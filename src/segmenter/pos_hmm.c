/*
 * pos_hmm: the likeliest states of posseg's model; its viterbi(), exactly.
 *
 * A column holds, for one character, the states that it can have and the likeliest way to each, as
 * the logarithm of its probability. Of ways back to earlier states there are as many as states, 256
 * at most for each character: too many to keep for a long text. They are kept for a stretch of
 * characters; of earlier stretches the first column is kept, and the ways are found once more on
 * the way back.
 */
#include "segmenter/segmenter.h"

#include <math.h>
#include <stdlib.h>

#define STRETCH 512

/*
 * A way is sunk once LOG_ZERO is in its sum: any other number is then lost when it is added,
 * so that the sum is one of few, and transitions make no difference. A way that is not sunk beats
 * all that are; of these, one that has sunk less often does, whatever is added to both.
 */
#define SUNK (-1e100)

struct column {
    struct pos_set states;
    double logs[POS_STATES]; /* of these states */
};

struct pos_columns {
    struct column now, next;
    double emit[POS_STATES];
    struct pos_set before, followers; /* of the last step: the states, and what can follow */
    struct buf kept; /* struct column: the first ones of all stretches but the last */
    uint8_t from[STRETCH][POS_STATES];
};

void pos_columns_free(struct pos_columns *columns)
{
    if (!columns)
        return;
    buf_free(&columns->kept);
    free(columns);
}

/* Walk through a set in ascending order: `rest` is the part of it that is not yet seen. */
static inline unsigned first_of(uint64_t rest, unsigned place)
{
    return place * POS_TAGS + (unsigned)__builtin_ctzll(rest);
}

static void add(struct pos_set *set, unsigned state)
{
    set->tags[state / POS_TAGS] |= (uint64_t)1 << state % POS_TAGS;
}

static bool is_empty(const struct pos_set *set)
{
    return !(set->tags[0] | set->tags[1] | set->tags[2] | set->tags[3]);
}

/* The states that a character is listed with, or all. */
static struct pos_set states_of(const struct pos_model *pos, uint32_t han)
{
    struct pos_set listed = {{0}};
    for (uint32_t i = han ? pos->base->ends[han - 1] : 0; i < pos->base->ends[han]; i++) {
        if (pos->entries[i] & POS_LISTED)
            add(&listed, pos_entry_state(pos->entries[i]));
    }
    return is_empty(&listed) ? pos->base->states : listed;
}

/* Set the emissions of a character, for these states at least. */
static void read_emit(const struct pos_model *pos, uint32_t han, const struct pos_set *states,
                      double *emit)
{
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = states->tags[place]; rest; rest &= rest - 1)
            emit[first_of(rest, place)] = LOG_ZERO;
    }
    for (uint32_t i = han ? pos->base->ends[han - 1] : 0; i < pos->base->ends[han]; i++)
        emit[pos_entry_state(pos->entries[i])] = pos->logs[pos_entry_log(pos->entries[i])];
}

static void begin_column(const struct pos_model *pos, uint32_t han, struct pos_columns *columns)
{
    struct column *now = &columns->now;
    now->states = states_of(pos, han);
    read_emit(pos, han, &now->states, columns->emit);
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = now->states.tags[place]; rest; rest &= rest - 1) {
            unsigned state = first_of(rest, place);
            now->logs[state] = pos->base->start[state] + columns->emit[state];
        }
    }
}

/* Set `followers` to the states that can follow any of the column's. In a long run of characters
 * that are not listed they are the same again and again. */
static void find_followers(const struct pos_model *pos, struct pos_columns *columns)
{
    const struct pos_set *states = &columns->now.states;
    struct pos_set next = {{0}};
    if (!memcmp(states, &columns->before, sizeof *states))
        return;
    columns->before = *states;
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = states->tags[place]; rest; rest &= rest - 1) {
            const struct pos_set *more = &pos->base->next[first_of(rest, place)];
            for (unsigned i = 0; i < POS_PLACES; i++)
                next.tags[i] |= more->tags[i];
        }
    }
    columns->followers = next;
}

/* The states that a character can have after those of the column before: the ones that it is listed
 * with, or, where none of them can follow, any that can. jieba fails where none can, which its own
 * model never brings about; another one's ways then begin anew. */
static struct pos_set next_states(const struct pos_model *pos, uint32_t han,
                                  struct pos_columns *columns)
{
    find_followers(pos, columns);
    struct pos_set can = columns->followers, both = states_of(pos, han);
    for (unsigned place = 0; place < POS_PLACES; place++)
        both.tags[place] &= can.tags[place];
    return !is_empty(&both) ? both : !is_empty(&can) ? can : pos->base->states;
}

/* Go on from one state to those of the next column that can follow it, and take them out of `left`.
 * Each sum is added up in jieba's order; states come in ascending order, so that ties go to the
 * largest. */
static void extend(const struct pos_model *pos, struct pos_columns *columns, unsigned state,
                   struct pos_set *left, uint8_t *from)
{
    double before = columns->now.logs[state];
    const double *trans = pos->base->trans[state];
    struct column *next = &columns->next;
    for (unsigned place = 0; place < POS_PLACES; place++) {
        uint64_t rest = pos->base->next[state].tags[place] & next->states.tags[place];
        left->tags[place] &= ~rest;
        for (; rest; rest &= rest - 1) {
            unsigned to = first_of(rest, place);
            double sum = before + trans[to] + columns->emit[to];
            if (sum >= next->logs[to]) {
                next->logs[to] = sum;
                from[to] = (uint8_t)state;
            }
        }
    }
}

/* Find the states of a column whose logarithm is the highest one below `level`. Returns it, or
 * -INFINITY where there is none. */
static double next_level(const struct column *column, double level, struct pos_set *states)
{
    double below = -INFINITY;
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = column->states.tags[place]; rest; rest &= rest - 1) {
            double log = column->logs[first_of(rest, place)];
            if (!(log < level && log >= below))
                continue;
            if (log > below)
                *states = (struct pos_set){{0}};
            below = log;
            states->tags[place] |= rest & -rest;
        }
    }
    return below;
}

/* The largest state that is in both sets, or POS_STATES. */
static unsigned largest_of(const struct pos_set *a, const struct pos_set *b)
{
    for (unsigned place = POS_PLACES; place-- > 0;) {
        uint64_t both = a->tags[place] & b->tags[place];
        if (both)
            return (place + 1) * POS_TAGS - 1 - (unsigned)__builtin_clzll(both);
    }
    return POS_STATES;
}

/* The states in `left`, which only sunk ways lead to: each is reached from the highest level that
 * has a state before it, and there from the largest one, since that wins the tie. */
static void go_on_sunk(const struct pos_model *pos, struct pos_columns *columns,
                       struct pos_set *left, uint8_t *from)
{
    struct pos_set states;
    double level = SUNK;
    while (!is_empty(left) && (level = next_level(&columns->now, level, &states)) > -INFINITY) {
        for (unsigned place = 0; place < POS_PLACES; place++) {
            for (uint64_t rest = left->tags[place]; rest; rest &= rest - 1) {
                unsigned to = first_of(rest, place);
                unsigned state = largest_of(&pos->base->before[to], &states);
                if (state == POS_STATES)
                    continue;
                columns->next.logs[to] = level + columns->emit[to];
                from[to] = (uint8_t)state;
                left->tags[place] &= ~(rest & -rest);
            }
        }
    }
}

/* From the column of one character to that of the next. */
static void step(const struct pos_model *pos, uint32_t han, struct pos_columns *columns,
                 uint8_t *from)
{
    struct column *now = &columns->now, *next = &columns->next;
    next->states = next_states(pos, han, columns);
    read_emit(pos, han, &next->states, columns->emit);
    struct pos_set left = next->states;
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = next->states.tags[place]; rest; rest &= rest - 1) {
            next->logs[first_of(rest, place)] = -INFINITY;
            from[first_of(rest, place)] = 0;
        }
    }
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = now->states.tags[place]; rest; rest &= rest - 1) {
            unsigned state = first_of(rest, place);
            if (now->logs[state] > SUNK)
                extend(pos, columns, state, &left, from);
        }
    }
    go_on_sunk(pos, columns, &left, from);
    *now = *next;
}

/* Fill `from` for a stretch that begins at character `begin`, whose column is there; its last
 * character is `last`, whose column is there afterwards. */
static void fill_stretch(struct segmenter *seg, size_t begin, size_t last)
{
    for (size_t i = begin + 1; i <= last; i++)
        step(&seg->dict->pos, seg->labels[i] - DICT_HAN_LABEL, seg->columns,
             seg->columns->from[i - begin - 1]);
}

/* The likeliest state of the column; the largest of several. */
static unsigned best_state(const struct column *column)
{
    unsigned best = 0;
    double log = -INFINITY;
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = column->states.tags[place]; rest; rest &= rest - 1) {
            unsigned state = first_of(rest, place);
            if (column->logs[state] >= log) {
                log = column->logs[state];
                best = state;
            }
        }
    }
    return best;
}

/* Follow the ways back from the state of the stretch's last character; the state of its first. */
static unsigned go_back(struct segmenter *seg, size_t begin, size_t last, unsigned state)
{
    for (size_t i = last; i > begin; i--) {
        seg->back[i] = (uint8_t)state;
        state = seg->columns->from[i - begin - 1][state];
    }
    return state;
}

int pos_viterbi(struct segmenter *seg, size_t begin, size_t end)
{
    struct pos_columns *columns = seg->columns;
    if (!columns)
        columns = seg->columns = calloc(1, sizeof *columns);
    if (!columns)
        return -1;
    buf_reset(&columns->kept);
    columns->before = columns->followers = (struct pos_set){{0}}; /* of another model */
    begin_column(&seg->dict->pos, seg->labels[begin] - DICT_HAN_LABEL, columns);
    size_t at = begin;
    for (; end - at > STRETCH + 1; at += STRETCH) {
        buf_add(&columns->kept, &columns->now, sizeof columns->now);
        fill_stretch(seg, at, at + STRETCH);
    }
    fill_stretch(seg, at, end - 1);
    if (columns->kept.failed)
        return -1;
    unsigned state = go_back(seg, at, end - 1, best_state(&columns->now));
    for (; at > begin; at -= STRETCH) {
        const struct column *kept = (const struct column *)columns->kept.at;
        columns->now = kept[(at - begin) / STRETCH - 1];
        fill_stretch(seg, at - STRETCH, at);
        state = go_back(seg, at - STRETCH, at, state);
    }
    seg->back[begin] = (uint8_t)state;
    return 0;
}
