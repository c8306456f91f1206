/*
 * Unit tests of src/probe/location.h: where redirects lead, and the hosts of URLs.
 */
#include "probe/location.h"

#include "tap.h"

#define BASE "http://a.example:81/b/c/d;p?q=1#f"

/* A location and the URL that it leads to from BASE; those of RFC 3986 (5.4.1) that have no dots. */
static const struct {
    const char *location, *url;
} cases[] = {
    {"https://other.example/x", "https://other.example/x"},
    {"HTTPS://other.example/x", "HTTPS://other.example/x"},
    {"mailto:a@b", "mailto:a@b"},
    {"//other.example/x?y", "http://other.example/x?y"},
    {"/x", "http://a.example:81/x"},
    {"/x?y=//z", "http://a.example:81/x?y=//z"},
    {"g", "http://a.example:81/b/c/g"},
    {"g/h?y#s", "http://a.example:81/b/c/g/h?y"},
    {"?y", "http://a.example:81/b/c/d;p?y"},
    {"", "http://a.example:81/b/c/d;p?q=1"},
    {"#s", "http://a.example:81/b/c/d;p?q=1"},
    {";x", "http://a.example:81/b/c/;x"},
    {"/a b\t\x7F猫", "http://a.example:81/a%20b%09%7F%E7%8C%AB"},
    {"1:2", "http://a.example:81/b/c/1:2"},
};

static const struct {
    const char *url, *host;
} hosts[] = {
    {"http://a.example", "a.example"},
    {"http://a.example:80/x@y:1", "a.example"},
    {"http://a.example?x", "a.example"},
    {"http://a.example#x", "a.example"},
    {"https://me:word@a.example:8443/x", "a.example"},
    {"https://[2001:db8::1]:8443/x", "[2001:db8::1]"},
    {"https://[2001:db8::1]", "[2001:db8::1]"},
    {"http:///x", ""},
};

#define N_CASES (sizeof cases / sizeof *cases)
#define N_HOSTS (sizeof hosts / sizeof *hosts)

int main(void)
{
    tap_plan((int)(N_CASES + N_HOSTS) + 2);
    for (size_t i = 0; i < N_CASES; i++) {
        char *url = location_resolve(BASE, str_of(cases[i].location));
        ok(url && !strcmp(url, cases[i].url), "the location '%s' leads to %s", cases[i].location,
           cases[i].url);
        free(url);
    }
    char *bare = location_resolve("http://a.example", str_of("x")),
         *query = location_resolve("http://a.example?q", str_of("x"));
    is_text(bare, "http://a.example/x", "a relative path is resolved against a host alone");
    is_text(query, "http://a.example/x", "a relative path is resolved against a host with a query");
    free(bare);
    free(query);
    for (size_t i = 0; i < N_HOSTS; i++) {
        struct str host = location_host(hosts[i].url);
        ok(str_is(host, hosts[i].host), "the host of %s is '%s'", hosts[i].url, hosts[i].host);
    }
    return tap_done();
}
