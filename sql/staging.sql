-- The tables image_import and word_import, for `.import --csv FILE TABLE` of the sqlite3 shell. A trigger inserts each of
-- their rows into images or words, under the constraints of those, and deletes it here: both tables stay empty. They are
-- tables because newer shells (that of SQLite 3.46, for one) do not import into views. Their columns accept any value,
-- so that the constraints of images and words decide what is refused.

-- A URL that exists already gets the weight and the tag of the file. An empty or missing field keeps the value that is
-- there, or the default. An empty line and a header (the first field is "url") are skipped.
CREATE TABLE IF NOT EXISTS image_import (url ANY, weight ANY, tag ANY) STRICT;

CREATE TRIGGER IF NOT EXISTS image_import_insert AFTER INSERT ON image_import
BEGIN
    INSERT INTO images (url, weight, tag)
    SELECT trim(NEW.url), ifnull(nullif(NEW.weight, ''), 1), trim(ifnull(NEW.tag, ''))
    WHERE trim(ifnull(NEW.url, '')) NOT IN ('', 'url')
    ON CONFLICT (url) DO UPDATE SET weight = iif(nullif(NEW.weight, '') IS NULL, weight, excluded.weight),
        tag = ifnull(nullif(excluded.tag, ''), tag);
    DELETE FROM image_import;
END;

-- The same for words. A header is a line whose first two fields are "word" and "freq", since "word" alone is a word.
CREATE TABLE IF NOT EXISTS word_import (word ANY, freq ANY, tag ANY) STRICT;

CREATE TRIGGER IF NOT EXISTS word_import_insert AFTER INSERT ON word_import
BEGIN
    INSERT INTO words (word, freq, tag)
    SELECT trim(NEW.word), nullif(NEW.freq, ''), trim(ifnull(NEW.tag, ''))
    WHERE trim(ifnull(NEW.word, '')) <> '' AND (NEW.word <> 'word' OR NEW.freq IS NOT 'freq')
    ON CONFLICT (word) DO UPDATE SET freq = ifnull(excluded.freq, freq), tag = ifnull(nullif(excluded.tag, ''), tag);
    DELETE FROM word_import;
END;
