#include "fastcgi/watch.h"

#include "store/compile.h"

#include <sys/stat.h>

void watch_close(struct watch *watch)
{
    store_close(watch->store);
    watch->store = NULL;
}

/* Close the store if the file at its path is another one by now, or gone. */
static void check_file(struct watch *watch)
{
    struct stat st;
    if (watch->store &&
        (stat(watch->store_path, &st) || st.st_dev != watch->device || st.st_ino != watch->inode))
        watch_close(watch);
}

static int open_store(struct watch *watch, struct err *err)
{
    struct stat st;
    if (watch->store)
        return 0;
    if (stat(watch->store_path, &st))
        return err_errno(err, "cannot open the store %s", watch->store_path);
    watch->device = st.st_dev;
    watch->inode = st.st_ino;
    watch->store = store_open(watch->store_path, STORE_READ, err);
    return watch->store ? 0 : -1;
}

int watch_look(struct watch *watch, bool *fresh, struct err *err)
{
    bool changed = false;
    *fresh = false;
    check_file(watch);
    if (open_store(watch, err) || store_changed(watch->store, &changed, err) ||
        (changed && store_compile(watch->store, watch->snapshot_path, fresh, err))) {
        watch_close(watch); /* a store that is opened anew counts as changed: nothing is missed */
        return -1;
    }
    return 0;
}
