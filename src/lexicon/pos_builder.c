#include "lexicon/pos_builder.h"

#include "lexicon/interner.h"
#include "util/buf.h"
#include "util/utf8.h"

#include <math.h>
#include <stdlib.h>

/* The character that the last rows belong to. */
struct character {
    uint32_t han;                 /* Its code point - DICT_FIRST_HAN, or DICT_HAN_COUNT for none. */
    struct pos_set states;        /* The states that have an entry. */
    uint32_t entries[POS_STATES]; /* The entries of these states. */
};

struct pos_builder {
    struct pos_base *base;
    uint32_t n_tags;
    struct character now;
    struct buf entries;   /* uint32_t: the entries of the characters before. */
    struct interner logs; /* The bits of doubles; see `struct pos_model`. */
};

/* The bits of a double, as a value for the interner. */
static uint64_t bits_of_double(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

/* The logarithm of a row, or LOG_ZERO if it is too low. */
static double log_of_row(const struct pos_row *row)
{
    return row->log >= POS_MIN_LOG ? row->log : LOG_ZERO;
}

struct pos_builder *pos_builder_new(struct err *err)
{
    struct pos_builder *builder = calloc(1, sizeof *builder);
    if (builder)
        builder->base = calloc(1, sizeof *builder->base);
    if (!builder || !builder->base) {
        pos_builder_free(builder);
        err_set(err, "out of memory for posseg's model");
        return NULL;
    }
    if (interner_add(&builder->logs, bits_of_double(LOG_ZERO), POS_MAX_LOGS, err)) {
        pos_builder_free(builder);
        return NULL;
    }
    for (size_t i = 0; i < POS_STATES; i++)
        builder->base->start[i] = LOG_ZERO;
    builder->now.han = DICT_HAN_COUNT;
    return builder;
}

void pos_builder_free(struct pos_builder *builder)
{
    if (!builder)
        return;
    free(builder->base);
    buf_free(&builder->entries);
    interner_free(&builder->logs);
    free(builder);
}

static void add_state(struct pos_set *set, unsigned state)
{
    set->tags[state / POS_TAGS] |= (uint64_t)1 << state % POS_TAGS;
}

static bool has_state(const struct pos_set *set, unsigned state)
{
    return set->tags[state / POS_TAGS] >> state % POS_TAGS & 1;
}

/* The place that a letter stands for, or POS_PLACES. */
static unsigned place_of(struct str letter)
{
    static const char *const letters[POS_PLACES] = {
        [POS_AT_B] = "B", [POS_AT_E] = "E", [POS_AT_M] = "M", [POS_AT_S] = "S"};
    unsigned place = 0;
    while (place < POS_PLACES && !str_is(letter, letters[place]))
        place++;
    return place;
}

/* Set `*state` to the number of a state. Returns 0, or -1 with a reason if the model does not have
 * it. */
static int find_state(const struct pos_builder *builder, struct pos_name name, unsigned *state,
                      struct err *err)
{
    unsigned place = place_of(name.place), tag = 0;
    while (tag < builder->n_tags && !str_eq(tag_str(&builder->base->names[tag]), name.tag))
        tag++;
    *state = place * POS_TAGS + tag;
    if (place == POS_PLACES || tag == builder->n_tags || !has_state(&builder->base->states, *state))
        return err_set(err, "posseg's model has no state ('%.*s', '%.*s')", (int)name.place.len,
                       name.place.at, (int)name.tag.len, name.tag.at);
    return 0;
}

/* Add a state. Its tag is that of the row before, or a new one. */
static int add_start_row(struct pos_builder *builder, const struct pos_row *row, struct err *err)
{
    struct str tag = row->state.tag;
    struct tag_name *names = builder->base->names;
    unsigned place = place_of(row->state.place);
    if (place == POS_PLACES || tag.len == 0 || tag.len > TAG_SIZE)
        return err_set(
            err, "invalid state ('%.*s', '%.*s') in posseg's model: use B, M, E or S, and a tag",
            (int)row->state.place.len, row->state.place.at, (int)tag.len, tag.at);
    if (!builder->n_tags || !str_eq(tag_str(&names[builder->n_tags - 1]), tag)) {
        if (builder->n_tags == POS_TAGS)
            return err_set(err, "posseg's model has more than %d tags", POS_TAGS);
        memcpy(names[builder->n_tags++].text, tag.at, tag.len);
    }
    unsigned state = place * POS_TAGS + builder->n_tags - 1;
    add_state(&builder->base->states, state);
    builder->base->start[state] = log_of_row(row);
    return 0;
}

static int add_trans_row(struct pos_builder *builder, const struct pos_row *row, struct err *err)
{
    unsigned from, to;
    if (find_state(builder, row->state, &from, err) || find_state(builder, row->next, &to, err))
        return -1;
    add_state(&builder->base->next[from], to);
    add_state(&builder->base->before[to], from);
    builder->base->trans[from][to] = fmax(row->log, POS_MIN_LOG);
    return 0;
}

/* Append the entries of the current character, and set the ends of the characters before `han`,
 * which becomes the current one. */
static void begin_character(struct pos_builder *builder, uint32_t han)
{
    struct character *now = &builder->now;
    for (unsigned state = 0; state < POS_STATES; state++) {
        if (has_state(&now->states, state))
            buf_add(&builder->entries, &now->entries[state], sizeof now->entries[state]);
    }
    for (uint32_t i = now->han == DICT_HAN_COUNT ? 0 : now->han; i < han; i++)
        builder->base->ends[i] = (uint32_t)(builder->entries.len / sizeof(uint32_t));
    now->states = (struct pos_set){{0}};
    now->han = han;
}

/* Make a row's character the current one. */
static int set_character(struct pos_builder *builder, struct str character, struct err *err)
{
    uint32_t code = 0, last = builder->now.han;
    if (!character.len || utf8_read(character.at, character.len, &code) != character.len ||
        !label_is_han(dict_label(code)))
        return err_set(err, "invalid character '%.*s' in posseg's model: use U+4E00 to U+9FD5",
                       (int)character.len, character.at);
    uint32_t han = code - DICT_FIRST_HAN;
    if (last != DICT_HAN_COUNT && han < last)
        return err_set(err, "the character %.*s of posseg's model is out of order",
                       (int)character.len, character.at);
    if (han != last)
        begin_character(builder, han);
    return 0;
}

static int add_character_row(struct pos_builder *builder, const struct pos_row *row,
                             struct err *err)
{
    unsigned state;
    struct character *now = &builder->now;
    if (find_state(builder, row->state, &state, err) || set_character(builder, row->character, err))
        return -1;
    uint32_t log =
        row->kind == POS_ROW_LIST
            ? 0
            : interner_add(&builder->logs, bits_of_double(log_of_row(row)), POS_MAX_LOGS, err);
    if (log == UINT32_MAX)
        return -1;
    if (!has_state(&now->states, state))
        now->entries[state] = state;
    add_state(&now->states, state);
    now->entries[state] |= row->kind == POS_ROW_LIST ? POS_LISTED : log << 9;
    return 0;
}

int pos_builder_add(struct pos_builder *builder, const struct pos_row *row, struct err *err)
{
    switch (row->kind) {
    case POS_ROW_START:
        return add_start_row(builder, row, err);
    case POS_ROW_TRANS:
        return add_trans_row(builder, row, err);
    default:
        return add_character_row(builder, row, err);
    }
}

int pos_builder_finish(struct pos_builder *builder, struct pos_model *pos, struct err *err)
{
    begin_character(builder, DICT_HAN_COUNT);
    if (builder->entries.failed)
        return err_set(err, "out of memory for posseg's model");
    struct str entries = buf_str(&builder->entries);
    *pos = (struct pos_model){
        .base = builder->n_tags ? builder->base : NULL,
        .entries = (const uint32_t *)(const void *)entries.at,
        .n_entries = (uint32_t)(entries.len / sizeof(uint32_t)),
        .logs = (const double *)builder->logs.at,
        .n_logs = (uint32_t)builder->logs.n,
    };
    return 0;
}
