#include "doctor/nginx_files.h"

#include <fnmatch.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

/* What nginx -T prints before each file. The name of the file and a colon follow. */
#define MARK "# configuration file "

/* The command that prints the configuration. Not every user's PATH has nginx's directory. */
#define COMMAND "PATH=\"$PATH:/usr/local/sbin:/usr/sbin\" nginx -T 2>/dev/null"

/* Read a file to its end, and append a NUL. Returns 0 or -1 with a reason. */
static int read_all(FILE *file, const char *name, struct buf *text, struct err *err)
{
    for (size_t n = 1; n > 0 && text->len <= NGINX_MAX_BYTES && buf_reserve(text, 65536);
         text->len += n)
        n = fread(text->at + text->len, 1, 65536, file);
    if (ferror(file))
        return err_errno(err, "cannot read %s", name);
    if (text->len > NGINX_MAX_BYTES)
        return err_set(err, "%s is larger than %d bytes", name, NGINX_MAX_BYTES);
    buf_add_char(text, '\0');
    return text->failed ? err_set(err, "out of memory for %s", name) : 0;
}

static int read_named(const char *name, struct buf *text, struct err *err)
{
    FILE *file = fopen(name, "re");
    if (!file)
        return err_errno(err, "cannot open %s", name);
    int status = read_all(file, name, text, err);
    fclose(file);
    return status;
}

static int run_nginx(struct buf *text, struct err *err)
{
    FILE *pipe = popen(COMMAND, "re");
    if (!pipe)
        return err_errno(err, "cannot run nginx -T");
    int status = read_all(pipe, "nginx -T", text, err);
    if (pclose(pipe) != 0 && !status)
        status = err_set(err, "'nginx -T' failed: run this as root, or give the configuration with "
                              "--nginx");
    return status;
}

/* Move the first file off `rest`, the output of nginx -T. Returns false where there is none. */
static bool next_printed(const char **rest, char *name, size_t size, struct str *text)
{
    const char *line = *rest;
    while (strncmp(line, MARK, sizeof MARK - 1) != 0) {
        line = strchr(line, '\n');
        if (!line++)
            return false;
    }
    line += sizeof MARK - 1;
    size_t len = strcspn(line, "\n");
    snprintf(name, size, "%.*s", (int)len - (len > 0 && line[len - 1] == ':'), line);
    const char *next = strstr(line, "\n" MARK);
    *rest = next ? next + 1 : line + strlen(line);
    *text = (struct str){line + len, (size_t)(*rest - line) - len};
    return true;
}

int nginx_files_open(struct nginx_files *files, const char *path, struct err *err)
{
    *files = (struct nginx_files){0};
    int failed = path ? read_named(path, &files->text, err) : run_nginx(&files->text, err);
    if (failed)
        return -1;
    const char *rest = files->text.at;
    struct str text;
    files->printed = next_printed(&rest, files->main, sizeof files->main, &text);
    if (!files->printed && !path)
        return err_set(err, "'nginx -T' printed no configuration: give it with --nginx");
    if (!files->printed)
        snprintf(files->main, sizeof files->main, "%s", path);
    return 0;
}

void nginx_files_close(struct nginx_files *files)
{
    buf_free(&files->text);
}

/* Visit the files in the output of nginx -T that match the pattern; if it is NULL, the first one. */
static int visit_printed(const struct nginx_files *files, const char *pattern,
                         nginx_file_visit *visit, void *arg, struct err *err)
{
    char name[sizeof files->main];
    struct str text;
    for (const char *rest = files->text.at; next_printed(&rest, name, sizeof name, &text);) {
        if (pattern && fnmatch(pattern, name, FNM_PATHNAME) != 0)
            continue;
        if (visit(arg, name, text, err))
            return -1;
        if (!pattern)
            break;
    }
    return 0;
}

static int visit_named(const char *name, nginx_file_visit *visit, void *arg, struct err *err)
{
    struct buf text = {0};
    int status = read_named(name, &text, err);
    if (!status)
        status = visit(arg, name, (struct str){text.at, text.len - 1}, err);
    buf_free(&text);
    return status;
}

int nginx_files_main(const struct nginx_files *files, nginx_file_visit *visit, void *arg,
                     struct err *err)
{
    if (files->printed)
        return visit_printed(files, NULL, visit, arg, err);
    return visit(arg, files->main, (struct str){files->text.at, files->text.len - 1}, err);
}

int nginx_files_include(const struct nginx_files *files, const char *pattern,
                        nginx_file_visit *visit, void *arg, struct err *err)
{
    char path[2 * sizeof files->main];
    const char *slash = *pattern == '/' ? NULL : strrchr(files->main, '/');
    snprintf(path, sizeof path, "%.*s%s", slash ? (int)(slash - files->main) + 1 : 0, files->main,
             pattern);
    if (files->printed)
        return visit_printed(files, path, visit, arg, err);
    glob_t found;
    int status = 0;
    if (glob(path, strpbrk(path, "*?[") ? 0 : GLOB_NOCHECK, NULL, &found))
        return 0;
    for (size_t i = 0; i < found.gl_pathc && !status; i++)
        status = visit_named(found.gl_pathv[i], visit, arg, err);
    globfree(&found);
    return status;
}
