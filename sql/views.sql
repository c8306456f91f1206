-- What makes administration pleasant, beside the tables of schema.sql: the history of edits, views that tell what is
-- odd, and views to import CSV into. The service needs none of it. Examples are in admin.sql.

-- Who edited cannot be known; when (in UTC) and what can. `key` is the URL or the word, `old` and `new` are the rows as
-- JSON. A row that INSERT OR REPLACE overwrites shows as an insert. `serverful import` is one row for each table.
CREATE TABLE edit_history (
    id     INTEGER PRIMARY KEY,
    at     TEXT NOT NULL DEFAULT (datetime('now')),
    part   TEXT NOT NULL CHECK (part IN ('images', 'words')),
    action TEXT NOT NULL CHECK (action IN ('insert', 'update', 'delete', 'import')),
    key    TEXT,
    old    TEXT,
    new    TEXT
) STRICT;

-- How many of the latest rows stay. With 0 none is written: for a bulk edit that would push out all others.
CREATE TABLE edit_history_limit (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    keep INTEGER NOT NULL,
    CONSTRAINT "keep: must be an integer from 0 to 1000000" CHECK (keep BETWEEN 0 AND 1000000)
) STRICT;
INSERT INTO edit_history_limit VALUES (1, 10000);

CREATE TRIGGER edit_history_limit_insert BEFORE INSERT ON edit_history_limit
BEGIN
    SELECT RAISE(ABORT, 'edit_history_limit: has one row, to be updated only');
END;

CREATE TRIGGER edit_history_limit_delete BEFORE DELETE ON edit_history_limit
BEGIN
    SELECT RAISE(ABORT, 'edit_history_limit: has one row, to be updated only');
END;

CREATE TRIGGER edit_history_insert AFTER INSERT ON edit_history
BEGIN DELETE FROM edit_history WHERE id <= NEW.id - (SELECT keep FROM edit_history_limit); END;

-- What json_object() would give; but SQLite lets no trigger call it where the schema is not trusted, as the service
-- has it.
CREATE TRIGGER images_history_insert AFTER INSERT ON images WHEN (SELECT keep FROM edit_history_limit)
BEGIN
    INSERT INTO edit_history (part, action, key, new) VALUES ('images', 'insert', NEW.url,
        format('{"id":%d,"url":"%s","weight":%d,"tag":"%s",', NEW.id, NEW.url, NEW.weight,
            replace(replace(NEW.tag, '\', '\\'), '"', '\"'))
        || format('"enabled":%d,"note":"%s","added":"%s"}', NEW.enabled,
            replace(replace(NEW.note, '\', '\\'), '"', '\"'), NEW.added));
END;

CREATE TRIGGER images_history_update AFTER UPDATE ON images WHEN (SELECT keep FROM edit_history_limit)
    AND (OLD.id, OLD.url, OLD.weight, OLD.tag, OLD.enabled, OLD.note, OLD.added)
    IS NOT (NEW.id, NEW.url, NEW.weight, NEW.tag, NEW.enabled, NEW.note, NEW.added)
BEGIN
    INSERT INTO edit_history (part, action, key, old, new) VALUES ('images', 'update', OLD.url,
        format('{"id":%d,"url":"%s","weight":%d,"tag":"%s",', OLD.id, OLD.url, OLD.weight,
            replace(replace(OLD.tag, '\', '\\'), '"', '\"'))
        || format('"enabled":%d,"note":"%s","added":"%s"}', OLD.enabled,
            replace(replace(OLD.note, '\', '\\'), '"', '\"'), OLD.added),
        format('{"id":%d,"url":"%s","weight":%d,"tag":"%s",', NEW.id, NEW.url, NEW.weight,
            replace(replace(NEW.tag, '\', '\\'), '"', '\"'))
        || format('"enabled":%d,"note":"%s","added":"%s"}', NEW.enabled,
            replace(replace(NEW.note, '\', '\\'), '"', '\"'), NEW.added));
END;

CREATE TRIGGER images_history_delete AFTER DELETE ON images WHEN (SELECT keep FROM edit_history_limit)
BEGIN
    INSERT INTO edit_history (part, action, key, old) VALUES ('images', 'delete', OLD.url,
        format('{"id":%d,"url":"%s","weight":%d,"tag":"%s",', OLD.id, OLD.url, OLD.weight,
            replace(replace(OLD.tag, '\', '\\'), '"', '\"'))
        || format('"enabled":%d,"note":"%s","added":"%s"}', OLD.enabled,
            replace(replace(OLD.note, '\', '\\'), '"', '\"'), OLD.added));
END;

CREATE TRIGGER words_history_insert AFTER INSERT ON words WHEN (SELECT keep FROM edit_history_limit)
BEGIN
    INSERT INTO edit_history (part, action, key, new) VALUES ('words', 'insert', NEW.word,
        format('{"word":"%s","freq":%s,"tag":"%s"}', replace(replace(NEW.word, '\', '\\'), '"', '\"'),
            ifnull(NEW.freq, 'null'), NEW.tag));
END;

CREATE TRIGGER words_history_update AFTER UPDATE ON words WHEN (SELECT keep FROM edit_history_limit)
    AND (OLD.word, OLD.freq, OLD.tag)
    IS NOT (NEW.word, NEW.freq, NEW.tag)
BEGIN
    INSERT INTO edit_history (part, action, key, old, new) VALUES ('words', 'update', OLD.word,
        format('{"word":"%s","freq":%s,"tag":"%s"}', replace(replace(OLD.word, '\', '\\'), '"', '\"'),
            ifnull(OLD.freq, 'null'), OLD.tag),
        format('{"word":"%s","freq":%s,"tag":"%s"}', replace(replace(NEW.word, '\', '\\'), '"', '\"'),
            ifnull(NEW.freq, 'null'), NEW.tag));
END;

CREATE TRIGGER words_history_delete AFTER DELETE ON words WHEN (SELECT keep FROM edit_history_limit)
BEGIN
    INSERT INTO edit_history (part, action, key, old) VALUES ('words', 'delete', OLD.word,
        format('{"word":"%s","freq":%s,"tag":"%s"}', replace(replace(OLD.word, '\', '\\'), '"', '\"'),
            ifnull(OLD.freq, 'null'), OLD.tag));
END;

-- Each image: how many percent of the answers have it, without and with its tag, and what is odd, or NULL.
CREATE VIEW image_check (id, url, tag, percent, percent_of_tag, finding) AS
    SELECT id, url, tag,
        round(weighs * 100.0 / sum(weighs) OVER (), 4),
        iif(tag = '', NULL, round(weighs * 100.0 / sum(weighs) OVER (PARTITION BY tag), 4)),
        nullif(substr(
            iif(enabled, '', '; left out: set enabled = 1 to have it answered')
            || iif(url GLOB 'http:*', '; browsers leave it out of pages that came by https: use https', '')
            || iif(id <> first, '; the same address as image ' || first || ': delete one', '')
            || iif(tag <> '' AND enabled AND sum(enabled) OVER (PARTITION BY tag) = 1,
                '; the only one of its tag: tag = ' || tag || ' always gives it', '')
            || iif(min(tag) OVER (PARTITION BY lower(tag)) <> max(tag) OVER (PARTITION BY lower(tag)),
                '; its tag is also written in another case: a request must write it the same way', '')
            || iif(enabled AND weight * 100 < avg(weight) OVER (),
                '; rare: its weight is below a hundredth of the average', ''), 3), '')
    FROM (SELECT *, weight * enabled AS weighs, min(id) OVER (
            PARTITION BY substr(url, instr(url, '://') + 3, instr(url || '#', '#') - instr(url, '://') - 3)) AS first
        FROM images)
    ORDER BY id;

-- Words at which something is odd, and what to do. A word can have several rows.
CREATE VIEW word_check (word, freq, finding, remedy) AS
    SELECT word, freq, 'is not found: jieba looks up Chinese characters, letters, digits and +#&._%- only',
        'UPDATE settings SET value = 1 WHERE name = ''words_with_symbols'', or delete it'
    FROM words WHERE word GLOB '*[^' || char(0x4E00) || '-' || char(0x9FD5) || 'a-zA-Z0-9+#&._%-]*'
        AND (SELECT value FROM settings WHERE name = 'words_with_symbols') = 0
    UNION ALL
    SELECT word, freq, 'letters and digits alone stay together anyway; the word also cuts longer runs apart',
        'delete it, unless runs like ' || word || 'x are to be cut after ' || word
    FROM words WHERE word NOT GLOB '*[^a-zA-Z0-9]*' AND length(word) > 1
    UNION ALL
    SELECT word, freq, 'one character is a word anyway; a freq of its own only makes it likelier to stand alone',
        'delete it, or set freq'
    FROM words WHERE length(word) = 1 AND freq IS NULL
    UNION ALL
    SELECT word, freq, 'freq is left out: it is worked out with each compilation, so that the word is taken whole',
        'nothing, or set freq to have it fixed'
    FROM words WHERE length(word) > 1 AND freq IS NULL
    UNION ALL
    SELECT word, freq, 'is more than a hundredth of all: all words that lie across it are cut apart',
        'a lower freq, or NULL, is enough for most words'
    FROM words WHERE freq > (SELECT sum(freq) FROM words) / 100 AND length(word) > 1
    UNION ALL
    SELECT w.word, w.freq, 'is not taken whole: ' || a.word || ' and ' || b.word || ' are likelier',
        'UPDATE words SET freq = NULL WHERE word = ''' || replace(w.word, '''', '''''') || ''''
    FROM words w JOIN position ON n < length(w.word)
        JOIN words a ON a.word = substr(w.word, 1, n) JOIN words b ON b.word = substr(w.word, n + 1)
    WHERE w.freq < 1.0 * a.freq * b.freq / (SELECT sum(freq) FROM words);

-- For `.import --csv FILE image_import` of the sqlite3 shell: a URL that is there already takes weight and tag of the
-- file. A field that is empty or missing keeps what is there, or has its default. Also a way to export.
CREATE VIEW image_import (url, weight, tag) AS SELECT url, weight, tag FROM images ORDER BY id;

CREATE TRIGGER image_import_insert INSTEAD OF INSERT ON image_import
WHEN trim(ifnull(NEW.url, '')) NOT IN ('', 'url') -- neither empty lines nor the header
BEGIN
    INSERT INTO images (url, weight, tag)
    VALUES (trim(NEW.url), ifnull(nullif(NEW.weight, ''), 1), trim(ifnull(NEW.tag, '')))
    ON CONFLICT (url) DO UPDATE SET weight = iif(nullif(NEW.weight, '') IS NULL, weight, excluded.weight),
        tag = ifnull(nullif(excluded.tag, ''), tag);
END;

CREATE VIEW word_import (word, freq, tag) AS SELECT word, freq, tag FROM words ORDER BY word;

CREATE TRIGGER word_import_insert INSTEAD OF INSERT ON word_import
WHEN trim(ifnull(NEW.word, '')) <> '' AND (NEW.word <> 'word' OR NEW.freq IS NOT 'freq')
BEGIN
    INSERT INTO words (word, freq, tag) VALUES (trim(NEW.word), nullif(NEW.freq, ''), trim(ifnull(NEW.tag, '')))
    ON CONFLICT (word) DO UPDATE SET freq = ifnull(excluded.freq, freq), tag = ifnull(nullif(excluded.tag, ''), tag);
END;
