#include "lambda/event_log.h"

#include "lambda/message.h"
#include "util/rfc3339.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *const level_names[] = {[EVENT_LOG_DEBUG] = "DEBUG",
                                          [EVENT_LOG_INFO] = "INFO",
                                          [EVENT_LOG_WARN] = "WARN",
                                          [EVENT_LOG_ERROR] = "ERROR",
                                          [EVENT_LOG_FATAL] = "FATAL"};

static struct {
    bool is_json;
    enum event_log_level least; /* The least level that is logged. */
    const char *id;             /* The request id; see event_log_begin(). */
    struct buf message;         /* A message as a JSON string. */
} logger = {.least = EVENT_LOG_INFO, .id = ""};

/* The level of this name; INFO for an unknown one. */
static enum event_log_level find_level(struct str name)
{
    for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++) {
        if (str_is_nocase(name, level_names[i]))
            return (enum event_log_level)i;
    }
    return str_is_nocase(name, "TRACE") ? EVENT_LOG_DEBUG : EVENT_LOG_INFO;
}

void event_log_begin(const char *format, const char *level, const char *id)
{
    logger.is_json = str_is_nocase(str_of(format), "JSON");
    logger.least = find_level(str_of(level));
    logger.id = id;
}

/* Write a line at once, so that those of several processes do not mix. `message` is a JSON string if the
 * log is. Ignores a failure: there is nowhere to log it. */
static void write_line(enum event_log_level level, struct str message)
{
    char time[RFC3339_SIZE] = "";
    if (logger.is_json)
        rfc3339_print_now(time);
    struct str id = str_of(logger.id);
    const struct str json[] = {str_of("{\"timestamp\": \""),
                               str_of(time),
                               str_of("\", \"level\": \""),
                               str_of(level_names[level]),
                               str_of("\", \"message\": "),
                               message,
                               str_of(id.len > 0 ? ", \"requestId\": \"" : ""),
                               id,
                               str_of(id.len > 0 ? "\"}\n" : "}\n")};
    const struct str text[] = {str_of("bootstrap: "), message, str_of("\n")};
    const struct str *from = logger.is_json ? json : text;
    size_t n = logger.is_json ? sizeof json / sizeof *json : sizeof text / sizeof *text;
    struct iovec parts[sizeof json / sizeof *json];
    for (size_t i = 0; i < n; i++)
        parts[i] = (struct iovec){(void *)from[i].at, from[i].len};
    ssize_t written = writev(STDERR_FILENO, parts, (int)n);
    (void)written;
}

void event_log_print(enum event_log_level level, const char *format, ...)
{
    char text[MESSAGE_SIZE];
    va_list arguments;
    if (level < logger.least)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (logger.is_json) {
        buf_reset(&logger.message);
        message_add(&logger.message, text);
    }
    if (logger.message.failed)
        event_log_write(level, "out of memory for a message of the log");
    else
        write_line(level, logger.is_json ? buf_str(&logger.message) : str_of(text));
}

void event_log_write(enum event_log_level level, const char *message)
{
    char quoted[MESSAGE_SIZE + 2] = "\"";
    size_t len = strnlen(message, MESSAGE_SIZE);
    memcpy(quoted + 1, message, len);
    quoted[len + 1] = '"';
    if (level >= logger.least)
        write_line(level, logger.is_json ? (struct str){quoted, len + 2} : str_of(message));
}
