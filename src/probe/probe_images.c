/*
 * probe_images: asks the hosts of all enabled images for them, and saves the answers in the store. It
 * is the program behind `serverful check --images`.
 *
 *   probe_images STORE SECONDS
 *
 * Prints what is wrong to standard output. Returns 0 where all images answer, else 1.
 *
 * It asks for a few images at a time, and each host for one at a time: by HEAD, or by GET for the first
 * byte where HEAD is answered with 405 or 501. libcurl does HTTP, TLS and proxies. Redirects are
 * followed here, since their hosts may be busy, too.
 */
#include "store/image_answers.h"
#include "util/decimal.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

#define MAX_SECONDS   3600
#define MAX_OPEN      4 /* requests at a time */
#define MAX_REDIRECTS 5 /* of one image */
#define CONNECTING    3 /* Connecting may take 1 / CONNECTING of the time. */

/* An image that has no answer yet. */
struct image {
    TAILQ_ENTRY(image) next;
    char *url;          /* The URL of the image. */
    CURLU *target;      /* The URL to ask for. */
    char *host;         /* The host of `target`; NULL where libcurl cannot read `url`. */
    CURL *easy;         /* The request, while it is open. */
    bool get;           /* Whether the host refused HEAD. */
    unsigned redirects; /* How many were followed. */
    int64_t us;         /* How long the requests took, in microseconds. */
    char error[CURL_ERROR_SIZE];
};

struct probe {
    struct store *store;
    unsigned seconds; /* How long a request may take. */
    CURLM *multi;
    TAILQ_HEAD(, image) waiting, open;
    unsigned n_open;
    size_t n, done, good; /* The numbers of images, of answers, and of good answers. */
    bool is_terminal;     /* Whether to show the progress on stderr. */
};

static void free_image(struct image *image)
{
    curl_easy_cleanup(image->easy);
    curl_url_cleanup(image->target);
    curl_free(image->host);
    free(image->url);
    free(image);
}

/* Ask for a location next, which may be relative to the present target. Returns false where libcurl
 * cannot read it. */
static bool set_target(struct image *image, const char *location)
{
    CURLUcode code =
        curl_url_set(image->target, CURLUPART_URL, location, CURLU_URLENCODE | CURLU_ALLOW_SPACE);
    curl_free(image->host);
    image->host = NULL;
    curl_url_get(image->target, CURLUPART_HOST, &image->host, 0);
    return code == CURLUE_OK;
}

static int add_image(void *arg, struct str url, struct err *err)
{
    struct probe *probe = arg;
    struct image *image = calloc(1, sizeof *image);
    if (!image)
        return err_set(err, "out of memory for %zu images", probe->n);
    TAILQ_INSERT_TAIL(&probe->waiting, image, next);
    probe->n++;
    image->url = strndup(url.at, url.len);
    image->target = curl_url();
    if (!image->url || !image->target)
        return err_set(err, "out of memory for %zu images", probe->n);
    set_target(image, image->url);
    return 0;
}

static void show_progress(const struct probe *probe)
{
    if (probe->is_terminal)
        fprintf(stderr, "\rasking for images… %zu of %zu%s", probe->done, probe->n,
                probe->done == probe->n ? "\n" : "");
}

/* Print an answer that is not good on a line of its own. */
static void print_answer(const struct probe *probe, const struct image_answer *answer)
{
    if (probe->is_terminal)
        fprintf(stderr, "\r\033[K");
    printf("%s: ", answer->url);
    if (answer->status)
        printf("%d%s", answer->status, *answer->error ? " " : "");
    printf("%s\n", answer->error);
    fflush(stdout);
}

/* Print and save the answer for an image, and free the image. Returns 0 or -1 with a reason. */
static int end_image(struct probe *probe, struct image *image, long status, const char *error,
                     struct err *err)
{
    struct image_answer answer = {image->url, (int64_t)time(NULL), (int)status, error,
                                  (unsigned)(image->us / 1000)};
    probe->done++;
    if (status / 100 == 2 && !*error)
        probe->good++;
    else
        print_answer(probe, &answer);
    show_progress(probe);
    int saved = store_save_image_answer(probe->store, &answer, err);
    free_image(image);
    return saved;
}

/* Return the value of a header of the last answer; empty where there is none. */
static const char *find_header(CURL *easy, const char *name)
{
    struct curl_header *header;
    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) ? "" : header->value;
}

/* Whether an answer is a page, such as many hosts send instead of an image that is gone. */
static bool is_page(CURL *easy, long status)
{
    struct str rest = str_of(find_header(easy, "Content-Type"));
    return status / 100 == 2 &&
           str_is_nocase(str_trim(str_cut(&rest, ';'), STR_BLANKS), "text/html");
}

/* Decide what an answer means. Returns what is wrong besides its status, empty where nothing is, or NULL
 * where the image must be asked for again. */
static const char *judge(struct image *image, long status)
{
    const char *location = status / 100 == 3 ? find_header(image->easy, "Location") : "";
    bool refuses_head = !image->get && (status == 405 || status == 501);
    if (!*location && !refuses_head)
        return is_page(image->easy, status) ? "is a page (text/html), no image" : "";
    if (*location && ++image->redirects > MAX_REDIRECTS)
        return "too many redirects";
    if (*location && !set_target(image, location))
        return "invalid redirect";
    image->get = refuses_head;
    return NULL;
}

/* End the request for an image as libcurl says. Returns 0 or -1 with a reason. */
static int end_request(struct probe *probe, CURL *easy, CURLcode code, struct err *err)
{
    struct image *image;
    curl_off_t us = 0;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &image);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &us);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    image->us += us;
    const char *error = *image->error ? image->error : curl_easy_strerror(code);
    if (code == CURLE_OK || code == CURLE_WRITE_ERROR) /* the latter comes of refuse_body() */
        error = judge(image, status);
    curl_multi_remove_handle(probe->multi, easy);
    TAILQ_REMOVE(&probe->open, image, next);
    probe->n_open--;
    if (error)
        return end_image(probe, image, status, error, err);
    curl_easy_cleanup(easy);
    image->easy = NULL;
    TAILQ_INSERT_HEAD(&probe->waiting, image, next);
    return 0;
}

/* End a request when the first bytes of a body arrive. */
static size_t refuse_body(char *bytes, size_t size, size_t n, void *arg)
{
    (void)bytes, (void)size, (void)n, (void)arg;
    return 0;
}

/* Begin the request for an image. Returns 0 or -1 with a reason. */
static int begin_request(struct probe *probe, struct image *image, struct err *err)
{
    CURL *easy = image->easy = curl_easy_init();
    const char *certificates = getenv("SSL_CERT_FILE");
    curl_easy_setopt(easy, CURLOPT_PRIVATE, image);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, image->error);
    if (image->host)
        curl_easy_setopt(easy, CURLOPT_CURLU, image->target);
    else /* libcurl then says what is wrong */
        curl_easy_setopt(easy, CURLOPT_URL, image->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 1000L * probe->seconds);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 1000L * probe->seconds / CONNECTING);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "serverful/" PACKAGE_VERSION " (check --images)");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, refuse_body);
    curl_easy_setopt(easy, CURLOPT_NOBODY, image->get ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_RANGE, image->get ? "0-0" : NULL);
    if (certificates) /* which only the program curl heeds by itself */
        curl_easy_setopt(easy, CURLOPT_CAINFO, certificates);
    TAILQ_INSERT_TAIL(&probe->open, image, next);
    probe->n_open++;
    CURLMcode code = curl_multi_add_handle(probe->multi, easy);
    return code ? err_set(err, "cannot begin a request: %s", curl_multi_strerror(code)) : 0;
}

/* Whether the host of an image is being asked for another one. */
static bool is_host_busy(const struct probe *probe, const struct image *image)
{
    const struct image *open;
    TAILQ_FOREACH(open, &probe->open, next)
    {
        if (open->host && image->host && !strcasecmp(open->host, image->host))
            return true;
    }
    return false;
}

/* Begin as many requests as may be open. Returns 0 or -1 with a reason. */
static int begin_requests(struct probe *probe, struct err *err)
{
    struct image *next;
    for (struct image *image = TAILQ_FIRST(&probe->waiting); image && probe->n_open < MAX_OPEN;
         image = next) {
        next = TAILQ_NEXT(image, next);
        if (is_host_busy(probe, image))
            continue;
        TAILQ_REMOVE(&probe->waiting, image, next);
        if (begin_request(probe, image, err))
            return -1;
    }
    return 0;
}

/* Ask for all images. Returns 0 or -1 with a reason. */
static int ask_for_images(struct probe *probe, struct err *err)
{
    int n, status = begin_requests(probe, err);
    const CURLMsg *message;
    while (!status && probe->n_open > 0) {
        CURLMcode code = curl_multi_poll(probe->multi, NULL, 0, 1000, NULL);
        if (!code)
            code = curl_multi_perform(probe->multi, &n);
        if (code)
            return err_set(err, "cannot wait for answers: %s", curl_multi_strerror(code));
        while (!status && (message = curl_multi_info_read(probe->multi, &n)))
            status = end_request(probe, message->easy_handle, message->data.result, err);
        if (!status)
            status = begin_requests(probe, err);
    }
    return status;
}

static void close_probe(struct probe *probe)
{
    struct image *image;
    TAILQ_CONCAT(&probe->waiting, &probe->open, next);
    while ((image = TAILQ_FIRST(&probe->waiting))) {
        TAILQ_REMOVE(&probe->waiting, image, next);
        free_image(image);
    }
    curl_multi_cleanup(probe->multi);
    curl_global_cleanup();
    store_close(probe->store);
}

/* Print how many images answer. Returns the exit status. */
static int print_numbers(const struct probe *probe)
{
    printf("images: %zu answer, %zu do not\n", probe->good, probe->done - probe->good);
    if (fflush(stdout) || ferror(stdout)) {
        fprintf(stderr, "serverful check: cannot write to the standard output\n");
        return 1;
    }
    return probe->good == probe->done ? 0 : 1;
}

/* Ask for the images of a store. Returns 0 or -1 with a reason; close_probe() comes after both. */
static int run_probe(struct probe *probe, const char *path, struct err *err)
{
    TAILQ_INIT(&probe->waiting);
    TAILQ_INIT(&probe->open);
    probe->store = store_open(path, STORE_WRITE, err);
    if (!probe->store || store_forget_image_answers(probe->store, err) ||
        store_each_image_url(probe->store, add_image, probe, err))
        return -1;
    probe->multi = curl_multi_init();
    show_progress(probe);
    return ask_for_images(probe, err);
}

int main(int argc, char **argv)
{
    struct probe probe = {.is_terminal = isatty(STDERR_FILENO)};
    struct err err = {""};
    if (argc != 3 || !decimal_read_range(str_of(argv[2]), 1, MAX_SECONDS, &probe.seconds)) {
        fprintf(stderr, "usage: probe_images STORE SECONDS\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int status = run_probe(&probe, argv[1], &err);
    if (status)
        fprintf(stderr, "serverful check: %s\n", err.text);
    else
        status = print_numbers(&probe);
    close_probe(&probe);
    return status ? 1 : 0;
}
