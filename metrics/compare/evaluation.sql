-- When each person submitted is evaluated, and on which days everybody else could be. Needs records.sql, entry.sql,
-- evaluation_start(comparison, person_key, treated, start_day, place) and evaluation_setting(first_day, last_day).

-- Everything the police had recorded against a person, proven or not: known from the day of arrest or charge, else of the
-- first hearing, else of proof. Breaches and what is not recordable are left out. `occasion` is as in records.sql.
CREATE OR REPLACE TEMP TABLE known_offence AS
SELECT o.person_key, CAST(o.offence_date - DATE '1970-01-01' AS INTEGER) AS offence_day,
    CAST(coalesce(o.arrest_date, o.first_hearing_date, o.proven_date) - DATE '1970-01-01' AS INTEGER) AS charge_day,
    CASE WHEN o.outcome IN ('convicted', 'cautioned') AND o.proven_date <= s.cutoff
        THEN CAST(o.proven_date - DATE '1970-01-01' AS INTEGER) END AS proven_day,
    o.offence_group, o.offence_code, o.record_source = 'national' AS national, o.in_custody,
    o.outcome = 'convicted' AS convicted, hash(coalesce(o.occasion_key, CAST(o.proven_date AS VARCHAR))) AS occasion
FROM offence AS o CROSS JOIN setting AS s
WHERE o.recordable AND NOT o.breach AND o.offence_date <= s.cutoff;

-- Days on which something brought a person to notice: a charge or arrest, a proof, a release from prison.
CREATE OR REPLACE TEMP TABLE notice AS
SELECT person_key, charge_day AS day FROM known_offence WHERE charge_day IS NOT NULL
UNION SELECT person_key, proven_day FROM known_offence WHERE proven_day IS NOT NULL
UNION SELECT person_key, CAST(arrest_date - DATE '1970-01-01' AS INTEGER) FROM arrest
UNION SELECT person_key, end_day FROM stay WHERE end_day < 1000000;

-- On the day somebody starts, or the day of release when that day finds them in custody. NULL: not released yet, moved
-- elsewhere, or died inside.
CREATE OR REPLACE TEMP TABLE evaluation AS
SELECT e.comparison, e.person_key, e.treated, e.start_day, e.place, t.person_key IS NOT NULL AS inside,
    CASE WHEN t.person_key IS NULL THEN e.start_day WHEN t.end_day < 1000000 AND t.ending <> 2 THEN t.end_day END AS day,
    w.death_day
FROM evaluation_start AS e
LEFT JOIN stay AS t ON t.person_key = e.person_key AND t.start_day <= e.start_day AND e.start_day < t.end_day
LEFT JOIN who AS w ON w.person_key = e.person_key;

-- Everybody's days: one drawn at random in each quarter, by the person and the quarter alone, so that it knows nothing of
-- what comes after. It is moved to the release by the same rule. Only where something brought them to notice in the two
-- years before.
CREATE OR REPLACE TEMP TABLE pool_moment AS
WITH quarter_day AS (
    SELECT year(d) * 4 + quarter(d) - 1 AS quarter_number, CAST(d - DATE '1970-01-01' AS INTEGER) AS start_day,
        CAST(date_diff('day', d, CAST(d + INTERVAL 3 MONTH AS DATE)) AS INTEGER) AS days
    FROM (
        SELECT CAST(unnest(generate_series(date_trunc('quarter', DATE '1970-01-01' + first_day), DATE '1970-01-01' + last_day, INTERVAL 3 MONTH)) AS DATE) AS d
        FROM evaluation_setting
    ) AS starting
), noticed AS (
    SELECT DISTINCT person_key, year(DATE '1970-01-01' + day) * 4 + quarter(DATE '1970-01-01' + day) - 1 AS quarter_number FROM notice
), near AS (
    SELECT DISTINCT n.person_key, q.quarter_number, q.start_day, q.days
    FROM noticed AS n JOIN quarter_day AS q ON q.quarter_number >= n.quarter_number AND q.quarter_number <= n.quarter_number + 9
), drawn AS (
    SELECT person_key, start_day + CAST(hash(person_key, quarter_number) % days AS INTEGER) AS day FROM near
), dated AS (
    SELECT DISTINCT d.person_key,
        CASE WHEN t.person_key IS NULL THEN d.day WHEN t.end_day < 1000000 AND t.ending <> 2 THEN t.end_day END AS day
    FROM drawn AS d
    LEFT JOIN stay AS t ON t.person_key = d.person_key AND t.start_day <= d.day AND d.day < t.end_day
)
SELECT d.person_key, d.day, hash(d.person_key, d.day, 1) AS lot
FROM dated AS d CROSS JOIN evaluation_setting AS s
LEFT JOIN who AS w ON w.person_key = d.person_key
WHERE d.day >= s.first_day AND d.day <= s.last_day AND (w.death_day IS NULL OR w.death_day > d.day);
