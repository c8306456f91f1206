#include "store/column_definition.h"

#include <stdbool.h>
#include <string.h>

static bool is_comment(const char *at)
{
    return (at[0] == '-' && at[1] == '-') || (at[0] == '/' && at[1] == '*');
}

/* Return the end of what begins at `at`: a comment, a string, a quoted name, or one byte of anything
 * else. A quote that is doubled within a string ends it and begins the next one. */
static const char *skip(const char *at)
{
    const char *end = NULL;
    if (is_comment(at))
        end = *at == '-' ? strchr(at, '\n') : strstr(at + 2, "*/");
    else if (strchr("'\"`[", *at))
        end = strchr(at + 1, *at == '[' ? ']' : *at);
    else
        return at + 1;
    if (!end)
        return at + strlen(at);
    return end + (*at == '/' ? 2 : 1);
}

/* Return `text` with all up to `end`, or what is from `at` to `end` where it is empty. */
static struct str extend(struct str text, const char *at, const char *end)
{
    const char *begin = text.len > 0 ? text.at : at;
    return (struct str){begin, (size_t)(end - begin)};
}

struct str column_definition(const char *sql, int n)
{
    struct str found = {"", 0};
    int depth = 0;
    for (const char *at = sql, *end; *at; at = end) {
        end = skip(at);
        bool ends = depth == 1 && (*at == ',' || *at == ')');
        if (ends && n-- == 0)
            return found;
        if (depth == 0 || ends)
            found = (struct str){"", 0};
        else if (!is_comment(at) && !strchr(" \t\n\f\r", *at))
            found = extend(found, at, end);
        depth += (*at == '(') - (*at == ')');
    }
    return (struct str){"", 0};
}

static void sql_column_definition(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    const char *sql = (const char *)sqlite3_value_text(values[0]);
    struct str found = column_definition(sql ? sql : "", sqlite3_value_int(values[1]));
    sqlite3_result_text(context, found.at, (int)found.len, SQLITE_TRANSIENT);
}

int column_definition_add(sqlite3 *db)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    return sqlite3_create_function_v2(db, "column_definition", 2, flags, NULL,
                                      sql_column_definition, NULL, NULL, NULL);
}
