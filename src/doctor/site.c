#include "doctor/site.h"

#include "doctor/nginx_config.h"
#include "util/decimal.h"

#include <stdio.h>
#include <string.h>

#define READ_TIMEOUT_MS (60 * 1000) /* nginx's default */
#define MAX_TIME_MS     4000000000u /* A longer time counts as this one: 46 days. */

struct search {
    struct site *site;
    const char *socket;
    const struct nginx_directive *http; /* The first directive in the block `http`. */
};

/* Parse a time of nginx, such as 30, 30s, 1m30s or 500ms, in milliseconds. Returns 0 or -1 with a
 * reason. */
static int parse_time(const char *name, const char *text, unsigned *ms, struct err *err)
{
    static const struct {
        const char *unit;
        unsigned ms;
    } units[] = {{"ms", 1},       {"s", 1000},      {"m", 60000}, {"h", 3600000},
                 {"d", 86400000}, {"w", 604800000}, {"", 1000}};
    uint64_t sum = 0;
    const char *at = text;
    do {
        uint64_t n;
        struct str digits = {at, strspn(at, "0123456789")};
        if (!decimal_read(digits, &n))
            return err_set(err, "invalid %s '%.40s': use a time such as 30s", name, text);
        at += digits.len;
        size_t i = 0;
        while (strncmp(at, units[i].unit, strlen(units[i].unit)) != 0)
            i++;
        at += strlen(units[i].unit);
        at += strspn(at, " ");
        sum += n < MAX_TIME_MS / units[i].ms ? n * units[i].ms : MAX_TIME_MS;
    } while (*at);
    *ms = sum < MAX_TIME_MS ? (unsigned)sum : MAX_TIME_MS;
    return 0;
}

/* Whether an address like unix:/run/a.sock leads to `socket`. The directory of a relative address is
 * unknown, so that it leads to any socket whose path ends with it. */
static bool leads_to(const char *address, const char *socket)
{
    if (strncmp(address, "unix:", 5) != 0)
        return false;
    const char *path = address + 5;
    size_t len = strcspn(path, ":"), of_socket = strlen(socket);
    bool ends = len > 0 && len <= of_socket && !strncmp(socket + of_socket - len, path, len);
    return ends && (len == of_socket || (*path != '/' && socket[of_socket - len - 1] == '/'));
}

/* The upstream named `name`, or NULL. */
static const struct nginx_directive *find_upstream(const struct search *search, const char *name)
{
    const struct nginx_directive *at = nginx_find(search->http, "upstream");
    while (at && strcmp(nginx_word(at, 1), name) != 0)
        at = nginx_find(at->next, "upstream");
    return at;
}

/* Whether a server of the upstream is the pool. Notes another server in site->other. */
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

/* Whether a `fastcgi_pass` to the address leads to the pool, perhaps by `upstream`, which may be
 * NULL. Notes another address in site->other. */
static bool pass_leads(const struct search *search, const char *address,
                       const struct nginx_directive *upstream)
{
    if (upstream)
        return upstream_leads(search, upstream);
    if (leads_to(address, search->socket))
        return true;
    snprintf(search->site->other, sizeof search->site->other, "%s", address);
    return false;
}

/* Count a `fastcgi_pass` with this fastcgi_read_timeout, if it leads to the pool. */
static void count_pass(const struct search *search, const char *address, unsigned read_ms)
{
    struct site *site = search->site;
    const struct nginx_directive *upstream = find_upstream(search, address);
    if (!pass_leads(search, address, upstream))
        return;
    site->least_ms = !site->passes || read_ms < site->least_ms ? read_ms : site->least_ms;
    site->most_ms = read_ms > site->most_ms ? read_ms : site->most_ms;
    site->passes++;
}

/* Read a block that inherits this fastcgi_read_timeout. A setting holds for the whole block, wherever
 * it stands in it, and for the blocks within. Returns 0 or -1 with a reason. */
static int walk_block(const struct search *search, const struct nginx_directive *first,
                      unsigned read_ms, struct err *err)
{
    const struct nginx_directive *read = nginx_find(first, "fastcgi_read_timeout"),
                                 *pass = nginx_find(first, "fastcgi_pass");
    if (read && parse_time("fastcgi_read_timeout", nginx_word(read, 1), &read_ms, err))
        return -1;
    if (pass)
        count_pass(search, nginx_word(pass, 1), read_ms);
    int status = 0;
    for (const struct nginx_directive *at = first; at && !status; at = at->next)
        status = walk_block(search, at->block, read_ms, err);
    return status;
}

/* Whether a block, or one within it, passes requests to the pool. */
static bool block_leads(const struct search *search, const struct nginx_directive *first)
{
    const struct nginx_directive *pass = nginx_find(first, "fastcgi_pass");
    const char *address = pass ? nginx_word(pass, 1) : "";
    bool leads = pass && pass_leads(search, address, find_upstream(search, address));
    for (const struct nginx_directive *at = first; at && !leads; at = at->next)
        leads = block_leads(search, at->block);
    return leads;
}

static bool has_word(const struct nginx_directive *directive, const char *word)
{
    unsigned i = 1;
    while (directive && i < directive->n && strcmp(nginx_word(directive, i), word) != 0)
        i++;
    return directive && i < directive->n;
}

/* Whether only this machine can connect to the address of a `listen`. */
static bool is_local(const char *address)
{
    static const char *const prefixes[] = {"127.", "[::1]", "localhost", "unix:"};
    size_t i = 0, n = sizeof prefixes / sizeof *prefixes;
    while (i < n && strncmp(address, prefixes[i], strlen(prefixes[i])) != 0)
        i++;
    return i < n;
}

/* Note the address at which a server has the status pages: the first that other hosts can read, else
 * the last one. */
static void note_status_server(struct site *site, const struct nginx_directive *block)
{
    bool denies = has_word(nginx_find(block, "deny"), "all");
    const struct nginx_directive *listen = nginx_find(block, "listen");
    for (; listen && !site->status_open; listen = nginx_find(listen->next, "listen")) {
        site->status_open = !denies && !is_local(nginx_word(listen, 1));
        snprintf(site->status, sizeof site->status, "%s", nginx_word(listen, 1));
    }
}

/* Note from which header, and from which proxies, a block takes the addresses of clients. */
static void note_clients(struct site *site, const struct nginx_directive *block)
{
    const struct nginx_directive *from = nginx_find(block, "set_real_ip_from"),
                                 *header = nginx_find(block, "real_ip_header");
    if (from)
        snprintf(site->header, sizeof site->header, "%s",
                 header ? nginx_word(header, 1) : "X-Real-IP");
    for (; from; from = nginx_find(from->next, "set_real_ip_from")) {
        if (has_word(from, "0.0.0.0/0") || has_word(from, "::/0"))
            site->trusts_all = true;
    }
}

/* Note a `listen` of a server to which a load balancer could not speak the PROXY protocol. */
static void note_plain_listen(struct site *site, const struct nginx_directive *block)
{
    const struct nginx_directive *listen = nginx_find(block, "listen");
    while (listen && has_word(listen, "proxy_protocol"))
        listen = nginx_find(listen->next, "listen");
    if (listen)
        snprintf(site->plain, sizeof site->plain, "%s", nginx_word(listen, 1));
}

/* Note what the servers that pass requests to the pool say about status pages and clients. */
static void note_servers(const struct search *search)
{
    note_clients(search->site, search->http);
    const struct nginx_directive *server = nginx_find(search->http, "server");
    for (; server; server = nginx_find(server->next, "server")) {
        if (!block_leads(search, server->block))
            continue;
        note_clients(search->site, server->block);
        if (has_word(nginx_find(server->block, "server_name"), "serverful-status"))
            note_status_server(search->site, server->block);
        else
            note_plain_listen(search->site, server->block);
    }
}

int site_read(struct site *site, const char *path, const char *socket, struct err *err)
{
    struct nginx_directive *first;
    *site = (struct site){0};
    if (nginx_config_read(path, &first, err))
        return -1;
    const struct nginx_directive *http = nginx_find(first, "http"),
                                 *user = nginx_find(first, "user");
    snprintf(site->user, sizeof site->user, "%s", user ? nginx_word(user, 1) : "");
    int status = 0;
    if (http) {
        struct search search = {site, socket, http->block};
        status = walk_block(&search, http->block, READ_TIMEOUT_MS, err);
        note_servers(&search);
    }
    nginx_config_free(first);
    return status;
}
