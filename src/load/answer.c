#include "load/answer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The value of the header `name` in the head that ends at `end`, without leading spaces; or NULL. */
static const char *find_header(const char *head, const char *end, const char *name)
{
    size_t len = strlen(name);
    for (const char *line = memchr(head, '\n', (size_t)(end - head)); line && line < end;
         line = memchr(line + 1, '\n', (size_t)(end - line - 1))) {
        if ((size_t)(end - line) > len + 1 && !strncasecmp(line + 1, name, len) &&
            line[1 + len] == ':')
            return line + 2 + len + strspn(line + 2 + len, " ");
    }
    return NULL;
}

/* Read the status line and the headers. Returns 0, or -1 where they are not valid HTTP/1.x. */
static int read_head(struct answer *answer, const char *text, const char *end)
{
    const char *length = find_header(text, end, "Content-Length");
    const char *coding = find_header(text, end, "Transfer-Encoding");
    const char *connection = find_header(text, end, "Connection");
    if (end - text < 12 || strncmp(text, "HTTP/1.", 7))
        return -1;
    answer->status = atoi(text + 9);
    answer->closes = connection && !strncasecmp(connection, "close", 5);
    answer->head = (size_t)(end - text) + 4;
    answer->body = length ? strtoul(length, NULL, 10) : 0;
    answer->chunked = coding && !strncasecmp(coding, "chunked", 7);
    answer->until_close =
        !length && !answer->chunked && answer->status != 204 && answer->status != 304;
    return answer->status >= 200 && answer->status < 600 ? 0 : -1;
}

/* Move answer->body past the complete chunks. Returns 1 after the last chunk, else 0. */
static int read_chunks(struct answer *answer, const char *text, size_t len)
{
    for (;;) {
        size_t at = answer->head + answer->body;
        const char *end = at < len ? memmem(text + at, len - at, "\r\n", 2) : NULL;
        if (!end)
            return 0;
        size_t size = strtoul(text + at, NULL, 16), line = (size_t)(end - text) + 2 - at;
        if (size > len || at + line + size + 2 > len)
            return 0;
        answer->body += line + size + 2;
        if (size == 0)
            return 1; /* our servers send no trailers */
    }
}

int answer_parse(struct answer *answer, const char *text, size_t len)
{
    if (!answer->status) {
        const char *end = memmem(text, len, "\r\n\r\n", 4);
        if (!end)
            return 0;
        if (read_head(answer, text, end))
            return -1;
    }
    if (answer->chunked)
        return read_chunks(answer, text, len);
    return !answer->until_close && len >= answer->head + answer->body;
}
