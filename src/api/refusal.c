#include "api/refusal.h"

#include "api/json.h"
#include "api/language.h"
#include "api/limits.h"
#include "segmenter/dict.h"
#include "segmenter/explain_part.h"
#include "util/utf8.h"

static const struct {
    int status;
    const char *error, *english, *chinese;
} refusals[] = {
    [REFUSE_NOTHING] = {500, "", "", ""},
#define REFUSAL(name, status, error, english, chinese)                                             \
    [REFUSE_##name] = {status, error, english, chinese},
#include "api/refusals.h"
#undef REFUSAL
};

/* Append what the client sent, with U+FFFD for each byte that is not UTF-8, and cut to a length. */
static void add_value(struct buf *out, struct str value)
{
    uint32_t code;
    for (size_t i = 0, len; i < value.len; i += len) {
        if (i >= REFUSAL_SHOWN) {
            buf_add_text(out, "…");
            return;
        }
        len = utf8_read(value.at + i, value.len - i, &code);
        if (len > 0)
            buf_add(out, value.at + i, len);
        else
            buf_add_text(out, "\xEF\xBF\xBD");
        len += len == 0;
    }
}

/* Append a list, in Chinese with the separator of that language. */
static void add_list(struct buf *out, const char *list, bool chinese)
{
    const char *separator;
    while (chinese && (separator = strstr(list, ", "))) {
        buf_add(out, list, (size_t)(separator - list));
        buf_add_text(out, "、");
        list = separator + 2;
    }
    buf_add_text(out, list);
}

/* Append the value of the placeholder that begins at `at`. Returns the bytes of the placeholder; 0
 * where none begins there. */
static size_t add_placeholder(struct buf *out, const char *at, const struct refusal_values *values,
                              bool chinese)
{
    static const char *const names[] = {"{parameter}", "{value}", "{allowed}",
                                        "{n}",         "{line}",  "{column}"};
    const size_t numbers[] = {values->n, values->line, values->column}; /* those from {n} on */
    size_t i = 0, n = sizeof names / sizeof *names;
    while (i < n && strncmp(at, names[i], strlen(names[i])) != 0)
        i++;
    if (i == n)
        return 0;
    if (i == 0)
        buf_add_str(out, str_of(values->parameter));
    else if (i == 1)
        add_value(out, values->value);
    else if (i == 2)
        add_list(out, values->allowed, chinese);
    else
        buf_print(out, "%zu", numbers[i - 3]);
    return strlen(names[i]);
}

/* Append a text as a JSON string, with values for its placeholders. `room` is scratch memory. */
static void add_text(struct buf *out, const char *text, const struct refusal_values *values,
                     bool chinese, struct buf *room)
{
    buf_reset(room);
    while (*text) {
        size_t used = *text == '{' ? add_placeholder(room, text, values, chinese) : 0;
        if (used == 0) {
            used = 1 + strcspn(text + 1, "{");
            buf_add(room, text, used);
        }
        text += used;
    }
    json_add_string(out, buf_str(room));
    out->failed |= room->failed;
}

void refusal_print(struct buf *out, enum refusal refusal, const struct refusal_values *values,
                   struct str accept_language)
{
    bool chinese = language_is_chinese(accept_language);
    struct buf room = {0};
    buf_add_text(out, "{\"error\": ");
    add_text(out, refusals[refusal].error, values, false, &room);
    buf_add_text(out, ", \"detail\": ");
    add_text(out, chinese ? refusals[refusal].chinese : refusals[refusal].english, values, chinese,
             &room);
    if (values->parameter) {
        buf_add_text(out, ", \"parameter\": ");
        json_add_string(out, str_of(values->parameter));
    }
    if (values->has_index)
        buf_print(out, ", \"index\": %zu", values->n);
    buf_add_text(out, "}\n");
    buf_free(&room);
}

int refusal_status(enum refusal refusal)
{
    return refusals[refusal].status;
}

enum refusal refusal_of_url(enum url_fault fault)
{
    static const enum refusal all[] = {[URL_FINE] = REFUSE_NOTHING,
                                       [URL_BAD_ESCAPE] = REFUSE_BAD_ESCAPE,
                                       [URL_TOO_MANY] = REFUSE_TOO_MANY_PARAMETERS,
                                       [URL_NO_MEMORY] = REFUSE_FAILURE};
    return all[fault];
}
