#include "doctor/site.h"

#include "doctor/nginx_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_TIMEOUT_MS (60 * 1000) /* nginx's default */

/* What holds in a block, from the blocks around it. */
struct scope {
    unsigned read_ms;
    bool keep;
};

struct search {
    struct site *site;
    const char *socket;
    const struct nginx_directive *http; /* the first directive in the block */
};

/* A time of nginx, such as 30, 30s, 1m30s or 500ms, in milliseconds; what is wrong counts 0. */
static unsigned parse_time(const char *text)
{
    static const struct {
        const char *unit;
        unsigned long ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {"", 1000}};
    unsigned long sum = 0;
    while (*text >= '0' && *text <= '9') {
        char *rest;
        unsigned long n = strtoul(text, &rest, 10);
        size_t i = 0;
        while (strncmp(rest, units[i].unit, strlen(units[i].unit)) != 0)
            i++;
        sum += n < 86400 * 365 ? n * units[i].ms : 0;
        text = rest + strlen(units[i].unit);
    }
    return sum < 4000000000 ? (unsigned)sum : 4000000000;
}

/* Whether an address like unix:/run/a.sock is that of the socket. A relative one is so from a
 * directory that nobody knows: it is where the socket's path ends with it. */
static bool leads_to(const char *address, const char *socket)
{
    if (strncmp(address, "unix:", 5) != 0)
        return false;
    const char *path = address + 5;
    size_t len = strcspn(path, ":"), of_socket = strlen(socket);
    bool ends = len > 0 && len <= of_socket && !strncmp(socket + of_socket - len, path, len);
    return ends && (len == of_socket || (*path != '/' && socket[of_socket - len - 1] == '/'));
}

/* The upstream of this name, or NULL. */
static const struct nginx_directive *find_upstream(const struct search *search, const char *name)
{
    const struct nginx_directive *at = nginx_find(search->http, "upstream");
    while (at && strcmp(nginx_word(at, 1), name) != 0)
        at = nginx_find(at->next, "upstream");
    return at;
}

/* Whether a server of the upstream is the pool; another is noted. */
static bool upstream_leads(const struct search *search, const struct nginx_directive *upstream)
{
    bool leads = false;
    const struct nginx_directive *at = nginx_find(upstream->block, "server");
    for (; at; at = nginx_find(at->next, "server")) {
        if (leads_to(nginx_word(at, 1), search->socket))
            leads = true;
        else
            snprintf(search->site->other, sizeof search->site->other, "%s", nginx_word(at, 1));
    }
    return leads;
}

/* Add up what the upstreams of the pool keep open. */
static void count_kept(const struct search *search)
{
    const struct nginx_directive *at = nginx_find(search->http, "upstream");
    for (; at; at = nginx_find(at->next, "upstream")) {
        if (!upstream_leads(search, at))
            continue;
        const struct nginx_directive *keepalive = nginx_find(at->block, "keepalive");
        search->site->unsaid |= !keepalive;
        search->site->keepalive += keepalive ? (unsigned)strtoul(nginx_word(keepalive, 1), NULL, 10)
                                             : SITE_KEEPALIVE_DEFAULT;
    }
}

static void note_pass(const struct search *search, const char *address, const struct scope *scope)
{
    struct site *site = search->site;
    const struct nginx_directive *upstream = find_upstream(search, address);
    if (upstream ? !upstream_leads(search, upstream) : !leads_to(address, search->socket)) {
        if (!upstream)
            snprintf(site->other, sizeof site->other, "%s", address);
        return;
    }
    /* Only an upstream keeps connections. */
    site->keeps |= scope->keep && upstream;
    site->least_ms =
        !site->passes || scope->read_ms < site->least_ms ? scope->read_ms : site->least_ms;
    site->most_ms = scope->read_ms > site->most_ms ? scope->read_ms : site->most_ms;
    site->passes++;
}

/* What a block says holds for it wherever it stands there, and for the blocks in it. */
static void walk(const struct search *search, const struct nginx_directive *first,
                 struct scope scope)
{
    const struct nginx_directive *read = nginx_find(first, "fastcgi_read_timeout"),
                                 *keep = nginx_find(first, "fastcgi_keep_conn"),
                                 *pass = nginx_find(first, "fastcgi_pass");
    scope.read_ms = read ? parse_time(nginx_word(read, 1)) : scope.read_ms;
    scope.keep = keep ? !strcmp(nginx_word(keep, 1), "on") : scope.keep;
    if (pass)
        note_pass(search, nginx_word(pass, 1), &scope);
    for (const struct nginx_directive *at = first; at; at = at->next)
        walk(search, at->block, scope);
}

/* What stands outside of all blocks. */
static void read_main(struct site *site, const struct nginx_directive *first)
{
    const struct nginx_directive *user = nginx_find(first, "user"),
                                 *processes = nginx_find(first, "worker_processes");
    const char *number = processes ? nginx_word(processes, 1) : "1";
    snprintf(site->user, sizeof site->user, "%s", user ? nginx_word(user, 1) : "");
    site->processes = (unsigned)(strcmp(number, "auto") ? strtol(number, NULL, 10)
                                                        : sysconf(_SC_NPROCESSORS_ONLN));
}

int site_read(struct site *site, const char *path, const char *socket, struct err *err)
{
    struct nginx_directive *first;
    *site = (struct site){0};
    if (nginx_config_read(path, &first, err))
        return -1;
    read_main(site, first);
    const struct nginx_directive *http = nginx_find(first, "http");
    if (http) {
        struct search search = {site, socket, http->block};
        count_kept(&search);
        walk(&search, http->block, (struct scope){READ_TIMEOUT_MS, false});
    }
    nginx_config_free(first);
    return 0;
}
