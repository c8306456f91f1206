#include "util/http_status.h"

const struct http_status http_statuses[] = {
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Content"},
    {302, "Found"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
};

size_t http_status_index(int code)
{
    size_t i = 0;
    while (i < HTTP_STATUSES && http_statuses[i].code != code)
        i++;
    return i;
}

const char *http_status_reason(int code)
{
    size_t i = http_status_index(code);
    return i < HTTP_STATUSES ? http_statuses[i].reason : "";
}
