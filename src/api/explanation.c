#include "api/explanation.h"

#include "api/json.h"
#include "api/number.h"

#include <inttypes.h>

struct printer {
    struct buf *out;
    const struct explain_part *part;
    bool any; /* Whether a part has been printed. */
};

/* Print `"name": "the characters"`. */
static void print_text(const struct printer *printer, const char *name, struct span span)
{
    buf_print(printer->out, "\"%s\": ", name);
    json_add_string(printer->out, explain_part_text(printer->part, span));
}

/* Print the same, and the position in the whole text. */
static void print_place(const struct printer *printer, const char *name, struct span span)
{
    print_text(printer, name, span);
    buf_print(printer->out, ", \"start\": %zu, \"end\": %zu", printer->part->begin + span.begin,
              printer->part->begin + span.end);
}

/* Open object number `i` of an array. */
static void open_object(const struct printer *printer, size_t i)
{
    buf_add_text(printer->out, i ? ", {" : "{");
}

/* Print string number `i` of an array. */
static void print_string(const struct printer *printer, size_t i, struct span span)
{
    if (i)
        buf_add_text(printer->out, ", ");
    json_add_string(printer->out, explain_part_text(printer->part, span));
}

static void print_freq(const struct printer *printer, int64_t freq)
{
    if (freq)
        buf_print(printer->out, ", \"freq\": %" PRId64, freq);
    else
        buf_add_text(printer->out, ", \"freq\": null");
}

static void print_graph(const struct printer *printer)
{
    const struct explain_part *part = printer->part;
    buf_add_text(printer->out, ", \"graph\": [");
    for (size_t i = 0; i < part->n_edges; i++) {
        const struct explain_edge *edge = &part->edges[i];
        open_object(printer, i);
        print_place(printer, "word", edge->span);
        print_freq(printer, edge->freq);
        buf_add_text(printer->out, ", \"logp\": ");
        number_print(printer->out, edge->logp);
        buf_print(printer->out, ", \"on_route\": %s}", edge->on_best_path ? "true" : "false");
    }
    buf_add_text(printer->out, "], \"route\": [");
    for (size_t i = 0, n = 0; i < part->n_edges; i++) {
        if (part->edges[i].on_best_path)
            print_string(printer, n++, part->edges[i].span);
    }
    buf_add_text(printer->out, "], \"route_logp\": ");
    number_print(printer->out, part->logp);
}

static void print_runs(const struct printer *printer)
{
    const struct explain_part *part = printer->part;
    buf_add_text(printer->out, ", \"model\": [");
    for (size_t i = 0; i < part->n_runs; i++) {
        open_object(printer, i);
        print_place(printer, "text", part->runs[i].span);
        buf_add_text(printer->out, ", \"words\": [");
        for (size_t k = 0; k < part->runs[i].n; k++)
            print_string(printer, k, part->words[part->runs[i].first + k].span);
        buf_add_text(printer->out, "]}");
    }
    buf_add_char(printer->out, ']');
}

/* Print the dictionary's entry that decided. */
static void print_row(const struct printer *printer, const struct explained_word *word)
{
    print_text(printer, "row", word->row);
    buf_print(printer->out, ", \"freq\": %" PRId64, word->freq);
}

static void print_words(const struct printer *printer)
{
    static const char *const from[] = {
        [ORIGIN_DICT] = "words", [ORIGIN_HMM] = "model", [ORIGIN_RULE] = "rule"};
    const struct explain_part *part = printer->part;
    buf_add_text(printer->out, ", \"words\": [");
    for (size_t i = 0; i < part->n_words; i++) {
        const struct explained_word *word = &part->words[i];
        open_object(printer, i);
        print_place(printer, "word", word->span);
        buf_print(printer->out, ", \"from\": \"%s\", ", from[word->from]);
        if (word->from == ORIGIN_DICT)
            print_row(printer, word);
        else
            buf_add_text(printer->out, "\"row\": null, \"freq\": null");
        buf_add_char(printer->out, '}');
    }
    buf_add_char(printer->out, ']');
}

/* Print the SQL statement of a suggestion. The word needs no escaping: segmented words contain no
 * quotation marks. */
static void print_sql(const struct printer *printer, const struct suggestion *change)
{
    struct str word = explain_part_text(printer->part, change->word);
    int len = (int)word.len;
    if (change->present != NO_FREQ)
        buf_print(printer->out, "UPDATE words SET freq = %" PRId64 " WHERE word = '%.*s';",
                  change->freq, len, word.at);
    else
        buf_print(printer->out, "INSERT INTO words (word, freq) VALUES ('%.*s', %" PRId64 ");", len,
                  word.at, change->freq);
}

static void print_spans(const struct printer *printer, const char *name, size_t first, size_t n)
{
    buf_print(printer->out, ", \"%s\": [", name);
    for (size_t i = 0; i < n; i++)
        print_string(printer, i, printer->part->spans[first + i]);
    buf_add_char(printer->out, ']');
}

static void print_change(const struct printer *printer, const struct suggestion *change)
{
    static const char *const kinds[] = {
        [SUGGEST_JOIN] = "join", [SUGGEST_KEEP] = "keep", [SUGGEST_SPLIT] = "split"};
    buf_print(printer->out, "\"do\": \"%s\", ", kinds[change->kind]);
    print_place(printer, "word", change->word);
    print_spans(printer, "pieces", change->pieces, change->n_pieces);
    buf_print(printer->out, ", \"freq\": %" PRId64 ", \"sql\": \"", change->freq);
    print_sql(printer, change);
    buf_add_char(printer->out, '"');
    print_spans(printer, "gives", change->gives, change->n_gives);
    buf_print(printer->out, ", \"works\": %s}", change->works ? "true" : "false");
}

/* Print the changes that reach their aim, or those that do not. */
static void print_changes(const struct printer *printer, const char *name, bool works)
{
    const struct explain_part *part = printer->part;
    buf_print(printer->out, ", \"%s\": [", name);
    for (size_t i = 0, n = 0; i < part->n_changes; i++) {
        if (part->changes[i].works != works)
            continue;
        open_object(printer, n++);
        print_change(printer, &part->changes[i]);
    }
    buf_add_char(printer->out, ']');
}

static void print_part(void *arg, const struct explain_part *part)
{
    static const char *const kinds[] = {
        [EXPLAIN_BLOCK] = "block", [EXPLAIN_GAP] = "between", [EXPLAIN_PHRASE] = "phrase"};
    struct printer *printer = arg;
    printer->part = part;
    open_object(printer, printer->any);
    printer->any = true;
    buf_print(printer->out, "\"kind\": \"%s\", ", kinds[part->kind]);
    print_place(printer, "text", (struct span){0, part->n});
    if (part->kind == EXPLAIN_BLOCK) {
        print_graph(printer);
        print_runs(printer);
    }
    print_words(printer);
    if (part->kind == EXPLAIN_BLOCK) {
        print_changes(printer, "changes", true);
        print_changes(printer, "has_no_effect", false);
    }
    buf_add_char(printer->out, '}');
}

int explanation_print(struct buf *out, const struct dict *dict, struct str text, bool hmm,
                      struct err *err)
{
    struct printer printer = {.out = out};
    buf_print(out, "{\"total\": %" PRId64 ", \"blocks\": [", dict->freqs[0]);
    int status = explain_text(dict, text, hmm, print_part, &printer, err);
    buf_add_text(out, "]}");
    return status;
}
