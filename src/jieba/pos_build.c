#include "jieba/pos_build.h"

#include "jieba/numbers.h"
#include "util/buf.h"
#include "util/utf8.h"

#include <math.h>
#include <stdlib.h>

/* The states of a character that rows have told of. */
struct character {
    uint32_t han; /* its number, or JIEBA_HAN_COUNT for none */
    struct jieba_pos_set told;
    uint32_t entries[JIEBA_POS_STATES]; /* of these */
};

struct jieba_pos_builder {
    struct jieba_pos_base *base;
    uint32_t n_tags;
    struct character now;
    struct buf entries; /* uint32_t */
    struct jieba_numbers logs;
};

static uint64_t bits_of(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static double log_of(const struct jieba_pos_row *row)
{
    return row->log >= JIEBA_POS_LEAST ? row->log : JIEBA_MIN_FLOAT;
}

struct jieba_pos_builder *jieba_pos_builder_new(struct err *err)
{
    struct jieba_pos_builder *builder = calloc(1, sizeof *builder);
    if (builder)
        builder->base = calloc(1, sizeof *builder->base);
    if (!builder || !builder->base) {
        jieba_pos_builder_free(builder);
        err_set(err, "out of memory for a model");
        return NULL;
    }
    if (jieba_numbers_add(&builder->logs, bits_of(JIEBA_MIN_FLOAT), JIEBA_MAX_LOG, err)) {
        jieba_pos_builder_free(builder);
        return NULL;
    }
    for (size_t i = 0; i < JIEBA_POS_STATES; i++)
        builder->base->start[i] = JIEBA_MIN_FLOAT;
    builder->now.han = JIEBA_HAN_COUNT;
    return builder;
}

void jieba_pos_builder_free(struct jieba_pos_builder *builder)
{
    if (!builder)
        return;
    free(builder->base);
    buf_free(&builder->entries);
    jieba_numbers_free(&builder->logs);
    free(builder);
}

static void add_to(struct jieba_pos_set *set, unsigned state)
{
    set->tags[state / JIEBA_POS_TAGS] |= (uint64_t)1 << state % JIEBA_POS_TAGS;
}

static bool is_in(const struct jieba_pos_set *set, unsigned state)
{
    return set->tags[state / JIEBA_POS_TAGS] >> state % JIEBA_POS_TAGS & 1;
}

/* The place of a letter, or JIEBA_PLACES. */
static unsigned place_of(struct str letter)
{
    static const char *const letters[JIEBA_PLACES] = {
        [JIEBA_AT_B] = "B", [JIEBA_AT_E] = "E", [JIEBA_AT_M] = "M", [JIEBA_AT_S] = "S"};
    unsigned place = 0;
    while (place < JIEBA_PLACES && !str_is(letter, letters[place]))
        place++;
    return place;
}

/* Set `*state` to the number of a state of the model. Returns 0 or -1 with a reason. */
static int find_state(const struct jieba_pos_builder *builder, struct jieba_pos_name name,
                      unsigned *state, struct err *err)
{
    unsigned place = place_of(name.place), tag = 0;
    while (tag < builder->n_tags && !str_eq(jieba_tag_str(&builder->base->names[tag]), name.tag))
        tag++;
    *state = place * JIEBA_POS_TAGS + tag;
    if (place == JIEBA_PLACES || tag == builder->n_tags || !is_in(&builder->base->states, *state))
        return err_set(err, "posseg's model has no state %.*s of tag '%.*s'", (int)name.place.len,
                       name.place.at, (int)name.tag.len, name.tag.at);
    return 0;
}

/* Add a state to the model; its tag is the last one, or a new one. */
static int add_start(struct jieba_pos_builder *builder, const struct jieba_pos_row *row,
                     struct err *err)
{
    struct str tag = row->state.tag;
    struct jieba_tag_name *names = builder->base->names;
    unsigned place = place_of(row->state.place);
    if (place == JIEBA_PLACES || tag.len == 0 || tag.len > JIEBA_TAG_SIZE)
        return err_set(err, "posseg's model: '%.*s' and '%.*s' are no state",
                       (int)row->state.place.len, row->state.place.at, (int)tag.len, tag.at);
    if (!builder->n_tags || !str_eq(jieba_tag_str(&names[builder->n_tags - 1]), tag)) {
        if (builder->n_tags == JIEBA_POS_TAGS)
            return err_set(err, "posseg's model has more than %d tags", JIEBA_POS_TAGS);
        memcpy(names[builder->n_tags++].text, tag.at, tag.len);
    }
    unsigned state = place * JIEBA_POS_TAGS + builder->n_tags - 1;
    add_to(&builder->base->states, state);
    builder->base->start[state] = log_of(row);
    return 0;
}

static int add_trans(struct jieba_pos_builder *builder, const struct jieba_pos_row *row,
                     struct err *err)
{
    unsigned from, to;
    if (find_state(builder, row->state, &from, err) || find_state(builder, row->next, &to, err))
        return -1;
    add_to(&builder->base->next[from], to);
    add_to(&builder->base->before[to], from);
    builder->base->trans[from][to] = fmax(row->log, JIEBA_POS_LEAST);
    return 0;
}

/* Write the entries of the character that rows told of last; those of the characters up to `han`
 * end where these end. */
static void end_character(struct jieba_pos_builder *builder, uint32_t han)
{
    struct character *now = &builder->now;
    for (unsigned state = 0; state < JIEBA_POS_STATES; state++) {
        if (is_in(&now->told, state))
            buf_add(&builder->entries, &now->entries[state], sizeof now->entries[state]);
    }
    for (uint32_t i = now->han == JIEBA_HAN_COUNT ? 0 : now->han; i < han; i++)
        builder->base->ends[i] = (uint32_t)(builder->entries.len / sizeof(uint32_t));
    now->told = (struct jieba_pos_set){{0}};
    now->han = han;
}

static int begin_character(struct jieba_pos_builder *builder, struct str character, struct err *err)
{
    uint32_t code = 0, last = builder->now.han;
    if (!character.len || utf8_read(character.at, character.len, &code) != character.len ||
        !jieba_is_han(jieba_label(code)))
        return err_set(err, "posseg's model: '%.*s' is no character from U+4E00 to U+9FD5",
                       (int)character.len, character.at);
    uint32_t han = code - JIEBA_FIRST_HAN;
    if (last != JIEBA_HAN_COUNT && han < last)
        return err_set(err, "posseg's model: the character %.*s is not in order",
                       (int)character.len, character.at);
    if (han != last)
        end_character(builder, han);
    return 0;
}

static int add_of_character(struct jieba_pos_builder *builder, const struct jieba_pos_row *row,
                            struct err *err)
{
    unsigned state;
    struct character *now = &builder->now;
    if (find_state(builder, row->state, &state, err) ||
        begin_character(builder, row->character, err))
        return -1;
    uint32_t log =
        row->kind == JIEBA_POS_LIST
            ? 0
            : jieba_numbers_add(&builder->logs, bits_of(log_of(row)), JIEBA_MAX_LOG, err);
    if (log == UINT32_MAX)
        return -1;
    if (!is_in(&now->told, state))
        now->entries[state] = state;
    add_to(&now->told, state);
    now->entries[state] |= row->kind == JIEBA_POS_LIST ? JIEBA_POS_LISTED : log << 9;
    return 0;
}

int jieba_pos_builder_add(struct jieba_pos_builder *builder, const struct jieba_pos_row *row,
                          struct err *err)
{
    switch (row->kind) {
    case JIEBA_POS_START:
        return add_start(builder, row, err);
    case JIEBA_POS_TRANS:
        return add_trans(builder, row, err);
    default:
        return add_of_character(builder, row, err);
    }
}

int jieba_pos_builder_finish(struct jieba_pos_builder *builder, struct jieba_pos *pos,
                             struct err *err)
{
    end_character(builder, JIEBA_HAN_COUNT);
    if (builder->entries.failed)
        return err_set(err, "out of memory for a model");
    struct str entries = buf_str(&builder->entries);
    *pos = (struct jieba_pos){
        .base = builder->n_tags ? builder->base : NULL,
        .entries = (const uint32_t *)(const void *)entries.at,
        .n_entries = (uint32_t)(entries.len / sizeof(uint32_t)),
        .logs = (const double *)builder->logs.at,
        .n_logs = (uint32_t)builder->logs.n,
    };
    return 0;
}
