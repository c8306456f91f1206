#include "fastcgi/inbox.h"

#include "snapshot/write.h"
#include "util/file.h"

/* Whether there is another file than at the last poll. Remembers it. */
static bool has_changed(struct inbox *inbox)
{
    struct stat now, before = inbox->seen;
    if (stat(inbox->from, &now))
        now = (struct stat){0};
    inbox->seen = now;
    return !inbox->is_seen || !file_is_unchanged(&now, &before);
}

int inbox_poll(struct inbox *inbox, bool *fresh, struct err *err)
{
    struct err reason;
    *fresh = false;
    if (has_changed(inbox)) {
        inbox->is_refused = snapshot_receive(inbox->from, inbox->to, fresh, &reason) != 0;
        if (inbox->is_refused)
            err_set(&inbox->reason, "%s (run 'serverful publish' of the same version again)",
                    reason.text);
    }
    inbox->is_seen = true;
    if (inbox->is_refused)
        *err = inbox->reason;
    return inbox->is_refused ? -1 : 0;
}

void inbox_forget(struct inbox *inbox)
{
    inbox->is_seen = false;
}
