#include "traffic/request_field.h"

#define MAX_METHOD 32

static bool starts_with(struct str text, const char *start)
{
    size_t n = strlen(start);
    return text.len >= n && !memcmp(text.at, start, n);
}

static struct str skip(struct str text, size_t n)
{
    return (struct str){text.at + n, text.len - n};
}

/* Cut scheme and host off the front of a URL. */
static struct str path_of_url(struct str url, size_t scheme)
{
    struct str rest = skip(url, scheme);
    const char *slash = rest.len > 0 ? memchr(rest.at, '/', rest.len) : NULL;
    return slash ? skip(rest, (size_t)(slash - rest.at)) : (struct str){"/", 1};
}

bool request_field_target(struct str target, struct str *path)
{
    if (target.len == 0)
        return false;
    if (starts_with(target, "http://"))
        target = path_of_url(target, 7);
    else if (starts_with(target, "https://"))
        target = path_of_url(target, 8);
    *path = str_cut(&target, '?');
    return path->len > 0 && (path->at[0] == '/' || path->at[0] == '$' || str_is(*path, "*"));
}

/* Cut a method, capital letters and perhaps hyphens, and the blank behind it, off the front of a line. */
static bool cut_method(struct str *line)
{
    size_t n = 0;
    while (n < line->len && n < MAX_METHOD &&
           ((line->at[n] >= 'A' && line->at[n] <= 'Z') || (n > 0 && line->at[n] == '-')))
        n++;
    if (n == 0 || n == line->len || line->at[n] != ' ')
        return false;
    *line = skip(*line, n + 1);
    return true;
}

/* A target ends before " HTTP/1.1", or with the line. It may have blanks, where a client has not
 * encoded them. */
static struct str without_version(struct str target)
{
    for (size_t i = target.len; i > 0 && target.len - i < 10; i--) {
        if (target.at[i - 1] == ' ' && starts_with(skip(target, i), "HTTP/"))
            return (struct str){target.at, i - 1};
    }
    return target;
}

bool request_field_path(struct str line, struct str *path)
{
    if (!cut_method(&line))
        return false;
    cut_method(&line);
    return request_field_target(without_version(line), path);
}

bool request_field_is_health_check(struct str agent)
{
    static const char *const names[] = {"ELB-HealthChecker", "Amazon-Route53-Health-Check-Service",
                                        "kube-probe", "GoogleHC"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (starts_with(agent, names[i]))
            return true;
    }
    return false;
}
