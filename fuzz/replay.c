/*
 * replay: stands in for libFuzzer where a target is built with another compiler than clang. It runs the
 * target with files, and with variants of each.
 *
 *     fuzz/NAME VARIANTS MAX FILE...
 *
 * It runs each file, and VARIANTS changed copies of at most MAX bytes, which depend on the file only. It
 * prints the path of a file before it runs it, so that after a failure the last path is that of the
 * culprit, and at the end the number of executions.
 */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_state;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* A number below n, or 0. */
static size_t below(size_t n)
{
    return n ? next_random() % n : 0;
}

/* Begin a sequence of random numbers that depends on these bytes only. */
static void seed(const uint8_t *bytes, size_t size)
{
    random_state = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        random_state = (random_state ^ bytes[i]) * 0x100000001b3u;
    random_state |= 1;
}

/* Change one byte: flip a bit, or write one that parsers look for, or any. */
static void change_byte(uint8_t *at)
{
    static const uint8_t odd[] = {0,   1,   ' ',  '"', '%', '&', '-',  '0',
                                  ':', '=', '\\', '{', 127, 128, 0xed, 0xff};
    switch (below(3)) {
    case 0:
        *at = (uint8_t)(*at ^ 1u << below(8));
        break;
    case 1:
        *at = odd[below(sizeof odd)];
        break;
    default:
        *at = (uint8_t)next_random();
    }
}

/* Change a copy of an input in room for `max` bytes. Returns its new size. */
static size_t change(uint8_t *copy, size_t size, size_t max)
{
    size_t at = below(size), n = below(size - at) + 1;
    switch (below(4)) {
    case 0: /* cut it short */
        return at;
    case 1: /* take a part out */
        n = n < size - at ? n : size - at;
        memmove(copy + at, copy + at + n, size - at - n);
        return size - n;
    case 2: /* repeat a part */
        n = n < max - size ? n : max - size;
        n = n < size - at ? n : size - at;
        memmove(copy + at + n, copy + at, size - at);
        return size + n;
    default:
        for (size_t left = size ? 1 + below(4) : 0; left > 0; left--)
            change_byte(copy + below(size));
        return size;
    }
}

/* Run the target with a copy of the bytes that ends where its memory does, so that ASan notices a read beyond the end. */
static void execute(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    HOLDS(copy);
    if (size)
        memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static size_t read_file(const char *path, uint8_t *bytes, size_t room)
{
    FILE *file = fopen(path, "rb");
    HOLDS(file);
    size_t size = fread(bytes, 1, room, file);
    HOLDS(!ferror(file) && fgetc(file) == EOF);
    fclose(file);
    return size;
}

int main(int argc, char **argv)
{
    static uint8_t input[1 << 16], copy[1 << 17];
    size_t n = 0;
    HOLDS(argc >= 3);
    size_t variants = strtoul(argv[1], NULL, 10), max = strtoul(argv[2], NULL, 10);
    for (int i = 3; i < argc; i++) {
        puts(argv[i]);
        fflush(stdout);
        size_t size = read_file(argv[i], input, sizeof input);
        execute(input, size);
        seed(input, size);
        for (size_t k = 0; k < variants; k++, n++) {
            memcpy(copy, input, size);
            execute(copy, change(copy, size, size < max ? max : size));
        }
        n++;
    }
    printf("%zu executions\n", n);
    return 0;
}
