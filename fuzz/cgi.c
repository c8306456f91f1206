/*
 * cgi: fuzzes the parameters of one well-formed FastCGI request. The input is method, path, query, type
 * and length, each ended by NUL, and then the body. A path that does not begin with '/' is sent as
 * REQUEST_URI, which the pool decodes, and one with a byte 1 as SCRIPT_NAME and PATH_INFO. The output must
 * be CGI, with a body that fits the status.
 */
#include "fuzz/answer.h"
#include "fuzz/fuzz.h"
#include "fuzz/wire.h"

#include <stdio.h>
#include <stdlib.h>

enum { BEGIN = 1, PARAMS = 4, STDIN = 5, MAX_CONTENT = 0xFFFF };

static void add_record(struct buf *out, unsigned char type, struct str content)
{
    size_t len = content.len < MAX_CONTENT ? content.len : MAX_CONTENT;
    char head[] = {1, (char)type, 0, 1, (char)(len >> 8), (char)(len & 0xFF), 0, 0};
    buf_add(out, head, sizeof head);
    buf_add(out, content.at, len);
}

static void add_param(struct buf *out, const char *name, struct str value)
{
    char lengths[] = {(char)strlen(name), (char)0x80, (char)(value.len >> 16),
                      (char)(value.len >> 8 & 0xFF), (char)(value.len & 0xFF)};
    buf_add(out, lengths, sizeof lengths);
    buf_add_text(out, name);
    buf_add_str(out, value);
}

/* Whether the web server sends the path as SCRIPT_NAME and PATH_INFO. */
static bool is_split(struct str path)
{
    return path.len > 1 && memchr(path.at, 1, path.len);
}

static void add_path(struct buf *params, struct str path)
{
    bool split = is_split(path), decoded = path.len > 0 && path.at[0] == '/';
    if (split) {
        add_param(params, "SCRIPT_NAME", str_cut(&path, 1));
        add_param(params, "PATH_INFO", path);
        add_param(params, "REQUEST_URI", str_of("/status"));
    } else {
        add_param(params, decoded ? "DOCUMENT_URI" : "REQUEST_URI", path);
    }
}

/* The path of the request is that which the web server has sent decoded. */
static void check_path(struct str input)
{
    fuzz_field(&input);
    struct str path = fuzz_field(&input), found = wire_path();
    if (is_split(path)) {
        struct str script = str_cut(&path, 1);
        HOLDS(found.len == script.len + path.len);
        HOLDS(!memcmp(found.at, script.at, script.len));
        HOLDS(!memcmp(found.at + script.len, path.at, path.len));
    } else if (path.len > 0 && path.at[0] == '/') {
        HOLDS(str_eq(found, path));
    }
}

/* Make the request. Returns whether its method is HEAD. */
static bool make_request(struct str input, struct buf *out)
{
    static const char *const names[] = {"QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH"};
    static struct buf params;
    struct str method = fuzz_field(&input), nothing = {"", 0};
    struct str path = fuzz_field(&input);
    buf_reset(&params);
    add_param(&params, "REQUEST_METHOD", method);
    add_path(&params, path);
    add_param(&params, "REQUEST_ID", path);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        add_param(&params, names[i], fuzz_field(&input));
    add_record(out, BEGIN, (struct str){"\0\1\0\0\0\0\0\0", 8});
    add_record(out, PARAMS, buf_str(&params));
    add_record(out, PARAMS, nothing);
    if (input.len > 0)
        add_record(out, STDIN, input);
    add_record(out, STDIN, nothing);
    return str_is(method, "HEAD");
}

static void check_output(struct str output, bool head)
{
    const char *end = memmem(output.at, output.len, "\r\n\r\n", 4);
    HOLDS(end && output.len > 12 && !memcmp(output.at, "Status: ", 8));
    size_t used = (size_t)(end - output.at) + 4;
    answer_check(atoi(output.at + 8), (struct str){output.at + used, output.len - used}, head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buf request, output;
    buf_reset(&request);
    buf_reset(&output);
    bool head = make_request(fuzz_text(data, size), &request);
    wire_serve(buf_str(&request), SIZE_MAX, SIZE_MAX);
    wire_check(&output);
    check_output(buf_str(&output), head);
    check_path(fuzz_text(data, size));
    return 0;
}
