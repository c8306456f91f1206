-- Figures that others have measured on AWS and published, with year and source. They are a measure for what is assumed and for what was
-- measured; no bill uses them.
CREATE TABLE public_figure (
    kind         TEXT NOT NULL CHECK (kind IN ('init', 'warm')), -- of the init of a cold start, or of a warm request
    runtime      TEXT NOT NULL, -- what the function was written in, and the runtime of Lambda
    architecture TEXT NOT NULL CHECK (architecture IN ('arm64', 'x86_64')),
    memory_mb    INTEGER NOT NULL,
    year         INTEGER NOT NULL,
    median_ms    REAL NOT NULL,
    p99_ms       REAL,    -- NULL: not known
    n            INTEGER, -- number of samples; NULL: as the source has it
    source       TEXT NOT NULL,
    date         TEXT NOT NULL, -- when it was read
    PRIMARY KEY (kind, runtime, architecture, memory_mb, year, source)
) STRICT, WITHOUT ROWID;

-- Functions that answer "hello world", as ZIP files. The C++ function on provided.al2023 loads shared libraries.
INSERT INTO public_figure (kind, runtime, architecture, memory_mb, year, median_ms, p99_ms, n, source, date)
SELECT 'init', column1, column2, 128, column3, column4, column5, column6,
    'maxday/lambda-perf at 6070b79, every eighth daily file, 60 to 450 samples a year unless n says otherwise', '2026-11-28'
FROM (VALUES
    ('C++, provided.al2', 'arm64', 2023, 10.2, NULL, NULL),
    ('C++, provided.al2', 'x86_64', 2023, 13.6, NULL, NULL),
    ('C++, provided.al2', 'arm64', 2024, 10.2, NULL, NULL),
    ('C++, provided.al2', 'x86_64', 2024, 12.9, NULL, NULL),
    ('C++, provided.al2', 'arm64', 2025, 10.6, NULL, NULL),
    ('C++, provided.al2', 'x86_64', 2025, 12.9, NULL, NULL),
    ('C++, provided.al2', 'arm64', 2026, 12.4, 50, NULL),
    ('C++, provided.al2', 'x86_64', 2026, 14.3, 48, NULL),
    ('C++, provided.al2023', 'arm64', 2023, 13.2, NULL, NULL),
    ('C++, provided.al2023', 'x86_64', 2023, 23.4, NULL, NULL),
    ('C++, provided.al2023', 'arm64', 2024, 11.6, NULL, NULL),
    ('C++, provided.al2023', 'x86_64', 2024, 17.8, NULL, NULL),
    ('C++, provided.al2023', 'arm64', 2025, 13.7, NULL, NULL),
    ('C++, provided.al2023', 'x86_64', 2025, 17.8, NULL, NULL),
    ('C++, provided.al2023', 'arm64', 2026, 48.8, 91, NULL),
    ('C++, provided.al2023', 'x86_64', 2026, 65.4, 111, NULL),
    ('Rust, provided.al2023', 'arm64', 2023, 12.8, NULL, NULL),
    ('Rust, provided.al2023', 'x86_64', 2023, 21.2, NULL, NULL),
    ('Rust, provided.al2023', 'arm64', 2024, 11.1, NULL, NULL),
    ('Rust, provided.al2023', 'x86_64', 2024, 16.2, NULL, NULL),
    ('Rust, provided.al2023', 'arm64', 2025, 11.9, NULL, NULL),
    ('Rust, provided.al2023', 'x86_64', 2025, 15.3, NULL, NULL),
    ('Rust, provided.al2023', 'arm64', 2026, 13.7, 45, NULL),
    ('Rust, provided.al2023', 'x86_64', 2026, 16.4, 47, NULL),
    ('Go, provided.al2023', 'arm64', 2023, 36.1, NULL, NULL),
    ('Go, provided.al2023', 'x86_64', 2023, 47.0, NULL, NULL),
    ('Go, provided.al2023', 'arm64', 2024, 39.6, NULL, NULL),
    ('Go, provided.al2023', 'x86_64', 2024, 48.0, NULL, NULL),
    ('Go, provided.al2023', 'arm64', 2025, 40.9, NULL, NULL),
    ('Go, provided.al2023', 'x86_64', 2025, 49.2, NULL, NULL),
    ('Go, provided.al2023', 'arm64', 2026, 41.7, 47, NULL),
    ('Go, provided.al2023', 'x86_64', 2026, 50.8, 74, NULL),
    ('Python 3.12', 'arm64', 2023, 75, NULL, 10),
    ('Python 3.12', 'x86_64', 2023, 114, NULL, 10),
    ('Python 3.12', 'arm64', 2024, 81, NULL, NULL),
    ('Python 3.12', 'x86_64', 2024, 89, NULL, NULL),
    ('Python 3.12', 'arm64', 2025, 86, NULL, NULL),
    ('Python 3.12', 'x86_64', 2025, 90, NULL, NULL),
    ('Python 3.12', 'arm64', 2026, 81, 197, NULL),
    ('Python 3.12', 'x86_64', 2026, 91, 151, NULL),
    ('Node.js 20', 'arm64', 2023, 131, NULL, NULL),
    ('Node.js 20', 'x86_64', 2023, 142, NULL, NULL),
    ('Node.js 20', 'arm64', 2024, 135, NULL, NULL),
    ('Node.js 20', 'x86_64', 2024, 140, NULL, NULL),
    ('Node.js 20', 'arm64', 2025, 137, NULL, NULL),
    ('Node.js 20', 'x86_64', 2025, 145, NULL, NULL),
    ('Node.js 20', 'arm64', 2026, 125, 176, NULL),
    ('Node.js 20', 'x86_64', 2026, 147, 202, NULL),
    ('Java 21', 'arm64', 2023, 263, NULL, NULL),
    ('Java 21', 'x86_64', 2023, 297, NULL, NULL),
    ('Java 21', 'arm64', 2024, 268, NULL, NULL),
    ('Java 21', 'x86_64', 2024, 260, NULL, NULL),
    ('Java 21', 'arm64', 2025, 271, NULL, NULL),
    ('Java 21', 'x86_64', 2025, 257, NULL, NULL),
    ('Java 21', 'arm64', 2026, 241, 505, NULL),
    ('Java 21', 'x86_64', 2026, 250, 632, NULL));

