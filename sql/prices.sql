-- Published prices in US dollars, without tax. Edit them with SQL.
--
-- An item that is cheaper in large quantities has a row for each tier; `above` is the monthly quantity at which the tier begins.
-- `status` says how reliable a row is:
--   aws       from AWS itself
--   reported  from several third-party sources, which agree
--   conflict  from third-party sources that disagree: see the note
--   weak      from a single third-party source
CREATE TABLE price (
    region TEXT NOT NULL,
    item   TEXT NOT NULL,
    above  REAL NOT NULL DEFAULT 0 CHECK (above >= 0),
    usd    REAL NOT NULL CHECK (usd >= 0),
    unit   TEXT NOT NULL,
    source TEXT NOT NULL,
    date   TEXT NOT NULL CHECK (date IS date(date)), -- day on which the source was read
    status TEXT NOT NULL CHECK (status IN ('aws', 'reported', 'conflict', 'weak')),
    note   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (region, item, above)
) STRICT, WITHOUT ROWID;

-- Quantities that are free each month: always, or in an account's first twelve months.
CREATE TABLE allowance (
    item       TEXT PRIMARY KEY,
    quantity   REAL NOT NULL CHECK (quantity > 0),
    first_year INTEGER NOT NULL CHECK (first_year IN (0, 1)),
    source     TEXT NOT NULL,
    date       TEXT NOT NULL CHECK (date IS date(date)),
    status     TEXT NOT NULL CHECK (status IN ('aws', 'reported', 'conflict', 'weak')),
    note       TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- Types of VMs. The item 'vm.' || name has the price of an hour. `baseline` is the share of each vCPU that a burstable VM can use
-- without limit.
CREATE TABLE instance (
    name         TEXT PRIMARY KEY,
    architecture TEXT NOT NULL CHECK (architecture IN ('x86_64', 'arm64')),
    vcpus        INTEGER NOT NULL CHECK (vcpus > 0),
    memory_mb    INTEGER NOT NULL CHECK (memory_mb > 0),
    baseline     REAL NOT NULL DEFAULT 1 CHECK (baseline > 0 AND baseline <= 1)
) STRICT, WITHOUT ROWID;

INSERT INTO price (region, item, above, usd, unit, source, date, status, note) VALUES
    ('us-east-1', 'lambda.request', 0, 0.0000002, 'request',
        'AWS whitepaper How AWS Pricing Works', '2026-11-25', 'aws', ''),
    ('us-east-1', 'lambda.compute.x86_64', 0, 0.0000166667, 'GB-s',
        'AWS whitepaper How AWS Pricing Works, which rounds it; cloudchipr', '2026-11-25', 'aws', ''),
    ('us-east-1', 'lambda.compute.x86_64', 6e9, 0.000015, 'GB-s',
        'AWS blog Introducing tiered pricing for AWS Lambda: 10 % less', '2026-11-25', 'aws', ''),
    ('us-east-1', 'lambda.compute.x86_64', 15e9, 0.0000133334, 'GB-s',
        'AWS blog Introducing tiered pricing for AWS Lambda: 20 % less', '2026-11-25', 'aws', ''),
    ('us-east-1', 'lambda.compute.arm64', 0, 0.0000133334, 'GB-s',
        'cloudchipr', '2026-11-25', 'reported', ''),
    ('us-east-1', 'lambda.compute.arm64', 7.5e9, 0.0000120001, 'GB-s',
        'cloudchipr; AWS blog Introducing tiered pricing for AWS Lambda: 10 % less', '2026-11-25', 'reported', ''),
    ('us-east-1', 'lambda.compute.arm64', 18.75e9, 0.0000106667, 'GB-s',
        'AWS blog Introducing tiered pricing for AWS Lambda: 20 % less', '2026-11-25', 'reported', ''),
    ('us-east-1', 'gateway.http', 0, 0.000001, '512 KB',
        'AWS whitepaper Best practices for API Gateway private APIs', '2026-11-25', 'aws', ''),
    ('us-east-1', 'gateway.http', 300e6, 0.0000009, '512 KB',
        'AWS whitepaper Best practices for API Gateway private APIs', '2026-11-25', 'aws', ''),
    ('us-east-1', 'gateway.rest', 0, 0.0000035, 'request',
        'AWS whitepaper Best practices for API Gateway private APIs', '2026-11-25', 'aws', 'other sources end the first tier at 300 M'),
    ('us-east-1', 'gateway.rest', 333e6, 0.0000028, 'request',
        'AWS whitepaper Best practices for API Gateway private APIs', '2026-11-25', 'aws', ''),
    ('us-east-1', 'gateway.rest', 1e9, 0.00000238, 'request',
        'AWS whitepaper Best practices for API Gateway private APIs', '2026-11-25', 'aws', ''),
    ('us-east-1', 'gateway.rest', 20e9, 0.00000151, 'request',
        'AWS whitepaper Best practices for API Gateway private APIs', '2026-11-25', 'aws', ''),
    ('us-east-1', 'gateway.url', 0, 0, 'request',
        'several sources: a function URL has no fee of its own', '2026-11-25', 'reported', ''),
    ('us-east-1', 'logs', 0, 0.50, 'GB',
        'c3x.dev, hykell.com, duckbillgroup.com', '2026-11-25', 'reported', 'cheaper in large volumes, which are not listed here'),
    ('us-east-1', 'transfer', 0, 0.09, 'GB',
        'atonementlicensing.com, wring.co; a bill shown on repost.aws', '2026-11-25', 'reported', ''),
    ('us-east-1', 'transfer', 10e3, 0.085, 'GB',
        'atonementlicensing.com, wring.co', '2026-11-25', 'reported', ''),
    ('us-east-1', 'transfer', 50e3, 0.07, 'GB',
        'atonementlicensing.com, wring.co', '2026-11-25', 'conflict', 'one source has 0.07 from 150 TB on'),
    ('us-east-1', 'transfer', 150e3, 0.05, 'GB',
        'atonementlicensing.com, wring.co', '2026-11-25', 'conflict', 'one source has 0.07 from 150 TB on'),
    ('us-east-1', 'ipv4', 0, 0.005, 'hour',
        'doit.com, community.aws, and others', '2026-11-25', 'reported', ''),
    ('us-east-1', 'disk', 0, 0.08, 'GB-month',
        'saisci.com, cloud-bench.com; AWS prescriptive guidance: 20 % less than gp2', '2026-11-25', 'reported', 'gp3'),
    ('us-east-1', 'vm.t4g.nano', 0, 0.0042, 'hour',
        'about nine price tables in public code, none from AWS', '2026-11-25', 'reported', ''),
    ('us-east-1', 'vm.t4g.micro', 0, 0.0084, 'hour',
        'about nine price tables in public code, none from AWS', '2026-11-25', 'reported', ''),
    ('us-east-1', 'vm.t4g.small', 0, 0.0168, 'hour',
        'about nine price tables in public code, none from AWS', '2026-11-25', 'reported', 'a free trial of 750 h a month reportedly ends on 2026-12-31'),
    ('us-east-1', 'vm.t4g.medium', 0, 0.0336, 'hour',
        'about nine price tables in public code, none from AWS', '2026-11-25', 'reported', ''),
    ('us-east-1', 'vm.t3.nano', 0, 0.0052, 'hour',
        'about nine price tables in public code, none from AWS', '2026-11-25', 'reported', ''),
    ('us-east-1', 'vm.t3.micro', 0, 0.0104, 'hour',
        'about nine price tables in public code, none from AWS', '2026-11-25', 'reported', ''),
    ('us-east-1', 'vm.t3.small', 0, 0.0208, 'hour',
        'about nine price tables in public code, none from AWS', '2026-11-25', 'reported', ''),
    ('us-east-1', 'vm.t3.medium', 0, 0.0416, 'hour',
        'about nine price tables in public code, none from AWS', '2026-11-25', 'reported', ''),
    ('us-east-1', 'vm.c7g.medium', 0, 0.0363, 'hour',
        'about nine price tables in public code, none from AWS', '2026-11-25', 'conflict', 'one of ten sources says 0.0346'),
    ('us-east-1', 'vm.c7g.large', 0, 0.0725, 'hour',
        'about nine price tables in public code, none from AWS', '2026-11-25', 'conflict', 'one of ten sources says 0.0692');

INSERT INTO allowance (item, quantity, first_year, source, date, status, note) VALUES
    ('lambda.request', 1000000, 0, 'AWS pricing page', '2026-11-25', 'aws', ''),
    ('lambda.compute', 400000, 0, 'AWS pricing page', '2026-11-25', 'aws', 'GB-s, both architectures together'),
    ('logs', 5, 0, 'AWS pricing page of CloudWatch', '2026-11-25', 'aws', 'GB; stored and searched data count, too'),
    ('transfer', 100, 0, 'lastweekinaws.com, awsnegotiations.com; apigatewaycost says 1 GB', '2026-11-25', 'conflict', 'GB'),
    ('gateway.http', 1000000, 1, 'AWS pricing page of API Gateway', '2026-11-25', 'conflict',
        'accounts from 2025-07-15 on reportedly get credits instead'),
    ('gateway.rest', 1000000, 1, 'AWS pricing page of API Gateway', '2026-11-25', 'conflict',
        'accounts from 2025-07-15 on reportedly get credits instead');

-- The baselines, and the sizes of t3, are from AWS's EC2 user guide ("Key concepts for burstable performance instances"). The
-- sizes of t4g and c7g are from third-party sources.
INSERT INTO instance (name, architecture, vcpus, memory_mb, baseline) VALUES
    ('t4g.nano', 'arm64', 2, 512, 0.05), ('t4g.micro', 'arm64', 2, 1024, 0.1),
    ('t4g.small', 'arm64', 2, 2048, 0.2), ('t4g.medium', 'arm64', 2, 4096, 0.2),
    ('t3.nano', 'x86_64', 2, 512, 0.05), ('t3.micro', 'x86_64', 2, 1024, 0.1),
    ('t3.small', 'x86_64', 2, 2048, 0.2), ('t3.medium', 'x86_64', 2, 4096, 0.2),
    ('c7g.medium', 'arm64', 1, 2048, 1), ('c7g.large', 'arm64', 2, 4096, 1);
