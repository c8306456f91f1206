#include "traffic/format.h"

#define VOTERS     200 /* The most lines that vote. */
#define CANDIDATES 16  /* The most names of formats. */

struct vote {
    struct format format;
    int n;
};

const char *format_read(format_reader *read, struct format_state *state, struct str line,
                        struct record *record)
{
    *record = (struct record){.service_us = RECORD_NONE,
                              .bytes = RECORD_NONE,
                              .resolution_us = 1000000,
                              .path = {"/", 1}};
    return read(state, line, record);
}

/* Count a vote for the format of a record. */
static void count_vote(struct vote *votes, const struct record *record, format_reader *read)
{
    struct vote *vote = votes;
    while (vote->n && vote->format.name != record->format)
        vote++;
    *vote = (struct vote){{record->format, read}, vote->n + 1};
}

/* Let the first lines vote, as one reader reads them. */
static void let_vote(struct str text, format_reader *read, struct format_state *state,
                     struct vote *votes)
{
    struct record record;
    memset(state, 0, sizeof *state);
    for (int i = 0; i < VOTERS && text.len > 0; i++) {
        struct str line = str_trim(str_cut(&text, '\n'), "\r");
        if (line.len <= FORMAT_LINE_SIZE && !format_read(read, state, line, &record) &&
            record.format)
            count_vote(votes, &record, read);
    }
    memset(state, 0, sizeof *state);
}

bool format_find(struct str text, struct format_state *state, struct format *format)
{
    static format_reader *const readers[] = {format_read_alb, format_read_cloudfront,
                                             format_read_json, format_read_clf, format_read_csv};
    struct vote votes[CANDIDATES] = {0}, best = {0};
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        let_vote(text, readers[i], state, votes);
    for (struct vote *vote = votes; vote->n; vote++)
        best = vote->n > best.n ? *vote : best;
    *format = best.format;
    return best.n > 0;
}
