-- The store of serverful. An admin edits it with any client of SQLite 3.37 or newer while the service runs; admin.sql has
-- examples. An older client says `malformed database schema (...) - near "STRICT": syntax error`.
-- Constraints refuse bad rows, and the name of each constraint says what is allowed, in English and in Chinese.

PRAGMA journal_mode = WAL;          -- Readers never wait for a writer.
PRAGMA application_id = 1397904972; -- "SRVL" marks an SQLite file as a store of serverful.
PRAGMA user_version = 6;            -- The version of this schema.

-- The revision of each part: the triggers below raise it with each change of a row. The service compares these numbers to
-- find out what it has to compile. The lowest 20 bits are random, so that a store which was restored from a backup, and then
-- edited as often as before, has other revisions; those above count the changes. Row `store` has a random number that
-- identifies this file.
CREATE TABLE revision (
    part TEXT PRIMARY KEY CHECK (part IN ('store', 'words', 'model', 'images', 'keywords')),
    n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO revision VALUES
    ('store', random() & 0x7fffffffffffffff), ('words', 0), ('model', 0), ('images', 0), ('keywords', 0);

CREATE TRIGGER revision_insert BEFORE INSERT ON revision
BEGIN
    SELECT RAISE(ABORT, 'revision: is maintained by triggers and cannot be edited / 由触发器维护，不能修改');
END;

CREATE TRIGGER revision_delete BEFORE DELETE ON revision
BEGIN
    SELECT RAISE(ABORT, 'revision: is maintained by triggers and cannot be edited / 由触发器维护，不能修改');
END;

CREATE TRIGGER revision_update BEFORE UPDATE ON revision
WHEN NEW.n >> 20 <> (OLD.n >> 20) + 1 OR NEW.part <> OLD.part OR OLD.part = 'store'
BEGIN
    SELECT RAISE(ABORT, 'revision: is maintained by triggers and cannot be edited / 由触发器维护，不能修改');
END;

-- Protects the answers from a slip of the hand, like a DELETE without its WHERE. If one compilation would lose more than
-- `percent` percent of the words or images that are served, or all of them, the service keeps serving the previous ones. A list
-- of fewer than 20 rows may change as a whole, but not lose all rows. guard_check has the statement that confirms such an edit,
-- and the one that undoes it.
--
--   confirmed  The refused revision that was confirmed: this and later ones are served with what was to be gone then.
--   refused    The revision that is refused, NULL for none, and then how many of `n` rows would be gone, and the revision that
--              is served; these are kept afterwards. The service writes all of them.
CREATE TABLE guard (
    part      TEXT PRIMARY KEY CHECK (part IN ('words', 'images')),
    percent   INTEGER NOT NULL DEFAULT 10,
    confirmed INTEGER NOT NULL DEFAULT -1,
    refused   INTEGER,
    gone      INTEGER,
    n         INTEGER,
    served    INTEGER,
    CONSTRAINT "percent: must be an integer from 0 to 100 / 必须是 0 到 100 的整数" CHECK (percent BETWEEN 0 AND 100)
) STRICT, WITHOUT ROWID;
INSERT INTO guard (part) VALUES ('words'), ('images');

CREATE TRIGGER guard_insert BEFORE INSERT ON guard
BEGIN
    SELECT RAISE(ABORT, 'guard: rows cannot be added or deleted; update them instead / 不能添加或删除行，请改用 UPDATE');
END;

CREATE TRIGGER guard_delete BEFORE DELETE ON guard
BEGIN
    SELECT RAISE(ABORT, 'guard: rows cannot be added or deleted; update them instead / 不能添加或删除行，请改用 UPDATE');
END;

-- The images of /random-image. The service chooses among all enabled images, or among those with one tag, in proportion
-- to their weights. Only admins see `note` and `added`.
CREATE TABLE images (
    id      INTEGER PRIMARY KEY,
    url     TEXT NOT NULL UNIQUE,
    weight  INTEGER NOT NULL DEFAULT 1,
    tag     TEXT NOT NULL DEFAULT '',
    enabled INTEGER NOT NULL DEFAULT 1,
    note    TEXT NOT NULL DEFAULT '',
    added   TEXT NOT NULL DEFAULT (datetime('now')),
    CONSTRAINT "url: must begin with http:// or https:// and a host / 必须以 http:// 或 https:// 加主机名开头"
        CHECK (url GLOB 'http://[a-zA-Z0-9[]*' OR url GLOB 'https://[a-zA-Z0-9[]*'),
    CONSTRAINT "url: must have only the characters of RFC 3986; percent-encode all others / 只能含 RFC 3986 允许的字符，其他字符须用百分号编码"
        CHECK (url NOT GLOB '*[^]a-zA-Z0-9:/?#@!$&''()*+,;=._~%[-]*' AND instr(url, char(0)) = 0),
    CONSTRAINT "url: must be at most 2048 characters / 最多 2048 个字符" CHECK (length(url) <= 2048),
    CONSTRAINT "weight: must be an integer from 1 to 1000000; to disable an image, set enabled = 0 / 必须是 1 到 1000000 的整数；如需停用图片，请设 enabled = 0"
        CHECK (weight BETWEEN 1 AND 1000000),
    CONSTRAINT "tag: must be at most 64 bytes (21 Chinese characters) / 最多 64 字节（21 个汉字）"
        CHECK (length(CAST(tag AS BLOB)) <= 64),
    CONSTRAINT "tag: must not contain white space or control characters / 不能含空白或控制字符" CHECK (
        instr(tag, char(0)) = 0
        AND tag NOT GLOB '*[' || char(1) || '-' || char(32) || char(127) || '-' || char(160, 5760)
            || char(8192) || '-' || char(8202) || char(8232, 8233, 8239, 8287, 12288) || ']*'),
    CONSTRAINT "enabled: must be 1, or 0 for a disabled image / 必须是 1，停用图片时为 0" CHECK (enabled IN (0, 1)),
    CONSTRAINT "added: must be a time like 2024-10-24 12:00:00 / 必须是形如 2024-10-24 12:00:00 的时间"
        CHECK (added NOT GLOB '*[^-0-9: T.Z+]*'),
    CONSTRAINT "note: must be at most 1000 characters / 最多 1000 个字符" CHECK (length(note) <= 1000),
    CONSTRAINT "note: must be one line, without control characters / 只能有一行，不能含控制字符"
        CHECK (instr(note, char(0)) = 0 AND note NOT GLOB '*[' || char(1) || '-' || char(31, 127) || ']*')
) STRICT;

CREATE TRIGGER images_insert AFTER INSERT ON images
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'images'; END;
CREATE TRIGGER images_update AFTER UPDATE ON images
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'images'; END;
CREATE TRIGGER images_delete AFTER DELETE ON images
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'images'; END;

-- The five images of a new store.
INSERT INTO images (url) VALUES
    ('https://s2.loli.net/2024/10/24/rQT7SwhpzM8BWiX.jpg'),
    ('https://s2.loli.net/2024/10/24/qnzo8eZuXs73gAd.jpg'),
    ('https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg'),
    ('https://s2.loli.net/2024/10/24/VgqiAGTW2rULuek.jpg'),
    ('https://s2.loli.net/2024/09/12/7Ev1936CLn2toRq.jpg');

-- The dictionary of /segment. The larger freq is, the likelier the segmenter chooses the word. Where freq is NULL, each
-- compilation computes one that keeps the word whole, as jieba's add_word(word) does: it adds the words without a freq
-- after all others, in the order of SELECT word FROM words WHERE freq IS NULL ORDER BY word. With freq 0 a word is
-- forbidden, as by jieba's del_word(word): it is not in the dictionary, and where the model finds it, it is split into its
-- characters.
CREATE TABLE words (
    word TEXT PRIMARY KEY NOT NULL,
    freq INTEGER,
    tag  TEXT NOT NULL DEFAULT '',
    CONSTRAINT "word: must not be empty / 不能为空" CHECK (word <> ''),
    CONSTRAINT "word: must be at most 64 characters / 最多 64 个字符" CHECK (length(word) <= 64),
    CONSTRAINT "word: must not contain control characters or line breaks / 不能含控制字符或换行符" CHECK (
        instr(word, char(0)) = 0
        AND word NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159, 8232, 8233) || ']*'),
    CONSTRAINT "word: must not begin or end with white space / 首尾不能有空白" CHECK (
        word NOT GLOB '[' || char(32, 160, 5760, 8192) || '-' || char(8202, 8239, 8287, 12288) || ']*'
        AND word NOT GLOB '*[' || char(32, 160, 5760, 8192) || '-' || char(8202, 8239, 8287, 12288) || ']'),
    CONSTRAINT "freq: must be an integer from 0 to 1000000000000, or NULL / 必须是 0 到 1000000000000 的整数，或 NULL"
        CHECK (freq BETWEEN 0 AND 1000000000000),
    CONSTRAINT "tag: must be at most 16 letters, digits, _ or - / 最多 16 个字母、数字、_ 或 -"
        CHECK (length(tag) <= 16 AND tag NOT GLOB '*[^a-zA-Z0-9_-]*' AND instr(tag, char(0)) = 0)
) STRICT, WITHOUT ROWID;

-- Makes it cheap to find the words without a freq.
CREATE INDEX words_without_freq ON words (word) WHERE freq IS NULL;

-- The numbers 1 to 64, for queries that look at a word character by character.
CREATE TABLE position (n INTEGER PRIMARY KEY) STRICT;
INSERT INTO position
    WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 64)
    SELECT n FROM counter;

-- SQLite accepts any bytes as text. A character that does not round-trip is invalid UTF-8.
CREATE TRIGGER words_utf8_insert BEFORE INSERT ON words
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8 / 必须是有效的 UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;

CREATE TRIGGER words_utf8_update BEFORE UPDATE OF word ON words
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8 / 必须是有效的 UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;

CREATE TRIGGER words_insert AFTER INSERT ON words
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'words'; END;
CREATE TRIGGER words_update AFTER UPDATE ON words
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'words'; END;
CREATE TRIGGER words_delete AFTER DELETE ON words
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'words'; END;

-- Switches: 1 is on, 0 is off.
--   words_with_symbols  Allows words with spaces and symbols ("New York", "4×4"). One rule then holds for all words that are
--                       not of Chinese characters, letters and digits alone ("Wi-Fi", "C++", too): the segmenter finds them
--                       before any others, the longest first, in all modes, with parts of speech and for keywords. While
--                       the switch is off, everything is as in jieba: words with +#&._%- are words like others, except for
--                       % and - with parts of speech; words with other symbols cannot be added, and existing ones are not
--                       found.
--   importing           Is on within the transaction of `serverful import`, which accepts words with symbols as jieba
--                       does: they count in the total, but are not found unless words_with_symbols is on.
--   redirect_no_referrer
--                       Sends Referrer-Policy: no-referrer with the redirects of /random-image, so that browsers do not name
--                       the page to the host of the image. Many hosts answer 403 to the pages of others. Switch it off
--                       where a host of yours answers only to pages that it knows.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY CHECK (name IN ('words_with_symbols', 'importing', 'redirect_no_referrer')),
    value INTEGER NOT NULL,
    CONSTRAINT "value: must be 0 or 1 / 必须是 0 或 1" CHECK (value IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO settings VALUES ('words_with_symbols', 0), ('importing', 0), ('redirect_no_referrer', 1);

CREATE TRIGGER settings_insert BEFORE INSERT ON settings
BEGIN
    SELECT RAISE(ABORT,
        'settings: rows cannot be added or deleted; update the value instead / 不能添加或删除行，请用 UPDATE 修改 value');
END;

CREATE TRIGGER settings_delete BEFORE DELETE ON settings
BEGIN
    SELECT RAISE(ABORT,
        'settings: rows cannot be added or deleted; update the value instead / 不能添加或删除行，请用 UPDATE 修改 value');
END;

CREATE TRIGGER settings_rename BEFORE UPDATE OF name ON settings
BEGIN
    SELECT RAISE(ABORT,
        'settings: the name cannot be changed; update the value instead / 不能修改 name，请用 UPDATE 修改 value');
END;

CREATE TRIGGER settings_update AFTER UPDATE ON settings WHEN NEW.name = 'words_with_symbols'
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'words'; END;
CREATE TRIGGER settings_images_update AFTER UPDATE ON settings WHEN NEW.name = 'redirect_no_referrer'
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'images'; END;

-- A word with a character that is never part of jieba's words needs the switch.
CREATE TRIGGER words_symbols_insert AFTER INSERT ON words
WHEN NEW.word GLOB '*[^a-zA-Z0-9+#&._%' || char(0x4E00) || '-' || char(0x9FD5) || '-]*'
BEGIN
    SELECT RAISE(ABORT,
        'word: has spaces or symbols; to allow them, UPDATE settings SET value = 1 WHERE name = ''words_with_symbols'' / 含空格或符号；如需允许，请执行上述 UPDATE')
    FROM settings s, settings i
    WHERE s.name = 'words_with_symbols' AND s.value = 0 AND i.name = 'importing' AND (i.value = 0
        OR NEW.word GLOB '*[' || char(32, 160, 5760, 8192) || '-' || char(8202, 8239, 8287, 12288) || ']*');
END;

CREATE TRIGGER words_symbols_update AFTER UPDATE OF word ON words
WHEN NEW.word GLOB '*[^a-zA-Z0-9+#&._%' || char(0x4E00) || '-' || char(0x9FD5) || '-]*'
BEGIN
    SELECT RAISE(ABORT,
        'word: has spaces or symbols; to allow them, UPDATE settings SET value = 1 WHERE name = ''words_with_symbols'' / 含空格或符号；如需允许，请执行上述 UPDATE')
    FROM settings s, settings i
    WHERE s.name = 'words_with_symbols' AND s.value = 0 AND i.name = 'importing' AND (i.value = 0
        OR NEW.word GLOB '*[' || char(32, 160, 5760, 8192) || '-' || char(8202, 8239, 8287, 12288) || ']*');
END;

-- The inverse document frequencies, by which /keywords weighs words: the rarer a word is in texts, the larger its idf.
-- A word without a row has the median of all.
CREATE TABLE idf (
    word TEXT PRIMARY KEY NOT NULL,
    idf  REAL NOT NULL,
    CONSTRAINT "word: must not be empty / 不能为空" CHECK (word <> ''),
    CONSTRAINT "word: must be at most 64 characters / 最多 64 个字符" CHECK (length(word) <= 64),
    CONSTRAINT "word: must not contain white space or control characters / 不能含空白或控制字符" CHECK (
        instr(word, char(0)) = 0
        AND word NOT GLOB '*[' || char(1) || '-' || char(32) || char(127) || '-' || char(160, 5760)
            || char(8192) || '-' || char(8202) || char(8232, 8233, 8239, 8287, 12288) || ']*'),
    CONSTRAINT "idf: must be a number from 0 to 1000 / 必须是 0 到 1000 的数" CHECK (idf BETWEEN 0 AND 1000)
) STRICT, WITHOUT ROWID;

-- Words that are never keywords.
CREATE TABLE stop_words (
    word TEXT PRIMARY KEY NOT NULL,
    CONSTRAINT "word: must not be empty / 不能为空" CHECK (word <> ''),
    CONSTRAINT "word: must be at most 64 characters / 最多 64 个字符" CHECK (length(word) <= 64),
    CONSTRAINT "word: must not contain white space or control characters / 不能含空白或控制字符" CHECK (
        instr(word, char(0)) = 0
        AND word NOT GLOB '*[' || char(1) || '-' || char(32) || char(127) || '-' || char(160, 5760)
            || char(8192) || '-' || char(8202) || char(8232, 8233, 8239, 8287, 12288) || ']*'),
    CONSTRAINT "word: must be in lower case; it matches every case / 必须用小写，匹配时不分大小写"
        CHECK (word = lower(word))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER idf_utf8_insert BEFORE INSERT ON idf
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8 / 必须是有效的 UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;

CREATE TRIGGER idf_utf8_update BEFORE UPDATE OF word ON idf
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8 / 必须是有效的 UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;

CREATE TRIGGER stop_words_utf8_insert BEFORE INSERT ON stop_words
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8 / 必须是有效的 UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;

CREATE TRIGGER stop_words_utf8_update BEFORE UPDATE OF word ON stop_words
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8 / 必须是有效的 UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;

CREATE TRIGGER idf_insert AFTER INSERT ON idf
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'keywords'; END;
CREATE TRIGGER idf_update AFTER UPDATE ON idf
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'keywords'; END;
CREATE TRIGGER idf_delete AFTER DELETE ON idf
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'keywords'; END;
CREATE TRIGGER stop_words_insert AFTER INSERT ON stop_words
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'keywords'; END;
CREATE TRIGGER stop_words_update AFTER UPDATE ON stop_words
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'keywords'; END;
CREATE TRIGGER stop_words_delete AFTER DELETE ON stop_words
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'keywords'; END;

-- jieba adds every line of its dictionary to the total, even a line that repeats a word (its own file repeats B超).
-- This is the sum of the frequencies in the earlier lines of such words.
CREATE TABLE repeated_words (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    freq INTEGER NOT NULL CHECK (freq >= 0)
) STRICT;
INSERT INTO repeated_words VALUES (1, 0);

CREATE TRIGGER repeated_words_insert BEFORE INSERT ON repeated_words
BEGIN
    SELECT RAISE(ABORT, 'repeated_words: must have exactly one row; update it instead / 必须恰好有一行，请改用 UPDATE');
END;

CREATE TRIGGER repeated_words_delete BEFORE DELETE ON repeated_words
BEGIN
    SELECT RAISE(ABORT, 'repeated_words: must have exactly one row; update it instead / 必须恰好有一行，请改用 UPDATE');
END;

CREATE TRIGGER repeated_words_update AFTER UPDATE ON repeated_words
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'words'; END;

-- The hidden Markov model of jieba's finalseg, as natural logarithms of probabilities. A character is in one of four
-- states: B begins a word, M is inside one, E ends one, and S is a word by itself. What has no row is impossible.
CREATE TABLE hmm_start (
    state TEXT PRIMARY KEY CHECK (state IN ('B', 'M', 'E', 'S')),
    logp  REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE hmm_trans (
    from_state TEXT NOT NULL CHECK (from_state IN ('B', 'M', 'E', 'S')),
    to_state   TEXT NOT NULL CHECK (to_state IN ('B', 'M', 'E', 'S')),
    logp       REAL NOT NULL,
    PRIMARY KEY (from_state, to_state)
) STRICT, WITHOUT ROWID;

CREATE TABLE hmm_emit (
    character TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    logp      REAL NOT NULL,
    PRIMARY KEY (character, state),
    CONSTRAINT "character: must be one character from U+4E00 to U+9FD5 / 必须是 U+4E00 到 U+9FD5 之间的一个字符"
        CHECK (unicode(character) BETWEEN 0x4E00 AND 0x9FD5 AND character = char(unicode(character)))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER hmm_start_insert AFTER INSERT ON hmm_start
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER hmm_start_update AFTER UPDATE ON hmm_start
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER hmm_start_delete AFTER DELETE ON hmm_start
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER hmm_trans_insert AFTER INSERT ON hmm_trans
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER hmm_trans_update AFTER UPDATE ON hmm_trans
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER hmm_trans_delete AFTER DELETE ON hmm_trans
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER hmm_emit_insert AFTER INSERT ON hmm_emit
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER hmm_emit_update AFTER UPDATE ON hmm_emit
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER hmm_emit_delete AFTER DELETE ON hmm_emit
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;

-- The hidden Markov model of jieba's posseg. A state is one of the four above together with a part of speech (a tag).
--   pos_start  The probability that a text begins in a state; one row for each state of the model.
--   pos_trans  The probability that one state follows another.
--   pos_emit   The probability of a character in a state.
--   pos_list   The states that a character can have; a character without a row can have any.
CREATE TABLE pos_start (
    state TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    tag   TEXT NOT NULL,
    logp  REAL NOT NULL,
    PRIMARY KEY (state, tag),
    CONSTRAINT "tag: must be 1 to 16 letters / 必须是 1 到 16 个字母"
        CHECK (length(tag) BETWEEN 1 AND 16 AND tag NOT GLOB '*[^a-zA-Z]*'
        AND instr(tag, char(0)) = 0),
    CONSTRAINT "logp: must be the logarithm of a probability, at most 0 / 必须是概率的对数，不大于 0" CHECK (logp <= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE pos_trans (
    from_state TEXT NOT NULL CHECK (from_state IN ('B', 'M', 'E', 'S')),
    from_tag   TEXT NOT NULL,
    to_state   TEXT NOT NULL CHECK (to_state IN ('B', 'M', 'E', 'S')),
    to_tag     TEXT NOT NULL,
    logp       REAL NOT NULL,
    PRIMARY KEY (from_state, from_tag, to_state, to_tag),
    CONSTRAINT "logp: must be the logarithm of a probability, at most 0 / 必须是概率的对数，不大于 0" CHECK (logp <= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE pos_emit (
    character TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    tag       TEXT NOT NULL,
    logp      REAL NOT NULL,
    PRIMARY KEY (character, state, tag),
    CONSTRAINT "character: must be one character from U+4E00 to U+9FD5 / 必须是 U+4E00 到 U+9FD5 之间的一个字符"
        CHECK (unicode(character) BETWEEN 0x4E00 AND 0x9FD5 AND character = char(unicode(character))),
    CONSTRAINT "logp: must be the logarithm of a probability, at most 0 / 必须是概率的对数，不大于 0" CHECK (logp <= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE pos_list (
    character TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    tag       TEXT NOT NULL,
    PRIMARY KEY (character, state, tag),
    CONSTRAINT "character: must be one character from U+4E00 to U+9FD5 / 必须是 U+4E00 到 U+9FD5 之间的一个字符"
        CHECK (unicode(character) BETWEEN 0x4E00 AND 0x9FD5 AND character = char(unicode(character)))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER pos_start_tags_insert BEFORE INSERT ON pos_start
BEGIN
    SELECT RAISE(ABORT, 'pos_start: must have at most 64 tags / 最多 64 种词性')
    WHERE (SELECT count(DISTINCT tag) FROM pos_start WHERE tag <> NEW.tag) >= 64;
END;

CREATE TRIGGER pos_start_tags_update BEFORE UPDATE OF tag ON pos_start
BEGIN
    SELECT RAISE(ABORT, 'pos_start: must have at most 64 tags / 最多 64 种词性')
    WHERE (SELECT count(DISTINCT tag) FROM pos_start WHERE tag <> NEW.tag) >= 64;
END;

CREATE TRIGGER pos_start_insert AFTER INSERT ON pos_start
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER pos_start_update AFTER UPDATE ON pos_start
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER pos_start_delete AFTER DELETE ON pos_start
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER pos_trans_insert AFTER INSERT ON pos_trans
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER pos_trans_update AFTER UPDATE ON pos_trans
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER pos_trans_delete AFTER DELETE ON pos_trans
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER pos_emit_insert AFTER INSERT ON pos_emit
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER pos_emit_update AFTER UPDATE ON pos_emit
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER pos_emit_delete AFTER DELETE ON pos_emit
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER pos_list_insert AFTER INSERT ON pos_list
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER pos_list_update AFTER UPDATE ON pos_list
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
CREATE TRIGGER pos_list_delete AFTER DELETE ON pos_list
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'model'; END;
