#include "fastcgi/snapshot_log.h"

#include "snapshot/snapshot.h"
#include "util/clock.h"

#include <inttypes.h>

/* Append the rows of the tables of a part: ", 5 -> 6 images". */
static void add_rows(const struct snapshot_log *before, const struct snapshot_log *now,
                     enum snapshot_part part, struct buf *text)
{
    for (int i = 0; i < SNAPSHOT_TABLES; i++) {
        if (snapshot_table_part((enum snapshot_table)i) != part)
            continue;
        buf_add_text(text, ", ");
        if (before->has_snapshot)
            buf_print(text, "%" PRIu64 " -> ", before->counts.rows[i]);
        buf_print(text, "%" PRIu64 " %s", now->counts.rows[i],
                  snapshot_table_name((enum snapshot_table)i));
    }
}

/* Whether a part differs from that of the previous snapshot. */
static bool has_changed(const struct snapshot_log *before, const struct snapshot_log *now, int part)
{
    return !before->has_snapshot || before->revisions.store != now->revisions.store ||
           before->revisions.parts[part] != now->revisions.parts[part];
}

static void add_parts(const struct snapshot_log *before, const struct snapshot_log *now,
                      struct buf *text)
{
    const char *separator = ": ";
    for (int i = 0; i < SNAPSHOT_PARTS; i++) {
        if (!has_changed(before, now, i))
            continue;
        buf_print(text, "%s%s revision %" PRIu64, separator,
                  snapshot_part_name((enum snapshot_part)i), now->revisions.parts[i]);
        add_rows(before, now, (enum snapshot_part)i, text);
        separator = "; ";
    }
}

void snapshot_log_print(struct snapshot_log *before, const char *path, int64_t took,
                        const struct log *log)
{
    struct snapshot snapshot;
    struct buf text = {0};
    struct err ignored;
    if (snapshot_open(&snapshot, path, &ignored))
        return;
    struct snapshot_log now = {true, snapshot.header->revisions, snapshot_count_rows(&snapshot)};
    snapshot_close(&snapshot);
    if (took)
        buf_print(&text, "snapshot compiled in %" PRId64 " ms", (took + CLOCK_MS / 2) / CLOCK_MS);
    else
        buf_add_text(&text, before->has_snapshot ? "snapshot replaced" : "snapshot found");
    add_parts(before, &now, &text);
    log_print(log, "%.*s", (int)text.len, buf_str(&text).at);
    buf_free(&text);
    *before = now;
}
