-- Aids for the admin: the history of edits, and views that find unusual rows. The service works without them.
-- admin.sql has examples.

-- The history of edits: when (in UTC) and what, but not who. `key` is the URL or the word, `old` and `new` are the rows
-- as JSON. A row that INSERT OR REPLACE overwrites is recorded as an insert. `serverful import` adds one row for each
-- table.
CREATE TABLE edit_history (
    id     INTEGER PRIMARY KEY,
    at     TEXT NOT NULL DEFAULT (datetime('now')),
    part   TEXT NOT NULL CHECK (part IN ('images', 'words')),
    action TEXT NOT NULL CHECK (action IN ('insert', 'update', 'delete', 'import')),
    key    TEXT,
    old    TEXT,
    new    TEXT
) STRICT;

-- The number of history rows to keep. With 0 edits are not recorded: set it for a bulk edit that would push out all
-- other rows.
CREATE TABLE edit_history_limit (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    keep INTEGER NOT NULL,
    CONSTRAINT "keep: must be an integer from 0 to 1000000" CHECK (keep BETWEEN 0 AND 1000000)
) STRICT;
INSERT INTO edit_history_limit VALUES (1, 10000);

CREATE TRIGGER edit_history_limit_insert BEFORE INSERT ON edit_history_limit
BEGIN
    SELECT RAISE(ABORT, 'edit_history_limit: must have exactly one row; update it instead');
END;

CREATE TRIGGER edit_history_limit_delete BEFORE DELETE ON edit_history_limit
BEGIN
    SELECT RAISE(ABORT, 'edit_history_limit: must have exactly one row; update it instead');
END;

CREATE TRIGGER edit_history_insert AFTER INSERT ON edit_history
BEGIN DELETE FROM edit_history WHERE id <= NEW.id - (SELECT keep FROM edit_history_limit); END;

-- The triggers build JSON without json_object(): the service opens the store with an untrusted schema, and SQLite lets no
-- trigger call that function then. printf() is the older name of format(), which SQLite has only since 3.38.
CREATE TRIGGER images_history_insert AFTER INSERT ON images WHEN (SELECT keep FROM edit_history_limit)
BEGIN
    INSERT INTO edit_history (part, action, key, new) VALUES ('images', 'insert', NEW.url,
        printf('{"id":%d,"url":"%s","weight":%d,"tag":"%s",', NEW.id, NEW.url, NEW.weight,
            replace(replace(NEW.tag, '\', '\\'), '"', '\"'))
        || printf('"enabled":%d,"note":"%s","added":"%s"}', NEW.enabled,
            replace(replace(NEW.note, '\', '\\'), '"', '\"'), NEW.added));
END;

CREATE TRIGGER images_history_update AFTER UPDATE ON images WHEN (SELECT keep FROM edit_history_limit)
    AND (OLD.id, OLD.url, OLD.weight, OLD.tag, OLD.enabled, OLD.note, OLD.added)
    IS NOT (NEW.id, NEW.url, NEW.weight, NEW.tag, NEW.enabled, NEW.note, NEW.added)
BEGIN
    INSERT INTO edit_history (part, action, key, old, new) VALUES ('images', 'update', OLD.url,
        printf('{"id":%d,"url":"%s","weight":%d,"tag":"%s",', OLD.id, OLD.url, OLD.weight,
            replace(replace(OLD.tag, '\', '\\'), '"', '\"'))
        || printf('"enabled":%d,"note":"%s","added":"%s"}', OLD.enabled,
            replace(replace(OLD.note, '\', '\\'), '"', '\"'), OLD.added),
        printf('{"id":%d,"url":"%s","weight":%d,"tag":"%s",', NEW.id, NEW.url, NEW.weight,
            replace(replace(NEW.tag, '\', '\\'), '"', '\"'))
        || printf('"enabled":%d,"note":"%s","added":"%s"}', NEW.enabled,
            replace(replace(NEW.note, '\', '\\'), '"', '\"'), NEW.added));
END;

CREATE TRIGGER images_history_delete AFTER DELETE ON images WHEN (SELECT keep FROM edit_history_limit)
BEGIN
    INSERT INTO edit_history (part, action, key, old) VALUES ('images', 'delete', OLD.url,
        printf('{"id":%d,"url":"%s","weight":%d,"tag":"%s",', OLD.id, OLD.url, OLD.weight,
            replace(replace(OLD.tag, '\', '\\'), '"', '\"'))
        || printf('"enabled":%d,"note":"%s","added":"%s"}', OLD.enabled,
            replace(replace(OLD.note, '\', '\\'), '"', '\"'), OLD.added));
END;

CREATE TRIGGER words_history_insert AFTER INSERT ON words WHEN (SELECT keep FROM edit_history_limit)
BEGIN
    INSERT INTO edit_history (part, action, key, new) VALUES ('words', 'insert', NEW.word,
        printf('{"word":"%s","freq":%s,"tag":"%s"}', replace(replace(NEW.word, '\', '\\'), '"', '\"'),
            ifnull(NEW.freq, 'null'), NEW.tag));
END;

CREATE TRIGGER words_history_update AFTER UPDATE ON words WHEN (SELECT keep FROM edit_history_limit)
    AND (OLD.word, OLD.freq, OLD.tag)
    IS NOT (NEW.word, NEW.freq, NEW.tag)
BEGIN
    INSERT INTO edit_history (part, action, key, old, new) VALUES ('words', 'update', OLD.word,
        printf('{"word":"%s","freq":%s,"tag":"%s"}', replace(replace(OLD.word, '\', '\\'), '"', '\"'),
            ifnull(OLD.freq, 'null'), OLD.tag),
        printf('{"word":"%s","freq":%s,"tag":"%s"}', replace(replace(NEW.word, '\', '\\'), '"', '\"'),
            ifnull(NEW.freq, 'null'), NEW.tag));
END;

CREATE TRIGGER words_history_delete AFTER DELETE ON words WHEN (SELECT keep FROM edit_history_limit)
BEGIN
    INSERT INTO edit_history (part, action, key, old) VALUES ('words', 'delete', OLD.word,
        printf('{"word":"%s","freq":%s,"tag":"%s"}', replace(replace(OLD.word, '\', '\\'), '"', '\"'),
            ifnull(OLD.freq, 'null'), OLD.tag));
END;

-- For each image: the percentage of answers that have it, without and with its tag, and what is unusual about it, or
-- NULL.
CREATE VIEW image_check (id, url, tag, percent, percent_of_tag, finding) AS
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
                '; rare: its weight is below 1% of the average', ''), 3), '')
    FROM (SELECT *, weight * enabled AS weighs, min(id) OVER (
            PARTITION BY substr(url, instr(url, '://') + 3, instr(url || '#', '#') - instr(url, '://') - 3)) AS first
        FROM images)
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
