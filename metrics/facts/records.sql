-- The store's rows as known on the cut-off, narrow: a number for each person, a day number (days since 1970) for each date.
-- What happened after the cut-off is not known yet: later rows do not exist, later ends are open.

CREATE OR REPLACE TEMP TABLE person_number AS
SELECT person_key, CAST(row_number() OVER (ORDER BY person_key) AS INTEGER) AS person
FROM (
    SELECT person_key FROM person
    UNION SELECT person_key FROM offence
    UNION SELECT person_key FROM custody_spell
    UNION SELECT person_key FROM scheme_episode
    UNION SELECT person_key FROM intervention_spell
    UNION SELECT person_key FROM cohort_member
) AS everybody;

CREATE OR REPLACE TEMP TABLE who AS
SELECT n.person, p.sex, p.ethnicity, p.date_of_birth, p.sanctions_before,
    CASE WHEN p.date_of_death <= s.cutoff THEN CAST(date_diff('day', DATE '1970-01-01', p.date_of_death) AS INTEGER) END AS death_day
FROM person_number AS n JOIN person AS p ON p.person_key = n.person_key CROSS JOIN setting AS s;

-- kind: 1 remand, 2 sentence, 3 recall. ending: 1 released for time served, 2 transferred, 0 any other way or not known.
CREATE OR REPLACE TEMP TABLE spell AS
SELECT n.person, c.sentence_days,
    CASE c.kind WHEN 'remand' THEN 1 WHEN 'sentence' THEN 2 ELSE 3 END AS kind,
    CAST(date_diff('day', DATE '1970-01-01', c.start_date) AS INTEGER) AS start_day,
    CASE WHEN c.end_date <= s.cutoff THEN CAST(date_diff('day', DATE '1970-01-01', c.end_date) AS INTEGER) ELSE 1000000 END AS end_day,
    CASE WHEN c.end_date > s.cutoff THEN 0 WHEN c.release_type = 'time_served' THEN 1 WHEN c.release_type = 'transfer' THEN 2 ELSE 0 END AS ending
FROM custody_spell AS c JOIN person_number AS n ON n.person_key = c.person_key CROSS JOIN setting AS s
WHERE c.start_date <= s.cutoff;

-- Spells that touch or overlap (a gap of one day or less) are one stay; it ended as the last of them did.
CREATE OR REPLACE TEMP TABLE stay AS
WITH reached AS (
    SELECT *, max(end_day) OVER (PARTITION BY person ORDER BY start_day, end_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
    FROM spell
), numbered AS (
    SELECT *, sum(CASE WHEN start_day <= reach + 1 THEN 0 ELSE 1 END) OVER (PARTITION BY person ORDER BY start_day, end_day ROWS UNBOUNDED PRECEDING) AS stay_number
    FROM reached
)
SELECT person, min(start_day) AS start_day, max(end_day) AS end_day, bool_or(kind = 2) AS sentenced, bool_or(kind = 3) AS recalled,
    max(end_day * 4 + ending) % 4 AS ending,
    coalesce(max(CASE WHEN kind = 2 THEN sentence_days END), max(CASE WHEN kind = 3 THEN sentence_days END)) AS sentence_days
FROM numbered GROUP BY person, stay_number;

-- Proven offences: recordable, convicted or cautioned by the cut-off, breaches left out. `occasion` numbers the
-- occasions of a person (offences sentenced together; without a key, proven on one day) in order of proof. An offence was
-- in custody when the source says so, or when its date lies strictly within a stay.
CREATE OR REPLACE TEMP TABLE known AS
SELECT n.person, o.outcome = 'convicted' AS convicted, o.offence_district, o.in_custody, o.sentence_days,
    CAST(date_diff('day', DATE '1970-01-01', o.offence_date) AS INTEGER) AS offence_day,
    CAST(date_diff('day', DATE '1970-01-01', o.proven_date) AS INTEGER) AS proven_day,
    CAST(date_diff('day', DATE '1970-01-01', CASE WHEN o.outcome = 'convicted' THEN coalesce(o.sentence_date, o.proven_date) ELSE o.proven_date END) AS INTEGER) AS court_day,
    CASE WHEN o.outcome = 'cautioned' THEN 'caution' WHEN o.sentence_date > s.cutoff THEN NULL ELSE o.disposal END AS disposal,
    coalesce(o.occasion_key, CAST(o.proven_date AS VARCHAR)) AS occasion_key
FROM offence AS o JOIN person_number AS n ON n.person_key = o.person_key CROSS JOIN setting AS s
WHERE o.outcome IN ('convicted', 'cautioned') AND o.recordable AND NOT o.breach
    AND o.offence_date <= s.cutoff AND o.proven_date <= s.cutoff;

CREATE OR REPLACE TEMP TABLE occasion AS
SELECT person, occasion_key, occasion_day, CAST(row_number() OVER (PARTITION BY person ORDER BY occasion_day, occasion_key) AS INTEGER) AS occasion
FROM (SELECT person, occasion_key, min(proven_day) AS occasion_day FROM known GROUP BY person, occasion_key) AS dated;

CREATE OR REPLACE TEMP TABLE proof AS
WITH inside AS (
    SELECT k.person, k.offence_day FROM known AS k
    JOIN stay AS t ON t.person = k.person AND t.start_day < k.offence_day AND k.offence_day < t.end_day
    GROUP BY k.person, k.offence_day
)
SELECT k.person, k.convicted, k.offence_district, k.sentence_days, k.offence_day, k.proven_day, k.court_day, k.disposal,
    o.occasion, o.occasion_day, k.in_custody OR i.person IS NOT NULL AS in_custody
FROM known AS k
JOIN occasion AS o ON o.person = k.person AND o.occasion_key = k.occasion_key
LEFT JOIN inside AS i ON i.person = k.person AND i.offence_day = k.offence_day;

-- How many occasions a person had been sanctioned on before a day, at each day of sanction.
CREATE OR REPLACE TEMP TABLE sanction AS
SELECT person, occasion_day, min(occasion) - 1 AS before, count(*) AS on_day FROM occasion GROUP BY person, occasion_day;

-- The gravest proof of each day in court, by disposal; then that of the earliest offence.
CREATE OR REPLACE TEMP TABLE court AS
SELECT person, court_day, convicted, disposal, offence_district, sentence_days, occasion_day
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY person, court_day
        ORDER BY CASE disposal WHEN 'custody' THEN 1 WHEN 'suspended' THEN 2 WHEN 'community' THEN 3 WHEN 'fine' THEN 4
            WHEN 'discharge' THEN 5 WHEN 'other' THEN 6 WHEN 'caution' THEN 7 ELSE 8 END, offence_day, offence_district, sentence_days DESC NULLS LAST, occasion_day
    ) AS place
    FROM proof
) AS ordered
WHERE place = 1;

-- Days on which a person was sentenced to custody, for any offence, breaches included.
CREATE OR REPLACE TEMP TABLE custody_sentence AS
SELECT DISTINCT n.person, CAST(date_diff('day', DATE '1970-01-01', coalesce(o.sentence_date, o.proven_date)) AS INTEGER) AS sentence_day
FROM offence AS o JOIN person_number AS n ON n.person_key = o.person_key CROSS JOIN setting AS s
WHERE o.outcome = 'convicted' AND o.disposal = 'custody' AND o.proven_date <= s.cutoff AND coalesce(o.sentence_date, o.proven_date) <= s.cutoff;

CREATE OR REPLACE TEMP TABLE episode AS
SELECT n.person, e.scheme, e.category, e.managing_district, e.exit_reason,
    CAST(date_diff('day', DATE '1970-01-01', e.start_date) AS INTEGER) AS start_day,
    CASE WHEN e.end_date <= s.cutoff THEN CAST(date_diff('day', DATE '1970-01-01', e.end_date) AS INTEGER) ELSE 1000000 END AS end_day
FROM scheme_episode AS e JOIN person_number AS n ON n.person_key = e.person_key CROSS JOIN setting AS s
WHERE e.start_date <= s.cutoff AND (e.end_date IS NULL OR e.end_date > e.start_date);
