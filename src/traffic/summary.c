#include "traffic/summary.h"

static const char queries[] =
#include "traffic_summary_sql.h"
    ;

/* Whether the byte at `i` begins a control character: one of ASCII but the line feed, or one of U+0080
 * to U+009F in UTF-8. */
static bool is_control(const unsigned char *text, size_t i)
{
    return (text[i] < ' ' && text[i] != '\n') || text[i] == 0x7F ||
           (text[i] == 0xC2 && text[i + 1] >= 0x80 && text[i + 1] < 0xA0);
}

static void print_row(void *arg, sqlite3_stmt *row)
{
    FILE *out = arg;
    const unsigned char *text = sqlite3_column_text(row, 0);
    for (size_t i = 0; text && text[i]; i++)
        putc(is_control(text, i) ? '?' : text[i], out);
    putc('\n', out);
}

int summary_print(const struct results *results, FILE *out, struct err *err)
{
    return results_each_row(results, queries, print_row, out, err);
}
