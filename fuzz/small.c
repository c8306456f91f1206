#include "fuzz/small.h"

#include "fuzz/fuzz.h"
#include "lexicon/pos_builder.h"
#include "lexicon/word_table_builder.h"
#include "lexicon/wordlist.h"
#include "snapshot/alias_table.h"
#include "util/utf8.h"

/* Releases of clang-format measure the width of rare characters differently. */
/* clang-format off */
static const struct {
    const char *word;
    int64_t freq;
} dictionary[] = {
    {"我", 328841},      {"来到", 8000},     {"北京", 34488},
    {"清华", 600},       {"清华大学", 2053}, {"华大", 40},
    {"大学", 20025},     {"北京大学", 2053}, {"中国", 100000},
    {"中国科学院", 100}, {"科学", 7000},     {"科学院", 500},
    {"学院", 4000},      {"计算", 3000},     {"计算所", 3},
    {"研究", 9000},      {"研究生", 1000},   {"生命", 7000},
    {"命", 5000},        {"起源", 1000},     {"研究生命起源", 1},
    {"的", 318825},      {"了", 100000},     {"在", 200000},
    {"C++", 3},          {"c#", 3},          {"AT&T", 3},
    {"B超", 3},          {"T恤", 4},         {"1.5", 2},
    {"10%", 2},          {"x_y-z", 2},       {"龥", 1},
    {"鿕", 1},          {"一", 217830},     {"一一", 10},
    {"一一一一", 10},    {"a", 1},           {"aa", 1},
    {"aaaa", 1},         {"北", 10},         {"京", 10},
    {"清", 10},          {"华", 10},
};

static const char *const images[] = {"https://example.org/a.jpg", "https://example.org/分.png",
                                     "https://example.org/\"\\.gif"};

/* The characters of small_spell(): at most 128; fewer are repeated. */
static const char alphabet[] =
    "我来到北京清华大学中国科学院计算所研究生命起源的了在超恤龥鿕一"
    "乙"
    "丁"
    "七万丈三上下不与丐丑专且丕世"
    "丘丙业丛东丝丞丢两严並丧個"
    "䷿鿖，。！　、“”《》…—\xC2\x85\xC2\xA0\xE1\x9A\x80\xE2\x80\x80\xE2"
    "\x80\xA8\xE2\x80\xAFéüß０Ａ"
    "😀𠀀\xF4\x8F\xBF\xBF";
/* clang-format on */

static const char places[] = "BEMS";
static const char *const tags[] = {"a", "n", "v"};

#define N_TAGS (sizeof tags / sizeof *tags)

static void fill_model(struct hmm_model *hmm)
{
    static const double start[] = {-0.26, LOG_ZERO, LOG_ZERO, -1.46};
    for (size_t from = 0; from < HMM_STATES; from++) {
        hmm->start[from] = start[from];
        for (size_t to = 0; to < HMM_STATES; to++)
            hmm->trans[from][to] = -0.25 * (double)(1 + from + 2 * to);
    }
    for (uint32_t han = 0; han < DICT_HAN_COUNT; han++) {
        for (uint32_t state = 0; state < HMM_STATES; state++) {
            uint32_t mixed = (han * 2654435761u) >> (5 * state + 2) & 63;
            hmm->emit[han][state] = mixed > 60 ? LOG_ZERO : -0.25 * mixed - 5;
        }
    }
}

/* Add a row for each state, and for most pairs of states whose places can follow each other. */
static void add_states(struct pos_builder *builder)
{
    static const char next[POS_PLACES][2] = {"EM", "BS", "EM", "BS"};
    struct err err;
    for (unsigned i = 0; i < POS_PLACES * N_TAGS; i++) {
        struct pos_row row = {.kind = POS_ROW_START, .log = -0.25 * (double)(i % 5)};
        row.state = (struct pos_name){{&places[i % POS_PLACES], 1}, str_of(tags[i / POS_PLACES])};
        HOLDS(!pos_builder_add(builder, &row, &err));
    }
    for (unsigned i = 0; i < POS_PLACES * N_TAGS * 2 * N_TAGS; i++) {
        struct pos_row row = {.kind = POS_ROW_TRANS, .log = -0.25 * (double)(i % 7)};
        unsigned from = i % POS_PLACES, to = i / POS_PLACES / N_TAGS % 2;
        row.state = (struct pos_name){{&places[from], 1}, str_of(tags[i / POS_PLACES % N_TAGS])};
        row.next =
            (struct pos_name){{&next[from][to], 1}, str_of(tags[i / POS_PLACES / N_TAGS / 2])};
        if (i % 11)
            HOLDS(!pos_builder_add(builder, &row, &err));
    }
}

/* Mark the Chinese characters of small_spell(), by code point - DICT_FIRST_HAN. */
static void mark_alphabet(bool marked[DICT_HAN_COUNT])
{
    uint32_t code = 0;
    for (size_t at = 0; at < sizeof alphabet - 1;) {
        at += utf8_read(alphabet + at, sizeof alphabet - at, &code);
        if (code - DICT_FIRST_HAN < DICT_HAN_COUNT)
            marked[code - DICT_FIRST_HAN] = true;
    }
}

/* Add the rows of a character: every third is listed with some states, every second has emissions. */
static void add_character(struct pos_builder *builder, uint32_t han)
{
    uint32_t code = DICT_FIRST_HAN + han;
    char character[] = {(char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3F)),
                        (char)(0x80 | (code & 0x3F))};
    struct err err;
    for (uint32_t i = 0; i < POS_PLACES * N_TAGS; i++) {
        uint32_t mixed = ((uint32_t)(han * POS_PLACES * N_TAGS + i) * 2654435761u) >> 20;
        struct pos_row row = {.log = -0.25 * (double)(mixed % 40),
                              .character = {character, sizeof character}};
        row.state = (struct pos_name){{&places[i % POS_PLACES], 1}, str_of(tags[i / POS_PLACES])};
        row.kind = POS_ROW_EMIT;
        HOLDS(han % 2 == 0 || !pos_builder_add(builder, &row, &err));
        row.kind = POS_ROW_LIST;
        HOLDS(han % 3 != 0 || mixed % 4 != 0 || !pos_builder_add(builder, &row, &err));
    }
}

/* Add the rows of the characters of small_spell(). All others have none, which keeps the model small. */
static void add_characters(struct pos_builder *builder)
{
    static bool marked[DICT_HAN_COUNT];
    mark_alphabet(marked);
    for (uint32_t han = 0; han < DICT_HAN_COUNT; han++) {
        if (marked[han])
            add_character(builder, han);
    }
}

static void fill_pos(struct pos_model *pos)
{
    struct err err;
    static struct pos_builder *builder; /* Owns the memory of the model. */
    builder = pos_builder_new(&err);
    HOLDS(builder);
    add_states(builder);
    add_characters(builder);
    HOLDS(!pos_builder_finish(builder, pos, &err));
}

static void fill_dict(struct dict *dict)
{
    static struct hmm_model hmm;
    static struct dict_builder *builder; /* Owns the memory of the dictionary. */
    struct err err;
    struct wordlist *list = wordlist_new(&err);
    HOLDS(list);
    for (size_t i = 0; i < sizeof dictionary / sizeof *dictionary; i++)
        HOLDS(!wordlist_add(list, str_of(dictionary[i].word), dictionary[i].freq,
                            str_of(i % 4 ? tags[i % N_TAGS] : ""), &err));
    HOLDS(!wordlist_forbid(list, str_of("命起"), &err));
    builder = wordlist_compile(list, dict, &err);
    HOLDS(builder);
    wordlist_free(list);
    fill_model(&hmm);
    dict->hmm = &hmm;
    fill_pos(&dict->pos);
}

static void fill_images(struct snapshot *snapshot)
{
    static uint64_t ends[sizeof images / sizeof *images];
    static char text[256];
    size_t n = sizeof images / sizeof *images, at = 0;
    for (size_t i = 0; i < n; i++) {
        memcpy(text + at, images[i], strlen(images[i]));
        at += strlen(images[i]);
        ends[i] = at;
    }
    snapshot->n_images = (uint32_t)n;
    snapshot->image_ends = ends;
    snapshot->image_text = text;
    snapshot->image_text_size = at;
}

static const struct {
    const char *word;
    uint32_t value;
} idf[] = {{"C++", 1},      {"aa", 2},       {"中国", 1},         {"中国科学院", 3},
           {"北京", 2},     {"清华大学", 3}, {"生命", 1},         {"研究", 2},
           {"研究生", 200}, {"研究生命", 3}, {"研究生命起源", 1}, {"科学", 2}};

static void fill_weights(struct idf *weights)
{
    static double values[256];
    static struct word_table_builder words, stop_words; /* Own the memory of the tables. */
    struct err err;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        values[i] = 5 + 0.25 * (double)(i % 7);
    for (size_t i = 0; i < sizeof idf / sizeof *idf; i++)
        HOLDS(!word_table_builder_add(&words, str_of(idf[i].word), idf[i].value, &err));
    HOLDS(!word_table_builder_add(&stop_words, str_of("the"), 0, &err));
    HOLDS(!word_table_builder_add(&stop_words, str_of("科学院"), 0, &err));
    weights->values = values;
    weights->n_values = sizeof values / sizeof *values;
    weights->idf = word_table_builder_table(&words);
    weights->stop_words = word_table_builder_table(&stop_words);
}

/* Make a list of all images, and one of those with a tag. */
static void fill_lists(struct snapshot *snapshot)
{
    static struct snapshot_list lists[] = {{.first = 0, .n = 3}, {.tag = "猫", .first = 3, .n = 2}};
    static struct snapshot_choice choices[] = {{.threshold = 1, .image = 0},
                                               {.threshold = 10, .image = 1},
                                               {.threshold = 5, .image = 2},
                                               {.threshold = 1, .image = 0},
                                               {.threshold = 5, .image = 2}};
    static const struct snapshot_image_settings settings = {.redirect_no_referrer = 1};
    struct err err;
    snapshot->n_lists = sizeof lists / sizeof *lists;
    snapshot->lists = lists;
    snapshot->n_choices = sizeof choices / sizeof *choices;
    snapshot->choices = choices;
    snapshot->image_settings = &settings;
    for (uint32_t i = 0; i < snapshot->n_lists; i++)
        HOLDS(!alias_table_build(choices + lists[i].first, lists[i].n, &lists[i].total, &err));
}

const struct snapshot *small_snapshot(void)
{
    static const struct snapshot_header header; /* Its presence marks the snapshot as open. */
    static struct snapshot snapshot = {.header = &header};
    if (!snapshot.dict.units) {
        fill_dict(&snapshot.dict);
        fill_images(&snapshot);
        fill_lists(&snapshot);
        fill_weights(&snapshot.weights);
    }
    return &snapshot;
}

void small_spell(struct str in, struct buf *out)
{
    static struct str characters[128];
    uint32_t code;
    for (size_t i = 0, at = 0; i < 128 && !characters[127].at; i++) {
        characters[i] = (struct str){alphabet + at, 0};
        characters[i].len = utf8_read(alphabet + at, sizeof alphabet - at, &code);
        at = (at + characters[i].len) % (sizeof alphabet - 1);
    }
    for (size_t i = 0; i < in.len; i++) {
        unsigned char byte = (unsigned char)in.at[i];
        if (byte < 0x80)
            buf_add_char(out, (char)byte);
        else
            buf_add_str(out, characters[byte - 0x80]);
    }
}
