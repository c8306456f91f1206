-- Aids for the admin: the history of edits, undo, and views that find unusual rows. The service works without them.
-- admin.sql has examples.

-- The edits: when each began and last changed a row (in UTC), and which tool made it. What one connection or several change
-- without a pause of a second is one edit, unless that lasts ten minutes or has max_rows rows (see below), and so is what a tool
-- changes in one transaction. To begin an edit with a name:
--
--   INSERT INTO edits (tool) VALUES ('weekly cleanup');
--
--   first_row  The rows that the edit changed are in edited_rows, from this id to before that of the next edit.
--   words, images  The revisions of these parts before the edit.
--   open       Is 1 within the transaction of a tool, so that no pause ends the edit, and -1 after it, so that nothing joins it.
CREATE TABLE edits (
    id        INTEGER PRIMARY KEY,
    at        TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    until     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
    tool      TEXT NOT NULL DEFAULT 'SQL',
    first_row INTEGER NOT NULL DEFAULT 0,
    words     INTEGER NOT NULL DEFAULT 0,
    images    INTEGER NOT NULL DEFAULT 0,
    open      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX edits_first_row ON edits (first_row);

-- The rows that edits changed, as they were before: c1 to c7 are the columns, first those of the key, then the others in
-- the order of their table, and those of an image are url, id, weight, tag, enabled, note, added. `action` tells what
-- happened to the row; 'insert' means that there was none with the key (only the key's columns are set), 'replace' that an
-- INSERT met it, and may have replaced it. Both are recorded before SQLite decides: INSERT OR IGNORE may have done nothing.
CREATE TABLE edited_rows (
    id     INTEGER PRIMARY KEY,
    part   TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('insert', 'update', 'delete', 'replace')),
    c1 ANY, c2 ANY, c3 ANY, c4 ANY, c5 ANY, c6 ANY, c7 ANY
) STRICT;

-- How long an edit is kept: for so many days, and until edits after it have changed so many rows. With max_rows = 0 edits
-- are not recorded.
CREATE TABLE edit_limit (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    days     INTEGER NOT NULL,
    max_rows INTEGER NOT NULL,
    CONSTRAINT "days: must be an integer from 1 to 36500 / 必须是 1 到 36500 的整数" CHECK (days BETWEEN 1 AND 36500),
    CONSTRAINT "max_rows: must be an integer from 0 to 100000000 / 必须是 0 到 100000000 的整数"
        CHECK (max_rows BETWEEN 0 AND 100000000)
) STRICT;
INSERT INTO edit_limit VALUES (1, 365, 1000000);

CREATE TRIGGER edit_limit_insert BEFORE INSERT ON edit_limit
BEGIN
    SELECT RAISE(ABORT, 'edit_limit: must have exactly one row; update it instead / 必须恰好有一行，请改用 UPDATE');
END;

CREATE TRIGGER edit_limit_delete BEFORE DELETE ON edit_limit
BEGIN
    SELECT RAISE(ABORT, 'edit_limit: must have exactly one row; update it instead / 必须恰好有一行，请改用 UPDATE');
END;

-- A new edit ends the one before, and makes room for itself. Old edits go a hundred at a time, so that none takes long.
CREATE TRIGGER edits_insert AFTER INSERT ON edits
BEGIN
    UPDATE edits SET open = -1 WHERE id = (SELECT max(id) FROM edits WHERE id < NEW.id) AND open = 1;
    UPDATE edits SET first_row = (SELECT ifnull(max(id), 0) + 1 FROM edited_rows),
        words = (SELECT n FROM revision WHERE part = 'words'), images = (SELECT n FROM revision WHERE part = 'images')
        WHERE id = NEW.id;
    DELETE FROM edits WHERE id < (
        SELECT ifnull(min(iif(old.until < strftime('%Y-%m-%d %H:%M:%f', 'now', printf('-%d days', l.days))
            OR l.max_rows > 0 AND (SELECT max(id) FROM edited_rows) - l.max_rows
                >= (SELECT next.first_row FROM edits next WHERE next.id > old.id ORDER BY next.id LIMIT 1) - 1,
            NULL, old.id)), max(old.id) + 1)
        FROM (SELECT * FROM edits WHERE id < NEW.id ORDER BY id LIMIT 100) old, edit_limit l);
    DELETE FROM edited_rows WHERE id < (SELECT min(first_row) FROM edits)
        AND id < (SELECT max(id) FROM edited_rows); -- the last one stays, since the next id follows it
END;

-- A changed row belongs to the last edit, unless that has ended. 'now' is the same for all rows of a statement.
CREATE TRIGGER edited_rows_insert BEFORE INSERT ON edited_rows
WHEN (SELECT iif(open < 0, 'ended', until) FROM edits ORDER BY id DESC LIMIT 1) IS NOT strftime('%Y-%m-%d %H:%M:%f', 'now')
BEGIN
    INSERT INTO edits (tool) SELECT 'SQL' WHERE NOT EXISTS (
        SELECT 1 FROM edits WHERE id = (SELECT max(id) FROM edits)
            AND (open = 1 OR open = 0 AND at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-10 minutes')
                AND (SELECT ifnull(max(id), 0) FROM edited_rows) < first_row + (SELECT max_rows FROM edit_limit)
                AND until BETWEEN strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 seconds')
                    AND strftime('%Y-%m-%d %H:%M:%f', 'now', '1 seconds'))); -- the clock may have gone back
    UPDATE edits SET until = strftime('%Y-%m-%d %H:%M:%f', 'now')
        WHERE id = (SELECT max(id) FROM edits) AND until < strftime('%Y-%m-%d %H:%M:%f', 'now');
END;

CREATE TRIGGER images_history_insert BEFORE INSERT ON images WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4, c5, c6, c7)
        SELECT 'images', 'replace', url, id, weight, tag, enabled, note, added FROM images
        WHERE (url = NEW.url OR id = NEW.id) AND (url, id, weight, tag, enabled, note, added)
            IS NOT (NEW.url, NEW.id, NEW.weight, NEW.tag, NEW.enabled, NEW.note, NEW.added);
    INSERT INTO edited_rows (part, action, c1)
        SELECT 'images', 'insert', NEW.url WHERE NOT EXISTS (SELECT 1 FROM images WHERE url = NEW.url);
END;

CREATE TRIGGER images_history_update BEFORE UPDATE ON images
WHEN (SELECT max_rows FROM edit_limit)
    AND (OLD.url, OLD.id, OLD.weight, OLD.tag, OLD.enabled, OLD.note, OLD.added)
        IS NOT (NEW.url, NEW.id, NEW.weight, NEW.tag, NEW.enabled, NEW.note, NEW.added)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4, c5, c6, c7)
        VALUES ('images', 'update', OLD.url, OLD.id, OLD.weight, OLD.tag, OLD.enabled, OLD.note, OLD.added);
END;

CREATE TRIGGER images_history_rename BEFORE UPDATE ON images -- not OF id, whose other name is rowid
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.url, OLD.id) IS NOT (NEW.url, NEW.id)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4, c5, c6, c7)
        SELECT 'images', 'replace', url, id, weight, tag, enabled, note, added FROM images
        WHERE (url = NEW.url OR id = NEW.id) AND (url, id, weight, tag, enabled, note, added)
            IS NOT (NEW.url, NEW.id, NEW.weight, NEW.tag, NEW.enabled, NEW.note, NEW.added);
    INSERT INTO edited_rows (part, action, c1)
        SELECT 'images', 'insert', NEW.url WHERE NOT EXISTS (SELECT 1 FROM images WHERE url = NEW.url);
END;

CREATE TRIGGER images_history_delete BEFORE DELETE ON images WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4, c5, c6, c7)
        VALUES ('images', 'delete', OLD.url, OLD.id, OLD.weight, OLD.tag, OLD.enabled, OLD.note, OLD.added);
END;

CREATE TRIGGER words_history_insert BEFORE INSERT ON words WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'words', 'replace', word, freq, tag FROM words WHERE word = NEW.word AND (freq, tag)
            IS NOT (NEW.freq, NEW.tag);
    INSERT INTO edited_rows (part, action, c1)
        SELECT 'words', 'insert', NEW.word WHERE NOT EXISTS (SELECT 1 FROM words WHERE word = NEW.word);
END;

CREATE TRIGGER words_history_update BEFORE UPDATE ON words
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.word, OLD.freq, OLD.tag) IS NOT (NEW.word, NEW.freq, NEW.tag)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        VALUES ('words', 'update', OLD.word, OLD.freq, OLD.tag);
END;

CREATE TRIGGER words_history_rename BEFORE UPDATE OF word ON words
WHEN (SELECT max_rows FROM edit_limit) AND OLD.word IS NOT NEW.word
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'words', 'replace', word, freq, tag FROM words WHERE word = NEW.word AND (freq, tag)
            IS NOT (NEW.freq, NEW.tag);
    INSERT INTO edited_rows (part, action, c1)
        SELECT 'words', 'insert', NEW.word WHERE NOT EXISTS (SELECT 1 FROM words WHERE word = NEW.word);
END;

CREATE TRIGGER words_history_delete BEFORE DELETE ON words WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        VALUES ('words', 'delete', OLD.word, OLD.freq, OLD.tag);
END;

CREATE TRIGGER settings_history_update BEFORE UPDATE ON settings
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.name, OLD.value) IS NOT (NEW.name, NEW.value) AND OLD.name <> 'importing'
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2)
        VALUES ('settings', 'update', OLD.name, OLD.value);
END;

CREATE TRIGGER repeated_words_history_update BEFORE UPDATE ON repeated_words
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.id, OLD.freq) IS NOT (NEW.id, NEW.freq)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2)
        VALUES ('repeated_words', 'update', OLD.id, OLD.freq);
END;

CREATE TRIGGER idf_history_insert BEFORE INSERT ON idf WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2)
        SELECT 'idf', 'replace', word, idf FROM idf WHERE word = NEW.word AND idf IS NOT NEW.idf;
    INSERT INTO edited_rows (part, action, c1)
        SELECT 'idf', 'insert', NEW.word WHERE NOT EXISTS (SELECT 1 FROM idf WHERE word = NEW.word);
END;

CREATE TRIGGER idf_history_update BEFORE UPDATE ON idf
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.word, OLD.idf) IS NOT (NEW.word, NEW.idf)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2)
        VALUES ('idf', 'update', OLD.word, OLD.idf);
END;

CREATE TRIGGER idf_history_rename BEFORE UPDATE OF word ON idf
WHEN (SELECT max_rows FROM edit_limit) AND OLD.word IS NOT NEW.word
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2)
        SELECT 'idf', 'replace', word, idf FROM idf WHERE word = NEW.word AND idf IS NOT NEW.idf;
    INSERT INTO edited_rows (part, action, c1)
        SELECT 'idf', 'insert', NEW.word WHERE NOT EXISTS (SELECT 1 FROM idf WHERE word = NEW.word);
END;

CREATE TRIGGER idf_history_delete BEFORE DELETE ON idf WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2)
        VALUES ('idf', 'delete', OLD.word, OLD.idf);
END;

CREATE TRIGGER stop_words_history_insert BEFORE INSERT ON stop_words WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1)
        SELECT 'stop_words', 'insert', NEW.word WHERE NOT EXISTS (SELECT 1 FROM stop_words WHERE word = NEW.word);
END;

CREATE TRIGGER stop_words_history_update BEFORE UPDATE ON stop_words
WHEN (SELECT max_rows FROM edit_limit) AND OLD.word IS NOT NEW.word
BEGIN
    INSERT INTO edited_rows (part, action, c1)
        VALUES ('stop_words', 'update', OLD.word);
END;

CREATE TRIGGER stop_words_history_rename BEFORE UPDATE OF word ON stop_words
WHEN (SELECT max_rows FROM edit_limit) AND OLD.word IS NOT NEW.word
BEGIN
    INSERT INTO edited_rows (part, action, c1)
        SELECT 'stop_words', 'insert', NEW.word WHERE NOT EXISTS (SELECT 1 FROM stop_words WHERE word = NEW.word);
END;

CREATE TRIGGER stop_words_history_delete BEFORE DELETE ON stop_words WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1)
        VALUES ('stop_words', 'delete', OLD.word);
END;

CREATE TRIGGER hmm_start_history_insert BEFORE INSERT ON hmm_start WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2)
        SELECT 'hmm_start', 'replace', state, logp FROM hmm_start WHERE state = NEW.state AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1)
        SELECT 'hmm_start', 'insert', NEW.state WHERE NOT EXISTS (SELECT 1 FROM hmm_start WHERE state = NEW.state);
END;

CREATE TRIGGER hmm_start_history_update BEFORE UPDATE ON hmm_start
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.state, OLD.logp) IS NOT (NEW.state, NEW.logp)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2)
        VALUES ('hmm_start', 'update', OLD.state, OLD.logp);
END;

CREATE TRIGGER hmm_start_history_rename BEFORE UPDATE OF state ON hmm_start
WHEN (SELECT max_rows FROM edit_limit) AND OLD.state IS NOT NEW.state
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2)
        SELECT 'hmm_start', 'replace', state, logp FROM hmm_start WHERE state = NEW.state AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1)
        SELECT 'hmm_start', 'insert', NEW.state WHERE NOT EXISTS (SELECT 1 FROM hmm_start WHERE state = NEW.state);
END;

CREATE TRIGGER hmm_start_history_delete BEFORE DELETE ON hmm_start WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2)
        VALUES ('hmm_start', 'delete', OLD.state, OLD.logp);
END;

CREATE TRIGGER hmm_trans_history_insert BEFORE INSERT ON hmm_trans WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'hmm_trans', 'replace', from_state, to_state, logp FROM hmm_trans WHERE from_state = NEW.from_state
            AND to_state = NEW.to_state AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1, c2)
        SELECT 'hmm_trans', 'insert', NEW.from_state, NEW.to_state WHERE NOT EXISTS (SELECT 1 FROM hmm_trans
            WHERE from_state = NEW.from_state AND to_state = NEW.to_state);
END;

CREATE TRIGGER hmm_trans_history_update BEFORE UPDATE ON hmm_trans
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.from_state, OLD.to_state, OLD.logp)
    IS NOT (NEW.from_state, NEW.to_state, NEW.logp)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        VALUES ('hmm_trans', 'update', OLD.from_state, OLD.to_state, OLD.logp);
END;

CREATE TRIGGER hmm_trans_history_rename BEFORE UPDATE OF from_state, to_state ON hmm_trans
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.from_state, OLD.to_state) IS NOT (NEW.from_state, NEW.to_state)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'hmm_trans', 'replace', from_state, to_state, logp FROM hmm_trans WHERE from_state = NEW.from_state
            AND to_state = NEW.to_state AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1, c2)
        SELECT 'hmm_trans', 'insert', NEW.from_state, NEW.to_state WHERE NOT EXISTS (SELECT 1 FROM hmm_trans
            WHERE from_state = NEW.from_state AND to_state = NEW.to_state);
END;

CREATE TRIGGER hmm_trans_history_delete BEFORE DELETE ON hmm_trans WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        VALUES ('hmm_trans', 'delete', OLD.from_state, OLD.to_state, OLD.logp);
END;

CREATE TRIGGER hmm_emit_history_insert BEFORE INSERT ON hmm_emit WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'hmm_emit', 'replace', character, state, logp FROM hmm_emit WHERE character = NEW.character
            AND state = NEW.state AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1, c2)
        SELECT 'hmm_emit', 'insert', NEW.character, NEW.state WHERE NOT EXISTS (SELECT 1 FROM hmm_emit
            WHERE character = NEW.character AND state = NEW.state);
END;

CREATE TRIGGER hmm_emit_history_update BEFORE UPDATE ON hmm_emit
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.character, OLD.state, OLD.logp) IS NOT (NEW.character, NEW.state, NEW.logp)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        VALUES ('hmm_emit', 'update', OLD.character, OLD.state, OLD.logp);
END;

CREATE TRIGGER hmm_emit_history_rename BEFORE UPDATE OF character, state ON hmm_emit
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.character, OLD.state) IS NOT (NEW.character, NEW.state)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'hmm_emit', 'replace', character, state, logp FROM hmm_emit WHERE character = NEW.character
            AND state = NEW.state AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1, c2)
        SELECT 'hmm_emit', 'insert', NEW.character, NEW.state WHERE NOT EXISTS (SELECT 1 FROM hmm_emit
            WHERE character = NEW.character AND state = NEW.state);
END;

CREATE TRIGGER hmm_emit_history_delete BEFORE DELETE ON hmm_emit WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        VALUES ('hmm_emit', 'delete', OLD.character, OLD.state, OLD.logp);
END;

CREATE TRIGGER pos_start_history_insert BEFORE INSERT ON pos_start WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'pos_start', 'replace', state, tag, logp FROM pos_start WHERE state = NEW.state AND tag = NEW.tag
            AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1, c2)
        SELECT 'pos_start', 'insert', NEW.state, NEW.tag WHERE NOT EXISTS (SELECT 1 FROM pos_start
            WHERE state = NEW.state AND tag = NEW.tag);
END;

CREATE TRIGGER pos_start_history_update BEFORE UPDATE ON pos_start
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.state, OLD.tag, OLD.logp) IS NOT (NEW.state, NEW.tag, NEW.logp)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        VALUES ('pos_start', 'update', OLD.state, OLD.tag, OLD.logp);
END;

CREATE TRIGGER pos_start_history_rename BEFORE UPDATE OF state, tag ON pos_start
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.state, OLD.tag) IS NOT (NEW.state, NEW.tag)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'pos_start', 'replace', state, tag, logp FROM pos_start WHERE state = NEW.state AND tag = NEW.tag
            AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1, c2)
        SELECT 'pos_start', 'insert', NEW.state, NEW.tag WHERE NOT EXISTS (SELECT 1 FROM pos_start
            WHERE state = NEW.state AND tag = NEW.tag);
END;

CREATE TRIGGER pos_start_history_delete BEFORE DELETE ON pos_start WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        VALUES ('pos_start', 'delete', OLD.state, OLD.tag, OLD.logp);
END;

CREATE TRIGGER pos_trans_history_insert BEFORE INSERT ON pos_trans WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4, c5)
        SELECT 'pos_trans', 'replace', from_state, from_tag, to_state, to_tag, logp FROM pos_trans
            WHERE from_state = NEW.from_state AND from_tag = NEW.from_tag AND to_state = NEW.to_state
                AND to_tag = NEW.to_tag AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4)
        SELECT 'pos_trans', 'insert', NEW.from_state, NEW.from_tag, NEW.to_state, NEW.to_tag WHERE NOT EXISTS
            (SELECT 1 FROM pos_trans WHERE from_state = NEW.from_state AND from_tag = NEW.from_tag
                AND to_state = NEW.to_state AND to_tag = NEW.to_tag);
END;

CREATE TRIGGER pos_trans_history_update BEFORE UPDATE ON pos_trans
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.from_state, OLD.from_tag, OLD.to_state, OLD.to_tag, OLD.logp)
    IS NOT (NEW.from_state, NEW.from_tag, NEW.to_state, NEW.to_tag, NEW.logp)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4, c5)
        VALUES ('pos_trans', 'update', OLD.from_state, OLD.from_tag, OLD.to_state, OLD.to_tag, OLD.logp);
END;

CREATE TRIGGER pos_trans_history_rename BEFORE UPDATE OF from_state, from_tag, to_state, to_tag ON pos_trans
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.from_state, OLD.from_tag, OLD.to_state, OLD.to_tag)
    IS NOT (NEW.from_state, NEW.from_tag, NEW.to_state, NEW.to_tag)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4, c5)
        SELECT 'pos_trans', 'replace', from_state, from_tag, to_state, to_tag, logp FROM pos_trans
            WHERE from_state = NEW.from_state AND from_tag = NEW.from_tag AND to_state = NEW.to_state
                AND to_tag = NEW.to_tag AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4)
        SELECT 'pos_trans', 'insert', NEW.from_state, NEW.from_tag, NEW.to_state, NEW.to_tag WHERE NOT EXISTS
            (SELECT 1 FROM pos_trans WHERE from_state = NEW.from_state AND from_tag = NEW.from_tag
                AND to_state = NEW.to_state AND to_tag = NEW.to_tag);
END;

CREATE TRIGGER pos_trans_history_delete BEFORE DELETE ON pos_trans WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4, c5)
        VALUES ('pos_trans', 'delete', OLD.from_state, OLD.from_tag, OLD.to_state, OLD.to_tag, OLD.logp);
END;

CREATE TRIGGER pos_emit_history_insert BEFORE INSERT ON pos_emit WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4)
        SELECT 'pos_emit', 'replace', character, state, tag, logp FROM pos_emit WHERE character = NEW.character
            AND state = NEW.state AND tag = NEW.tag AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'pos_emit', 'insert', NEW.character, NEW.state, NEW.tag WHERE NOT EXISTS (SELECT 1 FROM pos_emit
            WHERE character = NEW.character AND state = NEW.state AND tag = NEW.tag);
END;

CREATE TRIGGER pos_emit_history_update BEFORE UPDATE ON pos_emit
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.character, OLD.state, OLD.tag, OLD.logp)
    IS NOT (NEW.character, NEW.state, NEW.tag, NEW.logp)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4)
        VALUES ('pos_emit', 'update', OLD.character, OLD.state, OLD.tag, OLD.logp);
END;

CREATE TRIGGER pos_emit_history_rename BEFORE UPDATE OF character, state, tag ON pos_emit
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.character, OLD.state, OLD.tag) IS NOT (NEW.character, NEW.state, NEW.tag)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4)
        SELECT 'pos_emit', 'replace', character, state, tag, logp FROM pos_emit WHERE character = NEW.character
            AND state = NEW.state AND tag = NEW.tag AND logp IS NOT NEW.logp;
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'pos_emit', 'insert', NEW.character, NEW.state, NEW.tag WHERE NOT EXISTS (SELECT 1 FROM pos_emit
            WHERE character = NEW.character AND state = NEW.state AND tag = NEW.tag);
END;

CREATE TRIGGER pos_emit_history_delete BEFORE DELETE ON pos_emit WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3, c4)
        VALUES ('pos_emit', 'delete', OLD.character, OLD.state, OLD.tag, OLD.logp);
END;

CREATE TRIGGER pos_list_history_insert BEFORE INSERT ON pos_list WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'pos_list', 'insert', NEW.character, NEW.state, NEW.tag WHERE NOT EXISTS (SELECT 1 FROM pos_list
            WHERE character = NEW.character AND state = NEW.state AND tag = NEW.tag);
END;

CREATE TRIGGER pos_list_history_update BEFORE UPDATE ON pos_list
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.character, OLD.state, OLD.tag) IS NOT (NEW.character, NEW.state, NEW.tag)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        VALUES ('pos_list', 'update', OLD.character, OLD.state, OLD.tag);
END;

CREATE TRIGGER pos_list_history_rename BEFORE UPDATE OF character, state, tag ON pos_list
WHEN (SELECT max_rows FROM edit_limit) AND (OLD.character, OLD.state, OLD.tag) IS NOT (NEW.character, NEW.state, NEW.tag)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        SELECT 'pos_list', 'insert', NEW.character, NEW.state, NEW.tag WHERE NOT EXISTS (SELECT 1 FROM pos_list
            WHERE character = NEW.character AND state = NEW.state AND tag = NEW.tag);
END;

CREATE TRIGGER pos_list_history_delete BEFORE DELETE ON pos_list WHEN (SELECT max_rows FROM edit_limit)
BEGIN
    INSERT INTO edited_rows (part, action, c1, c2, c3)
        VALUES ('pos_list', 'delete', OLD.character, OLD.state, OLD.tag);
END;

-- The edits row by row, the last ones with the largest ids: `key` is the URL or the word, `old` the row as it was.
CREATE VIEW edit_history (id, edit, at, tool, part, action, key, old) AS
    SELECT r.id, e.id, e.at, e.tool, r.part, r.action, r.c1, CASE
        WHEN r.action = 'insert' THEN NULL
        WHEN r.part = 'images' THEN printf('{"id":%d,"url":"%s","weight":%d,"tag":"%s",', c2, c1, c3,
                replace(replace(c4, '\', '\\'), '"', '\"'))
            || printf('"enabled":%d,"note":"%s","added":"%s"}', c5, replace(replace(c6, '\', '\\'), '"', '\"'), c7)
        WHEN r.part = 'words' THEN printf('{"word":"%s","freq":%s,"tag":"%s"}',
            replace(replace(c1, '\', '\\'), '"', '\"'), ifnull(c2, 'null'), c3)
        ELSE rtrim(printf('%s %s %s %s', c2, c3, c4, c5)) END
    FROM edited_rows r JOIN edits e ON e.id = (SELECT id FROM edits
        WHERE first_row <= r.id ORDER BY first_row DESC, id DESC LIMIT 1);

-- Undo one edit, or all since a time:
--
--   INSERT INTO undo (edit) VALUES (17);
--   INSERT INTO undo (since) VALUES ('2026-11-27 08:00');
--
-- Each row that they changed becomes what it was before the first of them. That is an edit, too, and can be undone.
CREATE VIEW undo (edit, since) AS SELECT id, at FROM edits;

-- The rows of the history that an undo restores: for each key the first one. Empty except during it.
CREATE TABLE undoing (id INTEGER PRIMARY KEY, part TEXT, edit INTEGER) STRICT; -- row 0 has the first edit
CREATE INDEX undoing_part ON undoing (part);
CREATE VIEW undone AS
    SELECT u.part, action, c1, c2, c3, c4, c5, c6, c7 FROM undoing u CROSS JOIN edited_rows r USING (id); -- in this order

CREATE TRIGGER undo_insert INSTEAD OF INSERT ON undo
BEGIN
    SELECT RAISE(ABORT,
        'undo: name either an edit or a time: INSERT INTO undo (edit) VALUES (17) / 修改的编号（edit）和时间（since）须二者选一')
        WHERE (NEW.edit IS NULL) = (NEW.since IS NULL);
    SELECT RAISE(ABORT,
        'undo: since must be a time in UTC like 2026-11-28 08:00 / since 必须是形如 2026-11-28 08:00 的 UTC 时间')
        WHERE NEW.since IS NOT NULL AND (NEW.since NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'
            OR strftime('%f', NEW.since) IS NULL);
    SELECT RAISE(ABORT,
        'undo: the history is switched off, so that this could not be undone: UPDATE edit_limit SET max_rows = 1000000 / 历史记录已关闭，撤销之后将无法恢复；请先执行上述 UPDATE')
        WHERE (SELECT max_rows FROM edit_limit) = 0;
    SELECT RAISE(ABORT,
        'undo: the history does not reach back so far; SELECT * FROM edits lists all / 历史记录没有这么早的修改；SELECT * FROM edits 列出全部')
        WHERE strftime('%Y-%m-%d %H:%M:%f', NEW.since) < (SELECT at FROM edits ORDER BY id LIMIT 1) AND (SELECT min(id) FROM edits) > 1;
    INSERT INTO edits (tool, open)
        VALUES (iif(NEW.edit IS NULL, 'undo since ' || NEW.since, 'undo ' || NEW.edit), 1);
    INSERT INTO undoing (id, edit) VALUES (0, ifnull(NEW.edit, (SELECT min(id) FROM edits WHERE id > ifnull(
        (SELECT max(id) FROM edits WHERE open <> 1 AND at < strftime('%Y-%m-%d %H:%M:%f', NEW.since)), 0))));
    SELECT RAISE(ABORT,
        'undo: the history has no such edit, or none that began since; SELECT * FROM edits lists all / 历史记录里没有这次修改，或此后没有新的修改；SELECT * FROM edits 列出全部')
        WHERE NOT EXISTS (SELECT 1 FROM edits WHERE open <> 1 AND id = (SELECT edit FROM undoing));
    INSERT INTO undoing (id, part)
        SELECT min(id), part FROM edited_rows
        WHERE id >= (SELECT first_row FROM edits WHERE id = (SELECT edit FROM undoing WHERE id = 0))
            AND id < (SELECT first_row FROM edits WHERE id > NEW.edit OR (NEW.edit IS NULL AND open = 1) ORDER BY id LIMIT 1)
        GROUP BY part, c1,
            iif(part IN ('hmm_trans', 'hmm_emit', 'pos_start', 'pos_trans', 'pos_emit', 'pos_list'), c2, NULL),
            iif(part IN ('pos_trans', 'pos_emit', 'pos_list'), c3, NULL),
            iif(part = 'pos_trans', c4, NULL);
    UPDATE settings SET value = c2 FROM undone WHERE part = 'settings' AND name = c1;
    -- Words with symbols return, whatever the switch says; its value is kept in the other one.
    UPDATE settings SET value = (SELECT value FROM settings WHERE name = 'words_with_symbols') WHERE name = 'importing';
    UPDATE settings SET value = 1 WHERE name = 'words_with_symbols' AND value = 0
        AND EXISTS (SELECT 1 FROM undone WHERE part = 'words' AND action <> 'insert');
    -- An image that keeps its URL and id is updated, so that columns which an admin has added keep their values.
    DELETE FROM images WHERE url IN (SELECT c1 FROM undone WHERE part = 'images')
        AND (url, id) NOT IN (SELECT c1, c2 FROM undone WHERE part = 'images' AND action <> 'insert');
    UPDATE images SET weight = c3, tag = c4, enabled = c5, note = c6, added = c7 FROM undone
        WHERE part = 'images' AND action <> 'insert' AND url = c1 AND id = c2;
    INSERT INTO images (url, id, weight, tag, enabled, note, added)
        SELECT c1, c2, c3, c4, c5, c6, c7 FROM undone
        WHERE part = 'images' AND action <> 'insert' AND c2 NOT IN (SELECT id FROM images);
    INSERT INTO images (url, weight, tag, enabled, note, added) -- where another image has got the id since
        SELECT c1, c3, c4, c5, c6, c7 FROM undone
        WHERE part = 'images' AND action <> 'insert' AND c1 NOT IN (SELECT url FROM images);
    DELETE FROM words WHERE word IN (SELECT c1 FROM undone WHERE part = 'words' AND action = 'insert');
    INSERT INTO words (word, freq, tag) SELECT c1, c2, c3 FROM undone WHERE part = 'words' AND action <> 'insert'
        ON CONFLICT DO UPDATE SET freq = excluded.freq, tag = excluded.tag;
    UPDATE repeated_words SET freq = c2 FROM undone WHERE part = 'repeated_words' AND freq <> c2;
    DELETE FROM idf WHERE word IN (SELECT c1 FROM undone WHERE part = 'idf' AND action = 'insert');
    INSERT INTO idf (word, idf) SELECT c1, c2 FROM undone WHERE part = 'idf' AND action <> 'insert'
        ON CONFLICT DO UPDATE SET idf = excluded.idf;
    DELETE FROM stop_words WHERE word IN (SELECT c1 FROM undone WHERE part = 'stop_words' AND action = 'insert');
    INSERT INTO stop_words (word) SELECT c1 FROM undone WHERE part = 'stop_words' AND action <> 'insert'
        ON CONFLICT DO NOTHING;
    DELETE FROM hmm_start WHERE state IN (SELECT c1 FROM undone WHERE part = 'hmm_start' AND action = 'insert');
    INSERT INTO hmm_start (state, logp) SELECT c1, c2 FROM undone WHERE part = 'hmm_start' AND action <> 'insert'
        ON CONFLICT DO UPDATE SET logp = excluded.logp;
    DELETE FROM hmm_trans WHERE (from_state, to_state) IN (SELECT c1, c2 FROM undone WHERE part = 'hmm_trans'
        AND action = 'insert');
    INSERT INTO hmm_trans (from_state, to_state, logp) SELECT c1, c2, c3 FROM undone WHERE part = 'hmm_trans'
        AND action <> 'insert'
        ON CONFLICT DO UPDATE SET logp = excluded.logp;
    DELETE FROM hmm_emit WHERE (character, state) IN (SELECT c1, c2 FROM undone WHERE part = 'hmm_emit'
        AND action = 'insert');
    INSERT INTO hmm_emit (character, state, logp) SELECT c1, c2, c3 FROM undone WHERE part = 'hmm_emit'
        AND action <> 'insert'
        ON CONFLICT DO UPDATE SET logp = excluded.logp;
    DELETE FROM pos_start WHERE (state, tag) IN (SELECT c1, c2 FROM undone WHERE part = 'pos_start' AND action = 'insert');
    INSERT INTO pos_start (state, tag, logp) SELECT c1, c2, c3 FROM undone WHERE part = 'pos_start' AND action <> 'insert'
        ON CONFLICT DO UPDATE SET logp = excluded.logp;
    DELETE FROM pos_trans WHERE (from_state, from_tag, to_state, to_tag) IN (SELECT c1, c2, c3, c4 FROM undone
        WHERE part = 'pos_trans' AND action = 'insert');
    INSERT INTO pos_trans (from_state, from_tag, to_state, to_tag, logp) SELECT c1, c2, c3, c4, c5 FROM undone
        WHERE part = 'pos_trans' AND action <> 'insert'
        ON CONFLICT DO UPDATE SET logp = excluded.logp;
    DELETE FROM pos_emit WHERE (character, state, tag) IN (SELECT c1, c2, c3 FROM undone WHERE part = 'pos_emit'
        AND action = 'insert');
    INSERT INTO pos_emit (character, state, tag, logp) SELECT c1, c2, c3, c4 FROM undone WHERE part = 'pos_emit'
        AND action <> 'insert'
        ON CONFLICT DO UPDATE SET logp = excluded.logp;
    DELETE FROM pos_list WHERE (character, state, tag) IN (SELECT c1, c2, c3 FROM undone WHERE part = 'pos_list'
        AND action = 'insert');
    INSERT INTO pos_list (character, state, tag) SELECT c1, c2, c3 FROM undone WHERE part = 'pos_list' AND action <> 'insert'
        ON CONFLICT DO NOTHING;
    UPDATE settings SET value = 0
        WHERE name = 'words_with_symbols' AND value <> (SELECT value FROM settings WHERE name = 'importing');
    UPDATE settings SET value = 0 WHERE name = 'importing';
    DELETE FROM undoing;
    UPDATE edits SET open = -1 WHERE id = (SELECT max(id) FROM edits);
END;

-- The edits that the service refuses to serve, see `guard`: what is wrong, the statement that confirms it, and the one that
-- undoes it: it undoes all since the first edit of this part that is not served.
CREATE VIEW guard_check (part, finding, confirm, undo) AS
    SELECT part, printf('%d of %d %s would be gone: the service keeps serving the previous ones', gone, n, part),
        printf('UPDATE guard SET confirmed = %d WHERE part = ''%s'';', refused, part),
        (SELECT printf('INSERT INTO undo (since) VALUES (''%s'');', at)
         FROM (SELECT id, at, lead(iif(g.part = 'words', words, images), 1, (SELECT n FROM revision r WHERE r.part = g.part))
                 OVER (ORDER BY id) AS after FROM edits)
         WHERE after > served AND (SELECT max_rows FROM edit_limit) ORDER BY id LIMIT 1)
    FROM guard g WHERE refused IS NOT NULL;

-- What the hosts of images answered when `serverful check --images` asked them last: the time (in UTC), the status of HTTP or
-- NULL, what was wrong or '', and the milliseconds that it took. This is no part of what is served, nor of the history.
CREATE TABLE image_answers (
    url    TEXT PRIMARY KEY NOT NULL,
    at     TEXT NOT NULL,
    status INTEGER,
    error  TEXT NOT NULL,
    ms     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- For each image: the percentage of answers that have it, without and with its tag, what is unusual about it, or NULL, and
-- what its host answered, and when, or NULL.
CREATE VIEW image_check (id, url, tag, percent, percent_of_tag, finding, answer, asked) AS
    SELECT id, url, tag,
        round(weighs * 100.0 / sum(weighs) OVER (), 4),
        iif(tag = '', NULL, round(weighs * 100.0 / sum(weighs) OVER (PARTITION BY tag), 4)),
        nullif(substr(
            iif(enabled, '', '; disabled: set enabled = 1 to use it')
            || iif(url GLOB 'http:*', '; browsers block it on https pages: use https', '')
            || iif(id <> first, '; the same address as image ' || first || ': delete one', '')
            || iif(tag <> '' AND enabled AND sum(enabled) OVER (PARTITION BY tag) = 1,
                '; the only image with its tag: tag=' || tag || ' always returns it', '')
            || iif(min(tag) OVER (PARTITION BY lower(tag)) <> max(tag) OVER (PARTITION BY lower(tag)),
                '; its tag also exists in another case: requests must use the exact case', '')
            || iif(enabled AND weight * 100 < avg(weight) OVER (),
                '; rare: its weight is below 1% of the average', '')
            || iif(error <> '' OR status NOT BETWEEN 200 AND 299,
                '; its host did not answer with it: see the column answer', ''), 3), ''),
        trim(ifnull(status, '') || ' ' || error), at
    FROM (SELECT images.*, weight * enabled AS weighs, min(id) OVER (
            PARTITION BY substr(url, instr(url, '://') + 3, instr(url || '#', '#') - instr(url, '://') - 3)) AS first,
            status, error, at
        FROM images LEFT JOIN image_answers USING (url))
    ORDER BY id;

-- Words with something unusual, and what to do about it. A word can have several rows.
CREATE VIEW word_check (word, freq, finding, remedy) AS
    SELECT word, freq, 'is never found: jieba looks up only Chinese characters, letters, digits and +#&._%-',
        'UPDATE settings SET value = 1 WHERE name = ''words_with_symbols'', or delete it'
    FROM words WHERE word GLOB '*[^' || char(0x4E00) || '-' || char(0x9FD5) || 'a-zA-Z0-9+#&._%-]*'
        AND (SELECT value FROM settings WHERE name = 'words_with_symbols') = 0
    UNION ALL
    SELECT word, freq, 'is forbidden: it is never one word, and is split where the model finds it',
        'nothing; set freq to NULL to make it a word, or delete it to let the model decide'
    FROM words WHERE freq = 0 AND length(word) > 1 AND word NOT GLOB '*[^' || char(0x4E00) || '-' || char(0x9FD5) || ']*'
    UNION ALL
    SELECT word, freq, 'freq 0 forbids only words of two or more Chinese characters',
        'delete it, or keep it for its tag'
    FROM words WHERE freq = 0
        AND (length(word) = 1 OR word GLOB '*[^' || char(0x4E00) || '-' || char(0x9FD5) || ']*')
    UNION ALL
    SELECT word, freq, 'runs of letters and digits are kept whole anyway; this word also splits longer runs',
        'delete it, unless runs like ' || word || 'x should be split after ' || word
    FROM words WHERE word NOT GLOB '*[^a-zA-Z0-9]*' AND length(word) > 1 AND freq IS NOT 0
    UNION ALL
    SELECT word, freq, 'a single character is a word anyway; a freq only makes it likelier to stand alone',
        'delete it, or set freq'
    FROM words WHERE length(word) = 1 AND freq IS NULL
    UNION ALL
    SELECT word, freq, 'has no freq: each compilation computes one that keeps the word whole',
        'nothing; set freq to keep it fixed'
    FROM words WHERE length(word) > 1 AND freq IS NULL
    UNION ALL
    SELECT word, freq, 'has more than 1% of the total freq: it splits all words that overlap it',
        'a lower freq, or NULL, is enough for most words'
    FROM words WHERE freq > (SELECT sum(freq) FROM words) / 100 AND length(word) > 1
    UNION ALL
    SELECT w.word, w.freq, 'is split: ' || a.word || ' and ' || b.word || ' are likelier',
        'UPDATE words SET freq = NULL WHERE word = ''' || replace(w.word, '''', '''''') || ''''
    FROM words w JOIN position ON n < length(w.word)
        JOIN words a ON a.word = substr(w.word, 1, n) JOIN words b ON b.word = substr(w.word, n + 1)
    WHERE w.freq > 0 AND w.freq < 1.0 * a.freq * b.freq / (SELECT sum(freq) FROM words);
