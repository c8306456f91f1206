#include "load/answer.h"

#include "util/decimal.h"

#include <stdlib.h>
#include <string.h>

/* The largest body, or chunk of one, in bytes. */
#define MAX_BODY ((size_t)1 << 40)

/* The value of the header `name` in the head; its `at` is NULL if there is none. */
static struct str find_header(struct str head, const char *name)
{
    while (head.len > 0) {
        struct str line = str_cut(&head, '\n');
        if (str_is_nocase(str_cut(&line, ':'), name))
            return str_trim(line, STR_SPACES);
    }
    return (struct str){NULL, 0};
}

/* Parse the status of a line such as "HTTP/1.1 200 OK". Returns 0 or -1. */
static int parse_status(struct str head, int *status)
{
    unsigned number;
    struct str line = str_trim(str_cut(&head, '\n'), STR_SPACES);
    if (line.len < 12 || memcmp(line.at, "HTTP/1.", 7) || (line.len > 12 && line.at[12] != ' ') ||
        !decimal_read_range((struct str){line.at + 9, 3}, 200, 599, &number))
        return -1;
    *status = (int)number;
    return 0;
}

/* Read the status line and the headers. Returns 0, or -1 where they are not valid HTTP/1.x. */
static int read_head(struct answer *answer, struct str head)
{
    struct str length = find_header(head, "Content-Length");
    struct str coding = find_header(head, "Transfer-Encoding");
    uint64_t body = 0;
    if (length.at && (!decimal_read(length, &body) || body > MAX_BODY))
        return -1;
    answer->closes = str_is_nocase(find_header(head, "Connection"), "close");
    answer->head = head.len + 4;
    answer->body = answer->no_body ? 0 : body;
    answer->chunked = !answer->no_body && str_is_nocase(coding, "chunked");
    if (parse_status(head, &answer->status))
        return -1;
    answer->until_close = !length.at && !answer->chunked && !answer->no_body &&
                          answer->status != 204 && answer->status != 304;
    return 0;
}

/* Parse the size line of a chunk, which ends with CR LF. Returns 0 or -1. */
static int parse_size(struct str line, size_t *size)
{
    struct str digits = str_trim(str_cut(&line, ';'), STR_BLANKS);
    if (digits.len == 0 || strspn(digits.at, "0123456789abcdefABCDEF") != digits.len)
        return -1;
    *size = strtoul(digits.at, NULL, 16);
    return *size <= MAX_BODY ? 0 : -1;
}

/* Move answer->body past the complete chunks. Returns 1 after the last chunk, -1 at an invalid one,
 * else 0. */
static int read_chunks(struct answer *answer, const char *text, size_t len)
{
    for (;;) {
        size_t at = answer->head + answer->body;
        const char *end = at < len ? memmem(text + at, len - at, "\r\n", 2) : NULL;
        if (!end)
            return 0;
        size_t size, line = (size_t)(end - text) + 2 - at;
        if (parse_size((struct str){text + at, line - 2}, &size))
            return -1;
        if (size == 0) /* the end of trailers, or of that line where there are none */
            return memmem(end, len - at - line + 2, "\r\n\r\n", 4) != NULL;
        if (at + line + size + 2 > len)
            return 0;
        answer->body += line + size + 2;
    }
}

int answer_parse(struct answer *answer, const char *text, size_t len)
{
    if (!answer->status) {
        const char *end = memmem(text, len, "\r\n\r\n", 4);
        if (!end)
            return 0;
        if (read_head(answer, (struct str){text, (size_t)(end - text)}))
            return -1;
    }
    if (answer->chunked)
        return read_chunks(answer, text, len);
    return !answer->until_close && len >= answer->head + answer->body;
}
