PRAGMA application_id = 1397904972;
PRAGMA user_version = 5;
BEGIN TRANSACTION;
CREATE TABLE edit_limit (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    days     INTEGER NOT NULL,
    max_rows INTEGER NOT NULL,
    CONSTRAINT "days: must be an integer from 1 to 36500 / 必须是 1 到 36500 的整数" CHECK (days BETWEEN 1 AND 36500),
    CONSTRAINT "max_rows: must be an integer from 0 to 100000000 / 必须是 0 到 100000000 的整数"
        CHECK (max_rows BETWEEN 0 AND 100000000)
) STRICT;
INSERT INTO "edit_limit" VALUES(1,365,77);
CREATE TABLE edited_rows (
    id     INTEGER PRIMARY KEY,
    part   TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('insert', 'update', 'delete', 'replace')),
    c1 ANY, c2 ANY, c3 ANY, c4 ANY, c5 ANY, c6 ANY, c7 ANY
) STRICT;
INSERT INTO "edited_rows" VALUES(1,'settings','update','words_with_symbols',0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(2,'images','delete','https://s2.loli.net/2024/10/24/qnzo8eZuXs73gAd.jpg',2,1,'',1,'','2026-11-29 06:04:19');
INSERT INTO "edited_rows" VALUES(3,'images','insert','https://example.org/%E7%8C%AB.jpg',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(4,'images','insert','http://example.org/a%20b.jpg?x=1&y=''2''',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(5,'images','update','https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg',3,1,'',1,'','2026-11-29 06:04:19');
INSERT INTO "edited_rows" VALUES(6,'images','update','https://s2.loli.net/2024/10/24/rQT7SwhpzM8BWiX.jpg',1,1,'',1,'','2026-11-29 06:04:19');
INSERT INTO "edited_rows" VALUES(7,'images','update','https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg',3,7,'猫',0,'a "note"','2026-11-29 06:04:19');
INSERT INTO "edited_rows" VALUES(8,'images','update','https://s2.loli.net/2024/10/24/VgqiAGTW2rULuek.jpg',4,1,'',1,'','2026-11-29 06:04:19');
INSERT INTO "edited_rows" VALUES(9,'images','update','https://s2.loli.net/2024/09/12/7Ev1936CLn2toRq.jpg',5,1,'',1,'','2026-11-29 06:04:19');
INSERT INTO "edited_rows" VALUES(10,'images','update','https://example.org/%E7%8C%AB.jpg',6,1,'',1,'','2026-11-29 06:04:19');
INSERT INTO "edited_rows" VALUES(11,'images','update','http://example.org/a%20b.jpg?x=1&y=''2''',7,1,'',1,'','2026-11-29 06:04:19');
INSERT INTO "edited_rows" VALUES(12,'words','insert','清华大学',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(13,'words','insert','台中',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(14,'words','insert','C++',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(15,'words','insert','很赞',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(16,'words','insert','New York',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(17,'words','update','台中',3,'',NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(18,'words','insert','gone',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(19,'words','delete','gone',1,'',NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(20,'repeated_words','update',1,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(21,'idf','insert','清华大学',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(22,'idf','insert','台中',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(23,'stop_words','insert','the',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(24,'stop_words','insert','的',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(25,'hmm_start','insert','B',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(26,'hmm_start','insert','S',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(27,'hmm_trans','insert','B','E',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(28,'hmm_trans','insert','E','B',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(29,'hmm_emit','insert','一','B',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(30,'hmm_emit','insert','丁','S',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(31,'pos_start','insert','B','n',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(32,'pos_start','insert','S','v',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(33,'pos_trans','insert','B','n','E','n',NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(34,'pos_trans','insert','E','n','S','v',NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(35,'pos_emit','insert','一','B','n',NULL,NULL,NULL,NULL);
INSERT INTO "edited_rows" VALUES(36,'pos_list','insert','一','B','n',NULL,NULL,NULL,NULL);
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
INSERT INTO "edits" VALUES(1,'2026-11-29 06:04:19.859','2026-11-29 06:04:19.863','SQL',1,0,5995983,0);
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
INSERT INTO "guard" VALUES('images',10,-1,NULL,NULL,NULL,NULL);
INSERT INTO "guard" VALUES('words',20,-1,NULL,NULL,NULL,NULL);
CREATE TABLE hmm_emit (
    character TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    logp      REAL NOT NULL,
    PRIMARY KEY (character, state),
    CONSTRAINT "character: must be one character from U+4E00 to U+9FD5 / 必须是 U+4E00 到 U+9FD5 之间的一个字符"
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
    CONSTRAINT "word: must not be empty / 不能为空" CHECK (word <> ''),
    CONSTRAINT "word: must be at most 64 characters / 最多 64 个字符" CHECK (length(word) <= 64),
    CONSTRAINT "word: must not contain white space or control characters / 不能含空白或控制字符" CHECK (
        instr(word, char(0)) = 0
        AND word NOT GLOB '*[' || char(1) || '-' || char(32) || char(127) || '-' || char(160, 5760)
            || char(8192) || '-' || char(8202) || char(8232, 8233, 8239, 8287, 12288) || ']*'),
    CONSTRAINT "idf: must be a number from 0 to 1000 / 必须是 0 到 1000 的数" CHECK (idf BETWEEN 0 AND 1000)
) STRICT, WITHOUT ROWID;
INSERT INTO "idf" VALUES('台中',11.25);
INSERT INTO "idf" VALUES('清华大学',8.5);
CREATE TABLE image_answers (
    url    TEXT PRIMARY KEY NOT NULL,
    at     TEXT NOT NULL,
    status INTEGER,
    error  TEXT NOT NULL,
    ms     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE image_import (url ANY, weight ANY, tag ANY) STRICT;
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
    CONSTRAINT "character: must be one character from U+4E00 to U+9FD5 / 必须是 U+4E00 到 U+9FD5 之间的一个字符"
        CHECK (unicode(character) BETWEEN 0x4E00 AND 0x9FD5 AND character = char(unicode(character))),
    CONSTRAINT "logp: must be the logarithm of a probability, at most 0 / 必须是概率的对数，不大于 0" CHECK (logp <= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO "pos_emit" VALUES('一','B','n',-4.5);
CREATE TABLE pos_list (
    character TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    tag       TEXT NOT NULL,
    PRIMARY KEY (character, state, tag),
    CONSTRAINT "character: must be one character from U+4E00 to U+9FD5 / 必须是 U+4E00 到 U+9FD5 之间的一个字符"
        CHECK (unicode(character) BETWEEN 0x4E00 AND 0x9FD5 AND character = char(unicode(character)))
) STRICT, WITHOUT ROWID;
INSERT INTO "pos_list" VALUES('一','B','n');
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
INSERT INTO "pos_start" VALUES('B','n',-1.5);
INSERT INTO "pos_start" VALUES('S','v',-2.25);
CREATE TABLE pos_trans (
    from_state TEXT NOT NULL CHECK (from_state IN ('B', 'M', 'E', 'S')),
    from_tag   TEXT NOT NULL,
    to_state   TEXT NOT NULL CHECK (to_state IN ('B', 'M', 'E', 'S')),
    to_tag     TEXT NOT NULL,
    logp       REAL NOT NULL,
    PRIMARY KEY (from_state, from_tag, to_state, to_tag),
    CONSTRAINT "logp: must be the logarithm of a probability, at most 0 / 必须是概率的对数，不大于 0" CHECK (logp <= 0)
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
INSERT INTO "revision" VALUES('images',15998468);
INSERT INTO "revision" VALUES('keywords',4366353);
INSERT INTO "revision" VALUES('model',13558226);
INSERT INTO "revision" VALUES('store',5915767118717250742);
INSERT INTO "revision" VALUES('words',11165056);
CREATE TABLE settings (
    name  TEXT PRIMARY KEY CHECK (name IN ('words_with_symbols', 'importing', 'redirect_no_referrer')),
    value INTEGER NOT NULL,
    CONSTRAINT "value: must be 0 or 1 / 必须是 0 或 1" CHECK (value IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO "settings" VALUES('importing',0);
INSERT INTO "settings" VALUES('redirect_no_referrer',1);
INSERT INTO "settings" VALUES('words_with_symbols',1);
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
INSERT INTO "stop_words" VALUES('the');
INSERT INTO "stop_words" VALUES('的');
CREATE TABLE undoing (id INTEGER PRIMARY KEY, part TEXT, edit INTEGER) STRICT;
CREATE TABLE word_import (word ANY, freq ANY, tag ANY) STRICT;
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
INSERT INTO "words" VALUES('C++',9,'eng');
INSERT INTO "words" VALUES('New York',5,'');
INSERT INTO "words" VALUES('台中',4,'');
INSERT INTO "words" VALUES('很赞',NULL,'');
INSERT INTO "words" VALUES('清华大学',2053,'nt');
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
CREATE TRIGGER guard_insert BEFORE INSERT ON guard
BEGIN
    SELECT RAISE(ABORT, 'guard: rows cannot be added or deleted; update them instead / 不能添加或删除行，请改用 UPDATE');
END;
CREATE TRIGGER guard_delete BEFORE DELETE ON guard
BEGIN
    SELECT RAISE(ABORT, 'guard: rows cannot be added or deleted; update them instead / 不能添加或删除行，请改用 UPDATE');
END;
CREATE TRIGGER images_insert AFTER INSERT ON images
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'images'; END;
CREATE TRIGGER images_update AFTER UPDATE ON images
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'images'; END;
CREATE TRIGGER images_delete AFTER DELETE ON images
BEGIN UPDATE revision SET n = (n | 0xFFFFF) + 1 + (random() & 0xFFFFF) WHERE part = 'images'; END;
CREATE INDEX words_without_freq ON words (word) WHERE freq IS NULL;
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
CREATE INDEX edits_first_row ON edits (first_row);
CREATE TRIGGER edit_limit_insert BEFORE INSERT ON edit_limit
BEGIN
    SELECT RAISE(ABORT, 'edit_limit: must have exactly one row; update it instead / 必须恰好有一行，请改用 UPDATE');
END;
CREATE TRIGGER edit_limit_delete BEFORE DELETE ON edit_limit
BEGIN
    SELECT RAISE(ABORT, 'edit_limit: must have exactly one row; update it instead / 必须恰好有一行，请改用 UPDATE');
END;
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
CREATE TRIGGER edited_rows_insert BEFORE INSERT ON edited_rows
WHEN (SELECT until FROM edits ORDER BY id DESC LIMIT 1) IS NOT strftime('%Y-%m-%d %H:%M:%f', 'now')
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
CREATE VIEW undo (edit, since) AS SELECT id, at FROM edits;
CREATE INDEX undoing_part ON undoing (part);
CREATE VIEW undone AS
    SELECT u.part, action, c1, c2, c3, c4, c5, c6, c7 FROM undoing u CROSS JOIN edited_rows r USING (id);
CREATE TRIGGER undo_insert INSTEAD OF INSERT ON undo
BEGIN
    SELECT RAISE(ABORT,
        'undo: name either an edit or a time: INSERT INTO undo (edit) VALUES (17) / 编辑的编号和时间须二者选一')
        WHERE (NEW.edit IS NULL) = (NEW.since IS NULL);
    SELECT RAISE(ABORT,
        'undo: since must be a time in UTC like 2026-11-28 08:00 / since 必须是形如 2026-11-28 08:00 的 UTC 时间')
        WHERE NEW.since IS NOT NULL AND (NEW.since NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'
            OR strftime('%f', NEW.since) IS NULL);
    SELECT RAISE(ABORT,
        'undo: the history is switched off, so that this could not be undone: UPDATE edit_limit SET max_rows = 1000000 / 历史记录已关闭，撤销之后将无法恢复；请先执行上述 UPDATE')
        WHERE (SELECT max_rows FROM edit_limit) = 0;
    SELECT RAISE(ABORT,
        'undo: the history does not reach back so far; SELECT * FROM edits lists all / 历史记录没有这么早的编辑；SELECT * FROM edits 列出全部')
        WHERE strftime('%Y-%m-%d %H:%M:%f', NEW.since) < (SELECT at FROM edits ORDER BY id LIMIT 1) AND (SELECT min(id) FROM edits) > 1;
    INSERT INTO edits (tool, open)
        VALUES (iif(NEW.edit IS NULL, 'undo since ' || NEW.since, 'undo ' || NEW.edit), 1);
    INSERT INTO undoing (id, edit) VALUES (0, ifnull(NEW.edit, (SELECT min(id) FROM edits WHERE id > ifnull(
        (SELECT max(id) FROM edits WHERE open <> 1 AND at < strftime('%Y-%m-%d %H:%M:%f', NEW.since)), 0))));
    SELECT RAISE(ABORT,
        'undo: the history has no such edit, or none that began since; SELECT * FROM edits lists all / 历史记录里没有这次编辑，或此后没有开始过编辑；SELECT * FROM edits 列出全部')
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
CREATE VIEW guard_check (part, finding, confirm, undo) AS
    SELECT part, printf('%d of %d %s would be gone: the service keeps serving the previous ones', gone, n, part),
        printf('UPDATE guard SET confirmed = %d WHERE part = ''%s'';', refused, part),
        (SELECT printf('INSERT INTO undo (since) VALUES (''%s'');', at)
         FROM (SELECT id, at, lead(iif(g.part = 'words', words, images), 1, (SELECT n FROM revision r WHERE r.part = g.part))
                 OVER (ORDER BY id) AS after FROM edits)
         WHERE after > served AND (SELECT max_rows FROM edit_limit) ORDER BY id LIMIT 1)
    FROM guard g WHERE refused IS NOT NULL;
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
