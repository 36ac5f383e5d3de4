-- The store's rows as known on the cut-off, narrow: a day number (days since 1970) for each date, a code for each word.
-- What happened after the cut-off is not known yet: later rows do not exist, later ends are open.

-- Every word that describes a person or an offence, so that the working tables hold a code of a byte or two for each.
CREATE OR REPLACE TEMP TYPE word AS ENUM (
    SELECT word FROM (
        SELECT unnest(['none', 'not_known', 'statutory', 'not_statutory', 'release', 'conviction', 'caution', 'named', 'yes', 'no', 'child', 'adult',
            '10-14', '15-17', '18-20', '21-24', '25-29', '30-34', '35-39', '40-49', '50+', '0', '1-2', '3-6', '7-10', '11+',
            'not_custody', 'under_12_months', '12_months_to_4_years', '4_years_or_more',
            '0-24', '25-49', '50-74', '75-89', '90+', 'not_scorable']) AS word
        UNION SELECT category FROM ogrs_offence
        UNION SELECT offence_district FROM offence UNION SELECT district FROM residence
        UNION SELECT managing_district FROM scheme_episode UNION SELECT category FROM scheme_episode
        UNION SELECT value FROM scheme_state UNION SELECT sex FROM person UNION SELECT ethnicity FROM person
    ) AS said WHERE word IS NOT NULL ORDER BY word
);

-- Disposals, the gravest first.
CREATE OR REPLACE TEMP TYPE gravity AS ENUM ('custody', 'suspended', 'community', 'fine', 'discharge', 'other', 'caution', 'not_known');

CREATE OR REPLACE TEMP TABLE who AS
SELECT p.person_key, CAST(p.sex AS word) AS sex, CAST(p.ethnicity AS word) AS ethnicity, p.date_of_birth,
    CAST(p.sanctions_before AS INTEGER) AS sanctions_before,
    CASE WHEN p.first_sanction_date <= s.cutoff THEN CAST(p.first_sanction_date - DATE '1970-01-01' AS INTEGER) END AS first_sanction_day,
    CASE WHEN p.date_of_death <= s.cutoff THEN CAST(p.date_of_death - DATE '1970-01-01' AS INTEGER) END AS death_day
FROM person AS p CROSS JOIN setting AS s;

-- Spells that touch or overlap (a gap of one day or less) are one stay; it ended as the last of them did.
-- kind: 1 remand, 2 sentence, 3 recall. ending: 1 released for time served, 2 transferred, 0 any other way or not known.
CREATE OR REPLACE TEMP TABLE stay AS
WITH spell AS (
    SELECT c.person_key, CAST(c.sentence_days AS INTEGER) AS sentence_days,
        CASE c.kind WHEN 'remand' THEN 1 WHEN 'sentence' THEN 2 ELSE 3 END AS kind,
        CAST(c.start_date - DATE '1970-01-01' AS INTEGER) AS start_day,
        CASE WHEN c.end_date <= s.cutoff THEN CAST(c.end_date - DATE '1970-01-01' AS INTEGER) ELSE 1000000 END AS end_day,
        CASE WHEN c.end_date > s.cutoff THEN 0 WHEN c.release_type = 'time_served' THEN 1 WHEN c.release_type = 'transfer' THEN 2 ELSE 0 END AS ending
    FROM custody_spell AS c CROSS JOIN setting AS s
    WHERE c.start_date <= s.cutoff
), reached AS (
    SELECT *, max(end_day) OVER (PARTITION BY person_key ORDER BY start_day, end_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
    FROM spell
), numbered AS (
    SELECT *, sum(CASE WHEN start_day <= reach + 1 THEN 0 ELSE 1 END) OVER (PARTITION BY person_key ORDER BY start_day, end_day ROWS UNBOUNDED PRECEDING) AS stay_number
    FROM reached
)
SELECT person_key, min(start_day) AS start_day, max(end_day) AS end_day, bool_or(kind = 2) AS sentenced, bool_or(kind = 3) AS recalled,
    max(end_day * 4 + ending) % 4 AS ending,
    coalesce(max(CASE WHEN kind = 2 THEN sentence_days END), max(CASE WHEN kind = 3 THEN sentence_days END)) AS sentence_days
FROM numbered GROUP BY person_key, stay_number;

-- Proven offences: recordable, convicted or cautioned by the cut-off, breaches left out. `occasion` stands for the
-- offences of a person sentenced together (without a key, proven on one day); a 64-bit hash, told apart within a person only.
-- `ogrs` is the offence's category in OGRS3 (metrics/ogrs3.py), null where its code does not tell.
-- `severity` (hundredths of a point) and `acquisitive` are what metrics/offences.py makes of its code and group.
-- An offence was in custody when the source says so, or strictly within a stay.
CREATE OR REPLACE TEMP TABLE proof AS
WITH known AS (
    SELECT o.person_key, o.outcome = 'convicted' AS convicted, CAST(o.offence_district AS word) AS offence_district, o.in_custody,
        CAST(o.sentence_days AS INTEGER) AS sentence_days,
        CAST(o.offence_date - DATE '1970-01-01' AS INTEGER) AS offence_day,
        CAST(o.proven_date - DATE '1970-01-01' AS INTEGER) AS proven_day,
        CAST(CASE WHEN o.outcome = 'convicted' THEN coalesce(o.sentence_date, o.proven_date) ELSE o.proven_date END - DATE '1970-01-01' AS INTEGER) AS court_day,
        CAST(CASE WHEN o.outcome = 'cautioned' THEN 'caution' WHEN o.sentence_date > s.cutoff THEN NULL ELSE o.disposal END AS gravity) AS disposal,
        hash(coalesce(o.occasion_key, CAST(o.proven_date AS VARCHAR))) AS occasion, CAST(g.category AS word) AS ogrs, n.severity, n.acquisitive
    FROM offence AS o CROSS JOIN setting AS s
    JOIN offence_kind AS n ON n.offence_code = coalesce(o.offence_code, '') AND n.offence_group = o.offence_group
    LEFT JOIN ogrs_code AS g ON g.offence_code = o.offence_code
    WHERE o.outcome IN ('convicted', 'cautioned') AND o.recordable AND NOT o.breach
        AND o.offence_date <= s.cutoff AND o.proven_date <= s.cutoff
)
SELECT k.person_key, k.convicted, k.offence_district, k.sentence_days, k.offence_day, k.proven_day, k.court_day, k.disposal, k.occasion, k.ogrs,
    k.severity, k.acquisitive,
    k.in_custody OR EXISTS (
        SELECT 1 FROM stay AS t WHERE t.person_key = k.person_key AND t.start_day < k.offence_day AND k.offence_day < t.end_day
    ) AS in_custody
FROM known AS k;

-- Each occasion of sanction on its first day of proof, and how many of the person's occasions were on days before it.
CREATE OR REPLACE TEMP TABLE occasion AS
SELECT person_key, occasion, occasion_day, convicted, CAST(rank() OVER (PARTITION BY person_key ORDER BY occasion_day) - 1 AS INTEGER) AS before
FROM (
    SELECT person_key, occasion, min(proven_day) AS occasion_day, bool_or(convicted) AS convicted FROM proof GROUP BY person_key, occasion
) AS dated;

-- The gravest proof of each day in court, by disposal; then that of the earliest offence.
CREATE OR REPLACE TEMP TABLE court AS
SELECT person_key, court_day, convicted, disposal, offence_district, sentence_days, offence_day, before, proven_day, ogrs
FROM (
    SELECT p.*, o.before, row_number() OVER (
        PARTITION BY p.person_key, p.court_day
        ORDER BY p.disposal NULLS LAST, p.offence_day, p.offence_district, p.sentence_days DESC NULLS LAST, o.before, p.ogrs NULLS LAST, p.proven_day
    ) AS place
    FROM proof AS p JOIN occasion AS o ON o.person_key = p.person_key AND o.occasion = p.occasion
) AS ordered
WHERE place = 1;

-- Days on which a person was sentenced to custody, for any offence, breaches included.
CREATE OR REPLACE TEMP TABLE custody_sentence AS
SELECT DISTINCT o.person_key, CAST(coalesce(o.sentence_date, o.proven_date) - DATE '1970-01-01' AS INTEGER) AS sentence_day
FROM offence AS o CROSS JOIN setting AS s
WHERE o.outcome = 'convicted' AND o.disposal = 'custody' AND o.proven_date <= s.cutoff AND coalesce(o.sentence_date, o.proven_date) <= s.cutoff;

CREATE OR REPLACE TEMP TABLE episode AS
SELECT e.person_key, e.scheme, CAST(e.category AS word) AS category, CAST(e.managing_district AS word) AS managing_district, e.exit_reason,
    CAST(e.start_date - DATE '1970-01-01' AS INTEGER) AS start_day,
    CASE WHEN e.end_date <= s.cutoff THEN CAST(e.end_date - DATE '1970-01-01' AS INTEGER) ELSE 1000000 END AS end_day
FROM scheme_episode AS e CROSS JOIN setting AS s
WHERE e.start_date <= s.cutoff AND (e.end_date IS NULL OR e.end_date > e.start_date);
