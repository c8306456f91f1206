#include "util/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Drop the last character of a text if its UTF-8 was cut. */
static void drop_cut_character(char *text)
{
    size_t len = strlen(text), begin = len;
    while (begin > 0 && ((unsigned char)text[begin - 1] & 0xC0) == 0x80)
        begin--;
    unsigned char first = begin > 0 ? (unsigned char)text[begin - 1] : 0;
    size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    if (begin > 0 && len - (begin - 1) < size)
        text[begin - 1] = '\0';
}

int err_set(struct err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (vsnprintf(err->text, sizeof err->text, format, args) >= (int)sizeof err->text)
        drop_cut_character(err->text);
    va_end(args);
    return -1;
}

int err_errno(struct err *err, const char *format, ...)
{
    int number = errno;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof err->text)
        snprintf(err->text + n, sizeof err->text - (size_t)n, ": %s", strerror(number));
    else
        drop_cut_character(err->text);
    return -1;
}
