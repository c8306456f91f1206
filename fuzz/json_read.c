/*
 * json_read: fuzzes reading JSON. The input is the text, without a first byte that limits its values.
 *
 * What json_read() accepts must have no more values than allowed. Where no name occurs twice in an
 * object, a text must be accepted with as many values as it has, and with no fewer. Reading any text
 * must take no more memory than so many values of it need.
 */
#include "api/json_read.h"
#include "fuzz/fuzz.h"

#include <stdlib.h>

/* The most bytes that Jansson allocates for a value besides its text, and for reading. */
#define VALUE_SIZE  512
#define READER_SIZE 4096

static struct {
    size_t now, peak; /* Bytes that Jansson has allocated. */
} memory;

static void *allocate(size_t size)
{
    size_t *at = malloc(sizeof *at * 2 + size);
    HOLDS(at);
    *at = size;
    memory.now += size;
    memory.peak = memory.now > memory.peak ? memory.now : memory.peak;
    return at + 2;
}

static void release(void *at)
{
    if (!at)
        return;
    size_t *begin = (size_t *)at - 2;
    memory.now -= *begin;
    free(begin);
}

static size_t count_values(const json_t *value)
{
    const char *name;
    json_t *member;
    size_t n = 1;
    for (size_t i = 0; i < json_array_size(value); i++)
        n += count_values(json_array_get(value, i));
    json_object_foreach((json_t *)(uintptr_t)value, name, member) n += count_values(member);
    return n;
}

/* Read the text. Returns the number of its values, or 0 where it is refused. */
static size_t read_text(struct str text, unsigned max_values, enum json_fault *fault)
{
    struct err err = {.text = ""};
    struct json_place place = {0};
    json_t *root = NULL;
    memory.peak = 0;
    *fault = json_read(text, max_values, &root, &place, &err);
    HOLDS((*fault == JSON_FINE) == (root != NULL) && *fault != JSON_NO_MEMORY);
    HOLDS((*fault == JSON_FINE) == (*err.text == '\0') && !strstr(err.text, "near '"));
    HOLDS(memory.peak <= (size_t)max_values * VALUE_SIZE + text.len * 16 + READER_SIZE);
    size_t n = root ? count_values(root) : 0;
    HOLDS(n <= max_values);
    json_decref(root);
    HOLDS(memory.now == 0);
    return n;
}

/* Return the number of values, or 0 where the text is invalid, or has a name twice. */
static size_t count_plainly(struct str text)
{
    json_t *root = json_loadb(
        text.at, text.len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, NULL);
    size_t n = root ? count_values(root) : 0;
    json_decref(root);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum json_fault fault;
    struct str text = fuzz_text(data, size);
    json_set_alloc_funcs(allocate, release);
    unsigned limit = fuzz_byte(&text);
    read_text(text, limit, &fault);
    size_t n = count_plainly(text);
    if (n > 0) {
        HOLDS(read_text(text, (unsigned)n, &fault) == n);
        HOLDS(!read_text(text, (unsigned)n - 1, &fault) && fault == JSON_TOO_MANY_VALUES);
    }
    return 0;
}
