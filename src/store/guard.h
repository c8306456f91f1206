/*
 * guard: keeps a slip of the hand from being served, like a DELETE without its WHERE. The table `guard`
 * of the store has the limits, and what is refused. Private to src/store.
 */
#ifndef STORE_GUARD_H
#define STORE_GUARD_H

#include "snapshot/content.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/* The guard of one part: a row of the table, and the verdict of this compilation. A part that is not
 * guarded has zeros. */
struct guard_part {
    bool is_guarded;
    bool is_judged;    /* Whether this compilation has a verdict. */
    int64_t percent;   /* The largest share of the rows that may go at once. */
    int64_t confirmed; /* The refused revision that was confirmed; -1 for none. */
    uint64_t allowed;  /* The rows that the confirmed edit took away: so many more may go. */
    int64_t recorded;  /* The refused revision in the table, -1 for none. */
    int64_t refused;   /* The refused revision, -1 for none. */
    uint64_t gone, n;  /* The number of rows that would be gone, of the `n` that are served. */
    uint64_t served;   /* The revision that is served. */
};

struct guard {
    struct guard_part parts[SNAPSHOT_PARTS];
};

/* Read the table. Returns 0 or -1 with a reason. */
int guard_read(struct store *store, struct guard *guard, struct err *err);

/* Decide whether the compiled part, which is in `now` and has this revision, may replace that of the
 * `old` snapshot. Sets `refused`, `gone`, `n` and `served` of the part. Takes long only where many rows were
 * changed. Returns 0, or -1 with a reason where the store cannot be read. */
int guard_judge(struct guard *guard, struct store *store, enum snapshot_part part,
                const struct snapshot *old, const struct snapshot *now, uint64_t revision,
                struct err *err);

/* Write the verdicts into the table where it has others, within no transaction of `store`, which may be
 * open for reading alone; refusals only where `refusals`. Returns false where another program writes to
 * the store meanwhile, so that it has to be tried again. Where the store may not be written at all, the
 * log has the verdict all the same. */
bool guard_record(const struct guard *guard, const struct store *store, bool refusals);

/* Whether a part is refused. */
static inline bool guard_refuses_part(const struct guard *guard, enum snapshot_part part)
{
    return guard->parts[part].is_guarded && guard->parts[part].refused >= 0;
}

/* Whether any part is refused. Sets the reason, which names the statement that confirms the edit. */
bool guard_refuses(const struct guard *guard, struct err *err);

#endif
