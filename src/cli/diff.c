/*
 * diff: shows what an edit of the store would change, before it is made: rows, the guard's verdict, and the
 * words of texts. Without an edit, it shows what the store has that the snapshot has not.
 */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "cli/text_diff.h"
#include "snapshot/counts.h"
#include "store/compile.h"
#include "store/row_changes.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_LIMIT 20
#define MAX_LIMIT     1000000000
#define IS_DIFFERENT  1
#define HAS_FAILED    2

static const char usage[] =
    "Usage: serverful diff [OPTION...] [TEXT...]\n"
    "\n"
    "Run the SQL of an edit on a private copy of the store, and print which rows it changes, "
    "whether\n"
    "the guard would hold it back, and which words of the files TEXT change. Without --sql, print "
    "what\n"
    "the store has that the snapshot has not. TEXT - is the standard input. The exit status is 0 "
    "where\n"
    "nothing differs, 1 where something does, and 2 after an error.\n"
    "\n"
    "  --sql FILE       the SQL; - is the standard input\n"
    "  --store FILE     the store (default " DEFAULT_STORE ")\n"
    "  --snapshot FILE  the snapshot that is served (default " DEFAULT_SNAPSHOT ")\n"
    "  --pos            compare the parts of speech of the words, too\n"
    "  --no-hmm         do not use the hidden Markov model\n"
    "  --limit N        print at most N rows of each table, and N differences of words "
    "(default " CLI_TEXT(DEFAULT_LIMIT) ")\n"
                                        "  -h, --help       print this help\n";

struct options {
    const char *sql, *store, *snapshot;
    char *const *texts; /* [n_texts] */
    int n_texts;
    unsigned limit;
    bool pos, hmm;
};

/* The rows of one table that differ. */
struct table_diff {
    const char *table, *columns; /* NULL before the first table. */
    uint64_t added, changed, removed;
    uint64_t limit;
    struct buf rows; /* The lines of the first `limit` rows. */
};

/* Whether more than one of the SQL and the texts is the standard input, which can be read once. Prints a
 * message then. */
static bool repeats_input(const char *command, const struct options *options)
{
    int n = options->sql && !strcmp(options->sql, "-");
    for (int i = 0; i < options->n_texts; i++)
        n += !strcmp(options->texts[i], "-");
    if (n > 1)
        cli_fail(command, "only one of the SQL and the texts can be the standard input");
    return n > 1;
}

/* Read the options. Returns 0; -1 for wrong usage; 1 if it has printed the help. */
static int parse_options(int argc, char **argv, struct options *options)
{
    static const struct option longs[] = {
        {"sql", required_argument, NULL, 'q'},      {"store", required_argument, NULL, 's'},
        {"snapshot", required_argument, NULL, 'S'}, {"pos", no_argument, NULL, 'p'},
        {"no-hmm", no_argument, NULL, 'n'},         {"limit", required_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},           {0}};
    *options = (struct options){
        .store = DEFAULT_STORE, .snapshot = DEFAULT_SNAPSHOT, .limit = DEFAULT_LIMIT, .hmm = true};
    uint64_t given = 0;
    for (int c; (c = getopt_long(argc, argv, "h", longs, NULL)) != -1;) {
        if (c == 'h')
            return fputs(usage, stdout) < 0 ? -1 : 1;
        if (c == '?' || !cli_accept_option(argv[0], longs, c, &given) ||
            (c == 'l' && !cli_read_number(argv[0], "limit", optarg, 0, MAX_LIMIT, &options->limit)))
            return -1;
        options->sql = c == 'q' ? optarg : options->sql;
        options->store = c == 's' ? optarg : options->store;
        options->snapshot = c == 'S' ? optarg : options->snapshot;
        options->pos = options->pos || c == 'p';
        options->hmm = options->hmm && c != 'n';
    }
    options->texts = argv + optind;
    options->n_texts = argc - optind;
    return repeats_input(argv[0], options) ? -1 : 0;
}

/* Open a file; "-" is the standard input. Returns NULL with a reason on failure. */
static FILE *open_input(const char *name, struct err *err)
{
    FILE *file = strcmp(name, "-") ? fopen(name, "re") : stdin;
    if (!file)
        err_errno(err, "cannot open the file %s ('-' is the standard input)", name);
    return file;
}

static void close_input(FILE *file)
{
    if (file != stdin)
        fclose(file);
}

/* Read the SQL, and append a NUL. */
static int read_sql(const char *name, struct buf *sql, struct err *err)
{
    FILE *file = open_input(name, err);
    if (!file)
        return -1;
    for (size_t n = 1; n > 0; sql->len += n) {
        char *to = buf_reserve(sql, BUFSIZ);
        n = to ? fread(to, 1, BUFSIZ, file) : 0;
    }
    bool is_read = !ferror(file);
    close_input(file);
    if (!is_read)
        return err_errno(err, "cannot read %s", name);
    if (sql->len && memchr(sql->at, '\0', sql->len))
        return err_set(err, "%s has a NUL byte: convert it to UTF-8", name);
    buf_add_char(sql, '\0');
    return sql->failed ? err_set(err, "out of memory for %s", name) : 0;
}

/* Print the table whose rows were counted, and begin another one. */
static void print_table(struct table_diff *diff)
{
    uint64_t n = diff->added + diff->changed + diff->removed;
    if (n)
        printf("%s (%s): %" PRIu64 " added, %" PRIu64 " changed, %" PRIu64 " removed\n",
               diff->table, diff->columns, diff->added, diff->changed, diff->removed);
    fwrite(buf_str(&diff->rows).at, 1, diff->rows.len, stdout);
    if (n > diff->limit)
        printf("... and %" PRIu64 " more rows\n", n - diff->limit);
    buf_reset(&diff->rows);
    diff->added = diff->changed = diff->removed = 0;
}

/* Count a row, and keep its lines: - as it was, + as it is. */
static int add_change(void *arg, const struct row_change *change, struct err *err)
{
    struct table_diff *diff = arg;
    if (diff->table && strcmp(diff->table, change->table) != 0)
        print_table(diff);
    diff->table = change->table;
    diff->columns = change->columns;
    bool is_shown = diff->added + diff->changed + diff->removed < diff->limit;
    diff->added += !change->old;
    diff->removed += !change->now;
    diff->changed += change->old && change->now;
    if (is_shown && change->old)
        buf_print(&diff->rows, "- %s\n", change->old);
    if (is_shown && change->now)
        buf_print(&diff->rows, "+ %s\n", change->now);
    return diff->rows.failed ? err_set(err, "out of memory for the rows of %s", diff->table) : 0;
}

/* Print the rows that differ. Sets `*differs` where there are any. */
static int compare_stores(const struct options *options, struct store *before, struct store *after,
                          bool *differs, struct err *err)
{
    struct table_diff diff = {.limit = options->limit};
    int status = store_compare_rows(before, after, add_change, &diff, err);
    print_table(&diff);
    buf_free(&diff.rows);
    *differs = *differs || diff.table;
    return status;
}

/* Print what the guard says. */
static void print_guard(const struct store_preview *preview, const char *consequence)
{
    struct err finding;
    for (int i = 0; i < SNAPSHOT_PARTS; i++) {
        if (store_preview_is_refused(preview, (enum snapshot_part)i, &finding))
            printf("guard: %s: %s\n", finding.text, consequence);
    }
}

/* Compare the words of the texts. Sets `*differs` where any differ. */
static int compare_texts(const struct options *options, const struct snapshot *before,
                         const struct snapshot *after, bool *differs, struct err *err)
{
    struct text_diff diff = {.before = &before->dict,
                             .after = &after->dict,
                             .hmm = options->hmm,
                             .pos = options->pos,
                             .limit = options->limit};
    int status = 0;
    for (int i = 0; !status && i < options->n_texts; i++) {
        FILE *in = open_input(options->texts[i], err);
        status = in ? text_diff_compare(&diff, in, options->texts[i], err) : -1;
        if (in)
            close_input(in);
    }
    if (diff.found > diff.limit)
        printf("... and %zu more differences\n", diff.found - diff.limit);
    if (!status && options->n_texts)
        printf("texts: %zu of %zu lines differ\n", diff.differing, diff.lines);
    *differs = *differs || diff.found;
    text_diff_free(&diff);
    return status;
}

/* An edit that is tried out. */
struct trial {
    const struct options *options;
    struct store *store, *copy;
    struct store_preview *before, *after; /* What the copy is compiled into. */
    struct err reason;                    /* Why `before` is NULL: the store has a bad row, say. */
};

/* Compare the words of the texts before and after the edit. Of a store that cannot be compiled, which the
 * edit may correct, those of the snapshot are the words before. */
static int compare_trial_texts(const struct trial *trial, bool *differs, struct err *err)
{
    const struct snapshot *before = trial->before ? store_preview_content(trial->before)
                                    : store_preview_is_same_store(trial->after)
                                        ? store_preview_served(trial->after)
                                        : NULL;
    if (!before)
        return err_set(err, "%s", trial->reason.text);
    return compare_texts(trial->options, before, store_preview_content(trial->after), differs, err);
}

/* Run the SQL on the copy, and print what it changes. */
static int run_trial(struct trial *trial, const char *sql, bool *differs, struct err *err)
{
    const struct options *options = trial->options;
    const char *name = strcmp(options->sql, "-") ? options->sql : "standard input";
    struct err reason;
    trial->before = store_preview_new(trial->copy, options->snapshot, &trial->reason);
    if (store_run_sql(trial->copy, name, sql, err) ||
        compare_stores(options, trial->store, trial->copy, differs, err))
        return -1;
    trial->after = store_preview_new(trial->copy, options->snapshot, &reason);
    if (!trial->after)
        return err_set(err, "the service could not use the store then: %s", reason.text);
    print_guard(trial->after, "the service would keep the previous ones until this is confirmed");
    if (!store_preview_is_same_store(trial->after))
        fprintf(stderr, "serverful diff: %s is no snapshot of this store: the guard is not asked\n",
                options->snapshot);
    return options->n_texts ? compare_trial_texts(trial, differs, err) : 0;
}

static int preview_sql(const struct options *options, struct store *store, bool *differs,
                       struct err *err)
{
    struct buf sql = {0};
    struct trial trial = {.options = options, .store = store};
    int status = read_sql(options->sql, &sql, err);
    if (!status && !(trial.copy = store_copy(store, err)))
        status = -1;
    if (!status)
        status = run_trial(&trial, sql.at, differs, err);
    store_preview_free(trial.before);
    store_preview_free(trial.after);
    store_close(trial.copy);
    buf_free(&sql);
    return status;
}

/* Print the number of rows of a part's tables in the snapshot and in the store. */
static void print_part(enum snapshot_part part, const struct snapshot *before,
                       const struct snapshot *after)
{
    struct snapshot_counts old = snapshot_count_rows(before), now = snapshot_count_rows(after);
    printf("%s: the snapshot has another revision", snapshot_part_name(part));
    const char *separator = ":";
    for (int i = 0; i < SNAPSHOT_TABLES; i++) {
        enum snapshot_table table = (enum snapshot_table)i;
        if (snapshot_table_part(table) != part)
            continue;
        printf("%s %" PRIu64 " rows of %s, the store %" PRIu64, separator, old.rows[i],
               snapshot_table_name(table), now.rows[i]);
        separator = ";";
    }
    putchar('\n');
}

/* Print what the store has that the snapshot has not. */
static int compare_snapshot(const struct options *options, struct store *store, bool *differs,
                            struct err *err)
{
    struct store_preview *preview = store_preview_new(store, options->snapshot, err);
    if (!preview)
        return -1;
    const struct snapshot *before = store_preview_served(preview);
    const struct snapshot *after = store_preview_content(preview);
    int status = before->header ? 0
                                : err_set(err,
                                          "there is no usable snapshot %s: 'serverful "
                                          "snapshot' and the pool write one",
                                          options->snapshot);
    for (int i = 0; !status && i < SNAPSHOT_PARTS; i++) {
        if (!store_preview_has_changed(preview, (enum snapshot_part)i))
            continue;
        print_part((enum snapshot_part)i, before, after);
        *differs = true;
    }
    print_guard(preview, "the service keeps the previous ones (see the view guard_check)");
    if (!status)
        status = compare_texts(options, before, after, differs, err);
    store_preview_free(preview);
    return status;
}

int command_diff(int argc, char **argv)
{
    struct options options;
    struct err err;
    bool differs = false;
    int parsed = parse_options(argc, argv, &options);
    if (parsed < 0)
        fputs(usage, stderr);
    if (parsed)
        return parsed < 0 ? HAS_FAILED : 0;
    struct store *store = store_open(options.store, STORE_READ, &err);
    int status = !store        ? -1
                 : options.sql ? preview_sql(&options, store, &differs, &err)
                               : compare_snapshot(&options, store, &differs, &err);
    store_close(store);
    if (status) {
        cli_fail(argv[0], err.text);
        return HAS_FAILED;
    }
    return differs ? IS_DIFFERENT : 0;
}
