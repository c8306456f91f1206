PRAGMA application_id = 1397904972;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE hmm_emit (
    character TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    logp      REAL NOT NULL,
    PRIMARY KEY (character, state),
    CONSTRAINT "character: one, from U+4E00 to U+9FD5"
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
CREATE TABLE images (
    id    INTEGER PRIMARY KEY,
    url   TEXT NOT NULL UNIQUE,
    added TEXT NOT NULL DEFAULT (datetime('now')),
    CONSTRAINT "url: must begin with http:// or https:// and a host"
        CHECK (url GLOB 'http://[a-zA-Z0-9[]*' OR url GLOB 'https://[a-zA-Z0-9[]*'),
    CONSTRAINT "url: only the characters of RFC 3986; percent-encode all others, and have no control characters"
        CHECK (url NOT GLOB '*[^]a-zA-Z0-9:/?#@!$&''()*+,;=._~%[-]*' AND instr(url, char(0)) = 0),
    CONSTRAINT "url: at most 2048 characters" CHECK (length(url) <= 2048)
) STRICT;
INSERT INTO "images" VALUES(1,'https://s2.loli.net/2024/10/24/rQT7SwhpzM8BWiX.jpg','2024-10-24 12:00:00');
INSERT INTO "images" VALUES(3,'https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg','2024-10-24 12:00:00');
INSERT INTO "images" VALUES(4,'https://s2.loli.net/2024/10/24/VgqiAGTW2rULuek.jpg','2024-10-24 12:00:00');
INSERT INTO "images" VALUES(5,'https://s2.loli.net/2024/09/12/7Ev1936CLn2toRq.jpg','2024-10-24 12:00:00');
INSERT INTO "images" VALUES(6,'https://example.org/%E7%8C%AB.jpg','2024-10-24 12:00:00');
INSERT INTO "images" VALUES(7,'http://example.org/a%20b.jpg?x=1&y=''2''','2024-10-24 12:00:00');
CREATE TABLE pos_emit (
    character TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    tag       TEXT NOT NULL,
    logp      REAL NOT NULL,
    PRIMARY KEY (character, state, tag),
    CONSTRAINT "character: one, from U+4E00 to U+9FD5"
        CHECK (unicode(character) BETWEEN 0x4E00 AND 0x9FD5 AND character = char(unicode(character))),
    CONSTRAINT "logp: the logarithm of a probability, at most 0" CHECK (logp <= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO "pos_emit" VALUES('一','B','n',-4.5);
CREATE TABLE pos_list (
    character TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    tag       TEXT NOT NULL,
    PRIMARY KEY (character, state, tag),
    CONSTRAINT "character: one, from U+4E00 to U+9FD5"
        CHECK (unicode(character) BETWEEN 0x4E00 AND 0x9FD5 AND character = char(unicode(character)))
) STRICT, WITHOUT ROWID;
INSERT INTO "pos_list" VALUES('一','B','n');
CREATE TABLE pos_start (
    state TEXT NOT NULL CHECK (state IN ('B', 'M', 'E', 'S')),
    tag   TEXT NOT NULL,
    logp  REAL NOT NULL,
    PRIMARY KEY (state, tag),
    CONSTRAINT "tag: 1 to 16 letters" CHECK (length(tag) BETWEEN 1 AND 16 AND tag NOT GLOB '*[^a-zA-Z]*'
        AND instr(tag, char(0)) = 0),
    CONSTRAINT "logp: the logarithm of a probability, at most 0" CHECK (logp <= 0)
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
    CONSTRAINT "logp: the logarithm of a probability, at most 0" CHECK (logp <= 0)
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
    part TEXT PRIMARY KEY CHECK (part IN ('store', 'words', 'model', 'images')),
    n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "revision" VALUES('images',14);
INSERT INTO "revision" VALUES('model',12);
INSERT INTO "revision" VALUES('store',2459383691519051604);
INSERT INTO "revision" VALUES('words',8);
CREATE TABLE words (
    word TEXT PRIMARY KEY NOT NULL,
    freq INTEGER NOT NULL DEFAULT 1000,
    tag  TEXT NOT NULL DEFAULT '',
    CONSTRAINT "word: must not be empty" CHECK (word <> ''),
    CONSTRAINT "word: at most 64 characters" CHECK (length(word) <= 64),
    CONSTRAINT "word: must not contain white space or control characters" CHECK (
        instr(word, char(0)) = 0
        AND word NOT GLOB '*[' || char(1) || '-' || char(32) || char(127) || '-' || char(160, 5760)
            || char(8192) || '-' || char(8202) || char(8232, 8233, 8239, 8287, 12288) || ']*'),
    CONSTRAINT "freq: must be a positive integer, at most 1000000000000"
        CHECK (freq BETWEEN 1 AND 1000000000000),
    CONSTRAINT "tag: at most 16 letters, digits, _ or -"
        CHECK (length(tag) <= 16 AND tag NOT GLOB '*[^a-zA-Z0-9_-]*' AND instr(tag, char(0)) = 0)
) STRICT, WITHOUT ROWID;
INSERT INTO "words" VALUES('C++',9,'eng');
INSERT INTO "words" VALUES('台中',4,'');
INSERT INTO "words" VALUES('很赞',1000,'');
INSERT INTO "words" VALUES('清华大学',2053,'nt');
CREATE TRIGGER revision_insert BEFORE INSERT ON revision
BEGIN
    SELECT RAISE(ABORT, 'revision: counted by triggers, not to be edited');
END;
CREATE TRIGGER revision_delete BEFORE DELETE ON revision
BEGIN
    SELECT RAISE(ABORT, 'revision: counted by triggers, not to be edited');
END;
CREATE TRIGGER revision_update BEFORE UPDATE ON revision WHEN NEW.n <> OLD.n + 1 OR NEW.part <> OLD.part
BEGIN
    SELECT RAISE(ABORT, 'revision: counted by triggers, not to be edited');
END;
CREATE TRIGGER images_insert AFTER INSERT ON images
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'images'; END;
CREATE TRIGGER images_update AFTER UPDATE ON images
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'images'; END;
CREATE TRIGGER images_delete AFTER DELETE ON images
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'images'; END;
CREATE TRIGGER words_utf8_insert BEFORE INSERT ON words
BEGIN
    SELECT RAISE(ABORT, 'word: is not valid UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;
CREATE TRIGGER words_utf8_update BEFORE UPDATE OF word ON words
BEGIN
    SELECT RAISE(ABORT, 'word: is not valid UTF-8') FROM position
    WHERE n <= length(NEW.word) AND typeof(NEW.word) = 'text'
        AND substr(NEW.word, n, 1) <> char(unicode(substr(NEW.word, n, 1)));
END;
CREATE TRIGGER words_insert AFTER INSERT ON words
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'words'; END;
CREATE TRIGGER words_update AFTER UPDATE ON words
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'words'; END;
CREATE TRIGGER words_delete AFTER DELETE ON words
BEGIN UPDATE revision SET n = n + 1 WHERE part = 'words'; END;
CREATE TRIGGER repeated_words_insert BEFORE INSERT ON repeated_words
BEGIN
    SELECT RAISE(ABORT, 'repeated_words: has one row, to be updated only');
END;
CREATE TRIGGER repeated_words_delete BEFORE DELETE ON repeated_words
BEGIN
    SELECT RAISE(ABORT, 'repeated_words: has one row, to be updated only');
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
    SELECT RAISE(ABORT, 'pos_start: at most 64 tags')
    WHERE (SELECT count(DISTINCT tag) FROM pos_start WHERE tag <> NEW.tag) >= 64;
END;
CREATE TRIGGER pos_start_tags_update BEFORE UPDATE OF tag ON pos_start
BEGIN
    SELECT RAISE(ABORT, 'pos_start: at most 64 tags')
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
COMMIT;
