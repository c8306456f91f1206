#include "lambda/message.h"

#include "api/json.h"
#include "util/utf8.h"

void message_add(struct buf *out, const char *text)
{
    char clean[MESSAGE_SIZE];
    size_t len = strlen(text), to = 0;
    for (size_t i = 0; i < len && to + 4 < sizeof clean;) {
        uint32_t code;
        size_t n = utf8_read(text + i, len - i, &code);
        if (n == 0)
            clean[to++] = '?';
        else
            memcpy(clean + to, text + i, n);
        to += n;
        i += n ? n : 1;
    }
    json_add_string(out, (struct str){clean, to});
}
