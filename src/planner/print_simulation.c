#include "planner/print_simulation.h"

static const char lines_sql[] =
#include "simulation_summary_sql.h"
    ;

int print_simulation(const struct database *database, FILE *out, struct err *err)
{
    sqlite3_stmt *lines = database_prepare(database, lines_sql, err);
    int got = lines ? 1 : -1;
    while (got > 0 && (got = database_step(database, lines, err)) > 0)
        fprintf(out, "%s\n", (const char *)sqlite3_column_text(lines, 0));
    sqlite3_finalize(lines);
    return got;
}
