#include "fastcgi/log.h"

#include "api/json.h"
#include "util/rfc3339.h"
#include "util/utf8.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_MODE 0640

/* Open a log. Returns its descriptor, or -1 with a reason. */
static int open_log_file(const char *path, struct err *err)
{
    int fd = strcmp(path, "-") ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, FILE_MODE)
                               : fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    return fd < 0 ? err_errno(err, "cannot write the log %s", path) : fd;
}

/* Open the error log in the place of stderr. */
static int open_error_log(const struct log *log, struct err *err)
{
    int fd = open_log_file(log->path, err);
    if (fd < 0)
        return -1;
    int status = dup2(fd, STDERR_FILENO) < 0
                     ? err_errno(err, "cannot redirect stderr to the log %s", log->path)
                     : 0;
    close(fd);
    return status;
}

int log_open(struct log *log, struct err *err)
{
    if (log->path && open_error_log(log, err))
        return -1;
    if (!log->access_path)
        return 0;
    int fd = open_log_file(log->access_path, err);
    if (fd < 0)
        return -1;
    if (log->access >= 0)
        close(log->access);
    log->access = fd;
    return 0;
}

void log_close(struct log *log)
{
    if (log->access >= 0)
        close(log->access);
    log->access = -1;
    buf_free(&log->line);
    buf_free(&log->clean);
}

/* Write a line at once, so that lines of several processes do not mix. Ignores a full disk. */
static void write_line(int fd, const char *line, size_t len)
{
    ssize_t written = write(fd, line, len);
    (void)written;
}

void log_print(const struct log *log, const char *format, ...)
{
    char text[1024], time[RFC3339_SIZE] = "", line[1100];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (log->path)
        rfc3339_print_now(time);
    for (char *at = text; (at = strpbrk(at, "\r\n")) != NULL;)
        *at = ' ';
    int len = snprintf(line, sizeof line, "%s%sserverful pool: %s\n", time, *time ? " " : "", text);
    write_line(STDERR_FILENO, line, (size_t)len);
}

/* Add a member to the JSON line. Each byte that is not part of valid UTF-8 becomes U+FFFD. */
static void add_member(struct log *log, const char *name, struct str bytes)
{
    uint32_t code;
    buf_reset(&log->clean);
    for (size_t i = 0, n; i < bytes.len; i += n ? n : 1) {
        n = utf8_read(bytes.at + i, bytes.len - i, &code);
        buf_add_str(&log->clean, n ? (struct str){bytes.at + i, n} : str_of("\xEF\xBF\xBD"));
    }
    buf_print(&log->line, "\"%s\": ", name);
    json_add_string(&log->line, buf_str(&log->clean));
    buf_add_text(&log->line, ", ");
}

void log_request(struct log *log, const struct log_request *request)
{
    char time[RFC3339_SIZE];
    if (log->access < 0)
        return;
    rfc3339_print_now(time);
    buf_reset(&log->line);
    buf_print(&log->line, "{\"time\": \"%s\", ", time);
    add_member(log, "id", str_of(request->id));
    add_member(log, "method", request->method);
    add_member(log, "path", request->path);
    buf_print(&log->line, "\"status\": %d, \"bytes\": %zu, \"ms\": %.3f, \"pid\": %d}\n",
              request->status, request->bytes, (double)request->took / 1e6, (int)getpid());
    if (!log->line.failed)
        write_line(log->access, log->line.at, log->line.len);
}
