/*
 * A column has the states that one character can have, and the log probability of the best path to
 * each. Each state has a back pointer, to the state before it on that path: up to 256 bytes a
 * character, which is too much to keep for a long text. So the back pointers are kept for one
 * stretch of STRETCH characters. Of every earlier stretch only the first column is kept; its back
 * pointers are computed again when the best path is read backwards.
 */
#include "segmenter/pos_hmm.h"

#include "segmenter/pos.h"

#include <math.h>
#include <stdlib.h>

#define STRETCH 512

/*
 * A path is sunk if LOG_ZERO is in its sum; the sum is then below SUNK. Adding a number of usual
 * size to such a sum does not change it, so that the sums of sunk paths have few different values,
 * and transitions do not matter. A path that is not sunk beats every sunk path. Of two sunk paths,
 * the one with LOG_ZERO fewer times in its sum wins, whatever else is added to both.
 */
#define SUNK (-1e100)

struct column {
    struct pos_set states;
    double logs[POS_STATES]; /* The log probabilities of these states. */
};

struct pos_columns {
    struct column now, next;
    double emit[POS_STATES];           /* The emissions of the next character. */
    struct pos_set before, followers;  /* States, and the states that can follow any of them. */
    struct buf kept;                   /* The first column of every stretch except the last. */
    uint8_t from[STRETCH][POS_STATES]; /* The back pointers of a stretch. */
};

void pos_columns_free(struct pos_columns *columns)
{
    if (!columns)
        return;
    buf_free(&columns->kept);
    free(columns);
}

/* The least state of a set at `place`, where `rest` are its tags. Clearing the lowest bit of `rest`
 * again and again walks through the set in ascending order. */
static inline unsigned first_state(uint64_t rest, unsigned place)
{
    return place * POS_TAGS + (unsigned)__builtin_ctzll(rest);
}

static void add_state(struct pos_set *set, unsigned state)
{
    set->tags[state / POS_TAGS] |= (uint64_t)1 << state % POS_TAGS;
}

static bool is_empty_set(const struct pos_set *set)
{
    return !(set->tags[0] | set->tags[1] | set->tags[2] | set->tags[3]);
}

/* The states that a character is listed with, or all of the model if it is listed with none. */
static struct pos_set states_of(const struct pos_model *pos, uint32_t han)
{
    struct pos_set listed = {{0}};
    for (uint32_t i = han ? pos->base->ends[han - 1] : 0; i < pos->base->ends[han]; i++) {
        if (pos->entries[i] & POS_LISTED)
            add_state(&listed, pos_entry_state(pos->entries[i]));
    }
    return is_empty_set(&listed) ? pos->base->states : listed;
}

/* Set the emissions of a character in these states; those in other states can be set, too. */
static void read_emit(const struct pos_model *pos, uint32_t han, const struct pos_set *states,
                      double *emit)
{
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = states->tags[place]; rest; rest &= rest - 1)
            emit[first_state(rest, place)] = LOG_ZERO;
    }
    for (uint32_t i = han ? pos->base->ends[han - 1] : 0; i < pos->base->ends[han]; i++)
        emit[pos_entry_state(pos->entries[i])] = pos->logs[pos_entry_log(pos->entries[i])];
}

/* Set the column of the first character. */
static void begin_column(const struct pos_model *pos, uint32_t han, struct pos_columns *columns)
{
    struct column *now = &columns->now;
    now->states = states_of(pos, han);
    read_emit(pos, han, &now->states, columns->emit);
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = now->states.tags[place]; rest; rest &= rest - 1) {
            unsigned state = first_state(rest, place);
            now->logs[state] = pos->base->start[state] + columns->emit[state];
        }
    }
}

/* Set `followers` to the states that can follow any state of the column. They are kept for the next
 * column, which has the same states in a run of characters that are not listed. */
static void find_followers(const struct pos_model *pos, struct pos_columns *columns)
{
    const struct pos_set *states = &columns->now.states;
    struct pos_set next = {{0}};
    if (!memcmp(states, &columns->before, sizeof *states))
        return;
    columns->before = *states;
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = states->tags[place]; rest; rest &= rest - 1) {
            const struct pos_set *more = &pos->base->next[first_state(rest, place)];
            for (unsigned i = 0; i < POS_PLACES; i++)
                next.tags[i] |= more->tags[i];
        }
    }
    columns->followers = next;
}

/* The states that a character can have after the column before it: those that it is listed with and
 * that can follow; or, if there are none, all that can follow. If no state can follow, which does
 * not happen with jieba's own model (jieba would fail), all states of the model. */
static struct pos_set next_states(const struct pos_model *pos, uint32_t han,
                                  struct pos_columns *columns)
{
    find_followers(pos, columns);
    struct pos_set can = columns->followers, both = states_of(pos, han);
    for (unsigned place = 0; place < POS_PLACES; place++)
        both.tags[place] &= can.tags[place];
    return !is_empty_set(&both) ? both : !is_empty_set(&can) ? can : pos->base->states;
}

/* Extend the path to one state by the states of the next column that can follow it, and take these
 * out of `left`. Adds in jieba's order. The states before come in ascending order, so that the
 * largest wins a tie. */
static void extend_path(const struct pos_model *pos, struct pos_columns *columns, unsigned state,
                        struct pos_set *left, uint8_t *from)
{
    double before = columns->now.logs[state];
    const double *trans = pos->base->trans[state];
    struct column *next = &columns->next;
    for (unsigned place = 0; place < POS_PLACES; place++) {
        uint64_t rest = pos->base->next[state].tags[place] & next->states.tags[place];
        left->tags[place] &= ~rest;
        for (; rest; rest &= rest - 1) {
            unsigned to = first_state(rest, place);
            double sum = before + trans[to] + columns->emit[to];
            if (sum >= next->logs[to]) {
                next->logs[to] = sum;
                from[to] = (uint8_t)state;
            }
        }
    }
}

/* Set `*states` to the states of a column with the highest log probability below `level`. Returns
 * that log probability, or -INFINITY if there are no such states. */
static double next_level(const struct column *column, double level, struct pos_set *states)
{
    double below = -INFINITY;
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = column->states.tags[place]; rest; rest &= rest - 1) {
            double log = column->logs[first_state(rest, place)];
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

/* The largest state that is in both sets, or POS_STATES if none is. */
static unsigned largest_common_state(const struct pos_set *a, const struct pos_set *b)
{
    for (unsigned place = POS_PLACES; place-- > 0;) {
        uint64_t both = a->tags[place] & b->tags[place];
        if (both)
            return (place + 1) * POS_TAGS - 1 - (unsigned)__builtin_clzll(both);
    }
    return POS_STATES;
}

/* Extend sunk paths by the states in `left`, which no other paths lead to. Each is reached from the
 * highest log probability that one of its predecessors has, and from the largest state that has it,
 * which wins the tie. */
static void extend_sunk_paths(const struct pos_model *pos, struct pos_columns *columns,
                              struct pos_set *left, uint8_t *from)
{
    struct pos_set states;
    double level = SUNK;
    while (!is_empty_set(left) && (level = next_level(&columns->now, level, &states)) > -INFINITY) {
        for (unsigned place = 0; place < POS_PLACES; place++) {
            for (uint64_t rest = left->tags[place]; rest; rest &= rest - 1) {
                unsigned to = first_state(rest, place);
                unsigned state = largest_common_state(&pos->base->before[to], &states);
                if (state == POS_STATES)
                    continue;
                columns->next.logs[to] = level + columns->emit[to];
                from[to] = (uint8_t)state;
                left->tags[place] &= ~(rest & -rest);
            }
        }
    }
}

/* Go from the column of one character to that of the next, and set the back pointers. */
static void step_column(const struct pos_model *pos, uint32_t han, struct pos_columns *columns,
                        uint8_t *from)
{
    struct column *now = &columns->now, *next = &columns->next;
    next->states = next_states(pos, han, columns);
    read_emit(pos, han, &next->states, columns->emit);
    struct pos_set left = next->states;
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = next->states.tags[place]; rest; rest &= rest - 1) {
            next->logs[first_state(rest, place)] = -INFINITY;
            from[first_state(rest, place)] = 0;
        }
    }
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = now->states.tags[place]; rest; rest &= rest - 1) {
            unsigned state = first_state(rest, place);
            if (now->logs[state] > SUNK)
                extend_path(pos, columns, state, &left, from);
        }
    }
    extend_sunk_paths(pos, columns, &left, from);
    *now = *next;
}

/* Compute a stretch: the back pointers of the characters after `begin`, up to `last`. The column
 * goes from that of `begin` to that of `last`. */
static void compute_stretch(struct segmenter *seg, size_t begin, size_t last)
{
    for (size_t i = begin + 1; i <= last; i++)
        step_column(&seg->dict->pos, seg->labels[i] - DICT_HAN_LABEL, seg->columns,
                    seg->columns->from[i - begin - 1]);
}

/* The most probable state of the column; of several the largest. */
static unsigned best_state(const struct column *column)
{
    unsigned best = 0;
    double log = -INFINITY;
    for (unsigned place = 0; place < POS_PLACES; place++) {
        for (uint64_t rest = column->states.tags[place]; rest; rest &= rest - 1) {
            unsigned state = first_state(rest, place);
            if (column->logs[state] >= log) {
                log = column->logs[state];
                best = state;
            }
        }
    }
    return best;
}

/* Set `back` for the characters of a stretch after `begin`, from the state of `last`. Returns the
 * state of `begin`. */
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
    columns->before = columns->followers = (struct pos_set){{0}}; /* The model can be a new one. */
    begin_column(&seg->dict->pos, seg->labels[begin] - DICT_HAN_LABEL, columns);
    size_t at = begin;
    for (; end - at > STRETCH + 1; at += STRETCH) {
        buf_add(&columns->kept, &columns->now, sizeof columns->now);
        compute_stretch(seg, at, at + STRETCH);
    }
    compute_stretch(seg, at, end - 1);
    if (columns->kept.failed)
        return -1;
    unsigned state = go_back(seg, at, end - 1, best_state(&columns->now));
    for (; at > begin; at -= STRETCH) {
        const struct column *kept = (const struct column *)columns->kept.at;
        columns->now = kept[(at - begin) / STRETCH - 1];
        compute_stretch(seg, at - STRETCH, at);
        state = go_back(seg, at - STRETCH, at, state);
    }
    seg->back[begin] = (uint8_t)state;
    return 0;
}
