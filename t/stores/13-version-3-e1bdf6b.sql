PRAGMA application_id = 1397904972;
PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE edit_history (
    id     INTEGER PRIMARY KEY,
    at     TEXT NOT NULL DEFAULT (datetime('now')),
    part   TEXT NOT NULL CHECK (part IN ('images', 'words')),
    action TEXT NOT NULL CHECK (action IN ('insert', 'update', 'delete', 'import')),
    key    TEXT,
    old    TEXT,
    new    TEXT
) STRICT;
INSERT INTO "edit_history" VALUES(1,'2026-11-28 19:26:33','images','delete','https://s2.loli.net/2024/10/24/qnzo8eZuXs73gAd.jpg','{"id":2,"url":"https://s2.loli.net/2024/10/24/qnzo8eZuXs73gAd.jpg","weight":1,"tag":"","enabled":1,"note":"","added":"2026-11-28 19:26:33"}',NULL);
INSERT INTO "edit_history" VALUES(2,'2026-11-28 19:26:33','images','insert','https://example.org/%E7%8C%AB.jpg',NULL,'{"id":6,"url":"https://example.org/%E7%8C%AB.jpg","weight":1,"tag":"","enabled":1,"note":"","added":"2026-11-28 19:26:33"}');
INSERT INTO "edit_history" VALUES(3,'2026-11-28 19:26:33','images','insert','http://example.org/a%20b.jpg?x=1&y=''2''',NULL,'{"id":7,"url":"http://example.org/a%20b.jpg?x=1&y=''2''","weight":1,"tag":"","enabled":1,"note":"","added":"2026-11-28 19:26:33"}');
INSERT INTO "edit_history" VALUES(4,'2026-11-28 19:26:33','images','update','https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg','{"id":3,"url":"https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg","weight":1,"tag":"","enabled":1,"note":"","added":"2026-11-28 19:26:33"}','{"id":3,"url":"https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg","weight":7,"tag":"猫","enabled":0,"note":"a \"note\"","added":"2026-11-28 19:26:33"}');
INSERT INTO "edit_history" VALUES(5,'2026-11-28 19:26:33','images','update','https://s2.loli.net/2024/10/24/rQT7SwhpzM8BWiX.jpg','{"id":1,"url":"https://s2.loli.net/2024/10/24/rQT7SwhpzM8BWiX.jpg","weight":1,"tag":"","enabled":1,"note":"","added":"2026-11-28 19:26:33"}','{"id":1,"url":"https://s2.loli.net/2024/10/24/rQT7SwhpzM8BWiX.jpg","weight":1,"tag":"","enabled":1,"note":"","added":"2024-10-24 12:00:00"}');
INSERT INTO "edit_history" VALUES(6,'2026-11-28 19:26:33','images','update','https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg','{"id":3,"url":"https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg","weight":7,"tag":"猫","enabled":0,"note":"a \"note\"","added":"2026-11-28 19:26:33"}','{"id":3,"url":"https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg","weight":7,"tag":"猫","enabled":0,"note":"a \"note\"","added":"2024-10-24 12:00:00"}');
INSERT INTO "edit_history" VALUES(7,'2026-11-28 19:26:33','images','update','https://s2.loli.net/2024/10/24/VgqiAGTW2rULuek.jpg','{"id":4,"url":"https://s2.loli.net/2024/10/24/VgqiAGTW2rULuek.jpg","weight":1,"tag":"","enabled":1,"note":"","added":"2026-11-28 19:26:33"}','{"id":4,"url":"https://s2.loli.net/2024/10/24/VgqiAGTW2rULuek.jpg","weight":1,"tag":"","enabled":1,"note":"","added":"2024-10-24 12:00:00"}');
INSERT INTO "edit_history" VALUES(8,'2026-11-28 19:26:33','images','update','https://s2.loli.net/2024/09/12/7Ev1936CLn2toRq.jpg','{"id":5,"url":"https://s2.loli.net/2024/09/12/7Ev1936CLn2toRq.jpg","weight":1,"tag":"","enabled":1,"note":"","added":"2026-11-28 19:26:33"}','{"id":5,"url":"https://s2.loli.net/2024/09/12/7Ev1936CLn2toRq.jpg","weight":1,"tag":"","enabled":1,"note":"","added":"2024-10-24 12:00:00"}');
INSERT INTO "edit_history" VALUES(9,'2026-11-28 19:26:33','images','update','https://example.org/%E7%8C%AB.jpg','{"id":6,"url":"https://example.org/%E7%8C%AB.jpg","weight":1,"tag":"","enabled":1,"note":"","added":"2026-11-28 19:26:33"}','{"id":6,"url":"https://example.org/%E7%8C%AB.jpg","weight":1,"tag":"","enabled":1,"note":"","added":"2024-10-24 12:00:00"}');
INSERT INTO "edit_history" VALUES(10,'2026-11-28 19:26:33','images','update','http://example.org/a%20b.jpg?x=1&y=''2''','{"id":7,"url":"http://example.org/a%20b.jpg?x=1&y=''2''","weight":1,"tag":"","enabled":1,"note":"","added":"2026-11-28 19:26:33"}','{"id":7,"url":"http://example.org/a%20b.jpg?x=1&y=''2''","weight":1,"tag":"","enabled":1,"note":"","added":"2024-10-24 12:00:00"}');
INSERT INTO "edit_history" VALUES(11,'2026-11-28 19:26:33','words','insert','清华大学',NULL,'{"word":"清华大学","freq":2053,"tag":"nt"}');
INSERT INTO "edit_history" VALUES(12,'2026-11-28 19:26:33','words','insert','台中',NULL,'{"word":"台中","freq":3,"tag":""}');
INSERT INTO "edit_history" VALUES(13,'2026-11-28 19:26:33','words','insert','C++',NULL,'{"word":"C++","freq":9,"tag":"eng"}');
INSERT INTO "edit_history" VALUES(14,'2026-11-28 19:26:33','words','insert','很赞',NULL,'{"word":"很赞","freq":null,"tag":""}');
INSERT INTO "edit_history" VALUES(15,'2026-11-28 19:26:33','words','insert','New York',NULL,'{"word":"New York","freq":5,"tag":""}');
INSERT INTO "edit_history" VALUES(16,'2026-11-28 19:26:33','words','update','台中','{"word":"台中","freq":3,"tag":""}','{"word":"台中","freq":4,"tag":""}');
INSERT INTO "edit_history" VALUES(17,'2026-11-28 19:26:33','words','insert','gone',NULL,'{"word":"gone","freq":1,"tag":""}');
INSERT INTO "edit_history" VALUES(18,'2026-11-28 19:26:33','words','delete','gone','{"word":"gone","freq":1,"tag":""}',NULL);
CREATE TABLE edit_history_limit (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    keep INTEGER NOT NULL,
    CONSTRAINT "keep: must be an integer from 0 to 1000000" CHECK (keep BETWEEN 0 AND 1000000)
) STRICT;
INSERT INTO "edit_history_limit" VALUES(1,77);
CREATE TABLE hmm_emit (
    character TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    logp      REAL NOT NULL,
    PRIMARY KEY (character, state),
    CONSTRAINT "character: must be one character from U+4E00 to U+9FD5"
        CHECK (unicode(character) BETWEEN 0x4E00 AND 0x9FD5 AND character = char(unicode(character)))
) STRICT, WITHOUT ROWID;
INSERT INTO "hmm_emit" VALUES('一','B',-3.65449787504494327805e+00);
INSERT INTO "hmm_emit" VALUES('丁','S',-8.12504194184202610529e+00);
CREATE TABLE hmm_start (
    state TEXT PRIMARY KEY CHECK (state IN ('B', 'M', 'E', 'S')),
    logp  REAL NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "hmm_start" VALUES('B',-2.62686608092500162303e-01);
INSERT INTO "hmm_start" VALUES('S',-1.46526333985376777668e+00);
CREATE TABLE hmm_trans (
    from_state TEXT NOT NULL CHECK (from_state IN ('B', 'M', 'E', 'S')),
    to_state   TEXT NOT NULL CHECK (to_state IN ('B', 'M', 'E', 'S')),
    logp       REAL NOT NULL,
    PRIMARY KEY (from_state, to_state)
) STRICT, WITHOUT ROWID;
INSERT INTO "hmm_trans" VALUES('B','E',-0.51082562376599);
INSERT INTO "hmm_trans" VALUES('E','B',-5.89714973685451337992e-01);
CREATE TABLE idf (
    word TEXT PRIMARY KEY NOT NULL,
    idf  REAL NOT NULL,
    CONSTRAINT "word: must not be empty" CHECK (word <> ''),
    CONSTRAINT "word: must be at most 64 characters" CHECK (length(word) <= 64),
    CONSTRAINT "word: must not contain white space or control characters" CHECK (
        instr(word, char(0)) = 0
        AND word NOT GLOB '*[' || char(1) || '-' || char(32) || char(127) || '-' || char(160, 5760)
            || char(8192) || '-' || char(8202) || char(8232, 8233, 8239, 8287, 12288) || ']*'),
    CONSTRAINT "idf: must be a number from 0 to 1000" CHECK (idf BETWEEN 0 AND 1000)
) STRICT, WITHOUT ROWID;
INSERT INTO "idf" VALUES('台中',11.25);
INSERT INTO "idf" VALUES('清华大学',8.5);
CREATE TABLE image_import (url ANY, weight ANY, tag ANY) STRICT;
CREATE TABLE images (
    id      INTEGER PRIMARY KEY,
    url     TEXT NOT NULL UNIQUE,
    weight  INTEGER NOT NULL DEFAULT 1,
    tag     TEXT NOT NULL DEFAULT '',
    enabled INTEGER NOT NULL DEFAULT 1,
    note    TEXT NOT NULL DEFAULT '',
    added   TEXT NOT NULL DEFAULT (datetime('now')),
    CONSTRAINT "url: must begin with http:// or https:// and a host"
        CHECK (url GLOB 'http://[a-zA-Z0-9[]*' OR url GLOB 'https://[a-zA-Z0-9[]*'),
    CONSTRAINT "url: must have only the characters of RFC 3986; percent-encode all others"
        CHECK (url NOT GLOB '*[^]a-zA-Z0-9:/?#@!$&''()*+,;=._~%[-]*' AND instr(url, char(0)) = 0),
    CONSTRAINT "url: must be at most 2048 characters" CHECK (length(url) <= 2048),
    CONSTRAINT "weight: must be an integer from 1 to 1000000; to disable an image, set enabled = 0"
        CHECK (weight BETWEEN 1 AND 1000000),
    CONSTRAINT "tag: must be at most 64 bytes (21 Chinese characters)" CHECK (length(CAST(tag AS BLOB)) <= 64),
    CONSTRAINT "tag: must not contain white space or control characters" CHECK (
        instr(tag, char(0)) = 0
        AND tag NOT GLOB '*[' || char(1) || '-' || char(32) || char(127) || '-' || char(160, 5760)
            || char(8192) || '-' || char(8202) || char(8232, 8233, 8239, 8287, 12288) || ']*'),
    CONSTRAINT "enabled: must be 1, or 0 for a disabled image" CHECK (enabled IN (0, 1)),
    CONSTRAINT "added: must be a time like 2024-10-24 12:00:00" CHECK (added NOT GLOB '*[^-0-9: T.Z+]*'),
    CONSTRAINT "note: must be at most 1000 characters" CHECK (length(note) <= 1000),
    CONSTRAINT "note: must be one line, without control characters"
        CHECK (instr(note, char(0)) = 0 AND note NOT GLOB '*[' || char(1) || '-' || char(31, 127) || ']*')
) STRICT;
INSERT INTO "images" VALUES(1,'https://s2.loli.net/2024/10/24/rQT7SwhpzM8BWiX.jpg',1,'',1,'','2024-10-24 12:00:00');
INSERT INTO "images" VALUES(3,'https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg',7,'猫',0,'a "note"','2024-10-24 12:00:00');
INSERT INTO "images" VALUES(4,'https://s2.loli.net/2024/10/24/VgqiAGTW2rULuek.jpg',1,'',1,'','2024-10-24 12:00:00');
INSERT INTO "images" VALUES(5,'https://s2.loli.net/2024/09/12/7Ev1936CLn2toRq.jpg',1,'',1,'','2024-10-24 12:00:00');
INSERT INTO "images" VALUES(6,'https://example.org/%E7%8C%AB.jpg',1,'',1,'','2024-10-24 12:00:00');
INSERT INTO "images" VALUES(7,'http://example.org/a%20b.jpg?x=1&y=''2''',1,'',1,'','2024-10-24 12:00:00');
CREATE TABLE pos_emit (
    character TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    tag       TEXT NOT NULL,
    logp      REAL NOT NULL,
    PRIMARY KEY (character, state, tag),
    CONSTRAINT "character: must be one character from U+4E00 to U+9FD5"
        CHECK (unicode(character) BETWEEN 0x4E00 AND 0x9FD5 AND character = char(unicode(character))),
    CONSTRAINT "logp: must be the logarithm of a probability, at most 0" CHECK (logp <= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO "pos_emit" VALUES('一','B','n',-4.5);
CREATE TABLE pos_list (
    character TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    tag       TEXT NOT NULL,
    PRIMARY KEY (character, state, tag),
    CONSTRAINT "character: must be one character from U+4E00 to U+9FD5"
        CHECK (unicode(character) BETWEEN 0x4E00 AND 0x9FD5 AND character = char(unicode(character)))
) STRICT, WITHOUT ROWID;
INSERT INTO "pos_list" VALUES('一','B','n');
CREATE TABLE pos_start (
    state TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    tag   TEXT NOT NULL,
    logp  REAL NOT NULL,
    PRIMARY KEY (state, tag),
    CONSTRAINT "tag: must be 1 to 16 letters" CHECK (length(tag) BETWEEN 1 AND 16 AND tag NOT GLOB '*[^a-zA-Z]*'
        AND instr(tag, char(0)) = 0),
    CONSTRAINT "logp: must be the logarithm of a probability, at most 0" CHECK (logp <= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO "pos_start" VALUES('B','n',-1.5);
INSERT INTO "pos_start" VALUES('S','v',-2.25);
CREATE TABLE pos_trans (
    from_state TEXT NOT NULL CHECK (from_state IN ('B', 'M', 'E', 'S')),
    from_tag   TEXT NOT NULL,
    to_state   TEXT NOT NULL CHECK (to_state IN ('B', 'M', 'E', 'S')),
    to_tag     TEXT NOT NULL,
    logp       REAL NOT NULL,
    PRIMARY KEY (from_state, from_tag, to_state, to_tag),
    CONSTRAINT "logp: must be the logarithm of a probability, at most 0" CHECK (logp <= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO "pos_trans" VALUES('B','n','E','n',-0.5);
INSERT INTO "pos_trans" VALUES('E','n','S','v',-1.0);
CREATE TABLE position (n INTEGER PRIMARY KEY) STRICT;
INSERT INTO "position" VALUES(1);
INSERT INTO "position" VALUES(2);
INSERT INTO "position" VALUES(3);
INSERT INTO "position" VALUES(4);
INSERT INTO "position" VALUES(5);
INSERT INTO "position" VALUES(6);
INSERT INTO "position" VALUES(7);
INSERT INTO "position" VALUES(8);
INSERT INTO "position" VALUES(9);
INSERT INTO "position" VALUES(10);
INSERT INTO "position" VALUES(11);
INSERT INTO "position" VALUES(12);
INSERT INTO "position" VALUES(13);
INSERT INTO "position" VALUES(14);
INSERT INTO "position" VALUES(15);
INSERT INTO "position" VALUES(16);
INSERT INTO "position" VALUES(17);
INSERT INTO "position" VALUES(18);
INSERT INTO "position" VALUES(19);
INSERT INTO "position" VALUES(20);
INSERT INTO "position" VALUES(21);
INSERT INTO "position" VALUES(22);
INSERT INTO "position" VALUES(23);
INSERT INTO "position" VALUES(24);
INSERT INTO "position" VALUES(25);
INSERT INTO "position" VALUES(26);
INSERT INTO "position" VALUES(27);
INSERT INTO "position" VALUES(28);
INSERT INTO "position" VALUES(29);
INSERT INTO "position" VALUES(30);
INSERT INTO "position" VALUES(31);
INSERT INTO "position" VALUES(32);
INSERT INTO "position" VALUES(33);
INSERT INTO "position" VALUES(34);
INSERT INTO "position" VALUES(35);
INSERT INTO "position" VALUES(36);
INSERT INTO "position" VALUES(37);
INSERT INTO "position" VALUES(38);
INSERT INTO "position" VALUES(39);
INSERT INTO "position" VALUES(40);
INSERT INTO "position" VALUES(41);
INSERT INTO "position" VALUES(42);
INSERT INTO "position" VALUES(43);
INSERT INTO "position" VALUES(44);
INSERT INTO "position" VALUES(45);
INSERT INTO "position" VALUES(46);
INSERT INTO "position" VALUES(47);
INSERT INTO "position" VALUES(48);
INSERT INTO "position" VALUES(49);
INSERT INTO "position" VALUES(50);
INSERT INTO "position" VALUES(51);
INSERT INTO "position" VALUES(52);
INSERT INTO "position" VALUES(53);
INSERT INTO "position" VALUES(54);
INSERT INTO "position" VALUES(55);
INSERT INTO "position" VALUES(56);
INSERT INTO "position" VALUES(57);
INSERT INTO "position" VALUES(58);
INSERT INTO "position" VALUES(59);
INSERT INTO "position" VALUES(60);
INSERT INTO "position" VALUES(61);
INSERT INTO "position" VALUES(62);
INSERT INTO "position" VALUES(63);
INSERT INTO "position" VALUES(64);
CREATE TABLE repeated_words (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    freq INTEGER NOT NULL CHECK (freq >= 0)
) STRICT;
INSERT INTO "repeated_words" VALUES(1,5);
CREATE TABLE revision (
    part TEXT PRIMARY KEY CHECK (part IN ('store', 'words', 'model', 'images', 'keywords')),
    n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "revision" VALUES('images',15);
INSERT INTO "revision" VALUES('keywords',4);
INSERT INTO "revision" VALUES('model',12);
INSERT INTO "revision" VALUES('store',4179174856939795851);
INSERT INTO "revision" VALUES('words',10);
CREATE TABLE settings (
    name  TEXT PRIMARY KEY CHECK (name IN ('words_with_symbols', 'importing')),
    value INTEGER NOT NULL,
    CONSTRAINT "value: must be 0 or 1" CHECK (value IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO "settings" VALUES('importing',0);
INSERT INTO "settings" VALUES('words_with_symbols',1);
CREATE TABLE stop_words (
    word TEXT PRIMARY KEY NOT NULL,
    CONSTRAINT "word: must not be empty" CHECK (word <> ''),
    CONSTRAINT "word: must be at most 64 characters" CHECK (length(word) <= 64),
    CONSTRAINT "word: must not contain white space or control characters" CHECK (
        instr(word, char(0)) = 0
        AND word NOT GLOB '*[' || char(1) || '-' || char(32) || char(127) || '-' || char(160, 5760)
            || char(8192) || '-' || char(8202) || char(8232, 8233, 8239, 8287, 12288) || ']*'),
    CONSTRAINT "word: must be in lower case; it matches every case" CHECK (word = lower(word))
) STRICT, WITHOUT ROWID;
INSERT INTO "stop_words" VALUES('the');
INSERT INTO "stop_words" VALUES('的');
CREATE TABLE word_import (word ANY, freq ANY, tag ANY) STRICT;
CREATE TABLE words (
    word TEXT PRIMARY KEY NOT NULL,
    freq INTEGER,
    tag  TEXT NOT NULL DEFAULT '',
    CONSTRAINT "word: must not be empty" CHECK (word <> ''),
    CONSTRAINT "word: must be at most 64 characters" CHECK (length(word) <= 64),
    CONSTRAINT "word: must not contain control characters or line breaks" CHECK (
        instr(word, char(0)) = 0
        AND word NOT GLOB '*[' || char(1) || '-' || char(31) || char(127) || '-' || char(159, 8232, 8233) || ']*'),
    CONSTRAINT "word: must not begin or end with white space" CHECK (
        word NOT GLOB '[' || char(32, 160, 5760, 8192) || '-' || char(8202, 8239, 8287, 12288) || ']*'
        AND word NOT GLOB '*[' || char(32, 160, 5760, 8192) || '-' || char(8202, 8239, 8287, 12288) || ']'),
    CONSTRAINT "freq: must be an integer from 1 to 1000000000000, or NULL"
        CHECK (freq BETWEEN 1 AND 1000000000000),
    CONSTRAINT "tag: must be at most 16 letters, digits, _ or -"
        CHECK (length(tag) <= 16 AND tag NOT GLOB '*[^a-zA-Z0-9_-]*' AND instr(tag, char(0)) = 0)
) STRICT, WITHOUT ROWID;
INSERT INTO "words" VALUES('C++',9,'eng');
INSERT INTO "words" VALUES('New York',5,'');
INSERT INTO "words" VALUES('台中',4,'');
INSERT INTO "words" VALUES('很赞',NULL,'');
INSERT INTO "words" VALUES('清华大学',2053,'nt');
CREATE TRIGGER revision_insert BEFORE INSERT ON revision
BEGIN
    SELECT RAISE(ABORT, 'revision: is maintained by triggers and cannot be edited');
END;
CREATE TRIGGER revision_delete BEFORE DELETE ON revision
BEGIN
    SELECT RAISE(ABORT, 'revision: is maintained by triggers and cannot be edited');
END;
CREATE TRIGGER revision_update BEFORE UPDATE ON revision WHEN NEW.n <> OLD.n + 1 OR NEW.part <> OLD.part
BEGIN
    SELECT RAISE(ABORT, 'revision: is maintained by triggers and cannot be edited');
END;
CREATE TRIGGER images_insert AFTER INSERT ON images
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'images'; END;
CREATE TRIGGER images_update AFTER UPDATE ON images
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'images'; END;
CREATE TRIGGER images_delete AFTER DELETE ON images
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'images'; END;
CREATE INDEX words_without_freq ON words (word) WHERE freq IS NULL;
CREATE TRIGGER words_utf8_insert BEFORE INSERT ON words
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;
CREATE TRIGGER words_utf8_update BEFORE UPDATE OF word ON words
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;
CREATE TRIGGER words_insert AFTER INSERT ON words
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'words'; END;
CREATE TRIGGER words_update AFTER UPDATE ON words
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'words'; END;
CREATE TRIGGER words_delete AFTER DELETE ON words
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'words'; END;
CREATE TRIGGER settings_insert BEFORE INSERT ON settings
BEGIN
    SELECT RAISE(ABORT, 'settings: rows cannot be added or deleted; update the value instead');
END;
CREATE TRIGGER settings_delete BEFORE DELETE ON settings
BEGIN
    SELECT RAISE(ABORT, 'settings: rows cannot be added or deleted; update the value instead');
END;
CREATE TRIGGER settings_rename BEFORE UPDATE OF name ON settings
BEGIN
    SELECT RAISE(ABORT, 'settings: the name cannot be changed; update the value instead');
END;
CREATE TRIGGER settings_update AFTER UPDATE ON settings WHEN NEW.name = 'words_with_symbols'
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'words'; END;
CREATE TRIGGER words_symbols_insert AFTER INSERT ON words
WHEN NEW.word GLOB '*[^a-zA-Z0-9+#&._%' || char(0x4E00) || '-' || char(0x9FD5) || '-]*'
BEGIN
    SELECT RAISE(ABORT,
        'word: has spaces or symbols; to allow them, UPDATE settings SET value = 1 WHERE name = ''words_with_symbols''')
    FROM settings s, settings i
    WHERE s.name = 'words_with_symbols' AND s.value = 0 AND i.name = 'importing' AND (i.value = 0
        OR NEW.word GLOB '*[' || char(32, 160, 5760, 8192) || '-' || char(8202, 8239, 8287, 12288) || ']*');
END;
CREATE TRIGGER words_symbols_update AFTER UPDATE OF word ON words
WHEN NEW.word GLOB '*[^a-zA-Z0-9+#&._%' || char(0x4E00) || '-' || char(0x9FD5) || '-]*'
BEGIN
    SELECT RAISE(ABORT,
        'word: has spaces or symbols; to allow them, UPDATE settings SET value = 1 WHERE name = ''words_with_symbols''')
    FROM settings s, settings i
    WHERE s.name = 'words_with_symbols' AND s.value = 0 AND i.name = 'importing' AND (i.value = 0
        OR NEW.word GLOB '*[' || char(32, 160, 5760, 8192) || '-' || char(8202, 8239, 8287, 12288) || ']*');
END;
CREATE TRIGGER idf_utf8_insert BEFORE INSERT ON idf
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;
CREATE TRIGGER idf_utf8_update BEFORE UPDATE OF word ON idf
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;
CREATE TRIGGER stop_words_utf8_insert BEFORE INSERT ON stop_words
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;
CREATE TRIGGER stop_words_utf8_update BEFORE UPDATE OF word ON stop_words
BEGIN
    SELECT RAISE(ABORT, 'word: must be valid UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;
CREATE TRIGGER idf_insert AFTER INSERT ON idf
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'keywords'; END;
CREATE TRIGGER idf_update AFTER UPDATE ON idf
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'keywords'; END;
CREATE TRIGGER idf_delete AFTER DELETE ON idf
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'keywords'; END;
CREATE TRIGGER stop_words_insert AFTER INSERT ON stop_words
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'keywords'; END;
CREATE TRIGGER stop_words_update AFTER UPDATE ON stop_words
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'keywords'; END;
CREATE TRIGGER stop_words_delete AFTER DELETE ON stop_words
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'keywords'; END;
CREATE TRIGGER repeated_words_insert BEFORE INSERT ON repeated_words
BEGIN
    SELECT RAISE(ABORT, 'repeated_words: must have exactly one row; update it instead');
END;
CREATE TRIGGER repeated_words_delete BEFORE DELETE ON repeated_words
BEGIN
    SELECT RAISE(ABORT, 'repeated_words: must have exactly one row; update it instead');
END;
CREATE TRIGGER repeated_words_update AFTER UPDATE ON repeated_words
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'words'; END;
CREATE TRIGGER hmm_start_insert AFTER INSERT ON hmm_start
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER hmm_start_update AFTER UPDATE ON hmm_start
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER hmm_start_delete AFTER DELETE ON hmm_start
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER hmm_trans_insert AFTER INSERT ON hmm_trans
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER hmm_trans_update AFTER UPDATE ON hmm_trans
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER hmm_trans_delete AFTER DELETE ON hmm_trans
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER hmm_emit_insert AFTER INSERT ON hmm_emit
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER hmm_emit_update AFTER UPDATE ON hmm_emit
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER hmm_emit_delete AFTER DELETE ON hmm_emit
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_start_tags_insert BEFORE INSERT ON pos_start
BEGIN
    SELECT RAISE(ABORT, 'pos_start: must have at most 64 tags')
    WHERE (SELECT count(DISTINCT tag) FROM pos_start WHERE tag <> NEW.tag) >= 64;
END;
CREATE TRIGGER pos_start_tags_update BEFORE UPDATE OF tag ON pos_start
BEGIN
    SELECT RAISE(ABORT, 'pos_start: must have at most 64 tags')
    WHERE (SELECT count(DISTINCT tag) FROM pos_start WHERE tag <> NEW.tag) >= 64;
END;
CREATE TRIGGER pos_start_insert AFTER INSERT ON pos_start
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_start_update AFTER UPDATE ON pos_start
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_start_delete AFTER DELETE ON pos_start
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_trans_insert AFTER INSERT ON pos_trans
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_trans_update AFTER UPDATE ON pos_trans
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_trans_delete AFTER DELETE ON pos_trans
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_emit_insert AFTER INSERT ON pos_emit
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_emit_update AFTER UPDATE ON pos_emit
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_emit_delete AFTER DELETE ON pos_emit
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_list_insert AFTER INSERT ON pos_list
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_list_update AFTER UPDATE ON pos_list
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
CREATE TRIGGER pos_list_delete AFTER DELETE ON pos_list
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'model'; END;
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
CREATE VIEW word_check (word, freq, finding, remedy) AS
    SELECT word, freq, 'is never found: jieba looks up only Chinese characters, letters, digits and +#&._%-',
        'UPDATE settings SET value = 1 WHERE name = ''words_with_symbols'', or delete it'
    FROM words WHERE word GLOB '*[^' || char(0x4E00) || '-' || char(0x9FD5) || 'a-zA-Z0-9+#&._%-]*'
        AND (SELECT value FROM settings WHERE name = 'words_with_symbols') = 0
    UNION ALL
    SELECT word, freq, 'runs of letters and digits are kept whole anyway; this word also splits longer runs',
        'delete it, unless runs like ' || word || 'x should be split after ' || word
    FROM words WHERE word NOT GLOB '*[^a-zA-Z0-9]*' AND length(word) > 1
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
    WHERE w.freq < 1.0 * a.freq * b.freq / (SELECT sum(freq) FROM words);
CREATE TRIGGER image_import_insert AFTER INSERT ON image_import
BEGIN
    INSERT INTO images (url, weight, tag)
    SELECT trim(NEW.url), ifnull(nullif(NEW.weight, ''), 1), trim(ifnull(NEW.tag, ''))
    WHERE trim(ifnull(NEW.url, '')) NOT IN ('', 'url')
    ON CONFLICT (url) DO UPDATE SET weight = iif(nullif(NEW.weight, '') IS NULL, weight, excluded.weight),
        tag = ifnull(nullif(excluded.tag, ''), tag);
    DELETE FROM image_import;
END;
CREATE TRIGGER word_import_insert AFTER INSERT ON word_import
BEGIN
    INSERT INTO words (word, freq, tag)
    SELECT trim(NEW.word), nullif(NEW.freq, ''), trim(ifnull(NEW.tag, ''))
    WHERE trim(ifnull(NEW.word, '')) <> '' AND (NEW.word <> 'word' OR NEW.freq IS NOT 'freq')
    ON CONFLICT (word) DO UPDATE SET freq = ifnull(excluded.freq, freq), tag = ifnull(nullif(excluded.tag, ''), tag);
    DELETE FROM word_import;
END;
COMMIT;
