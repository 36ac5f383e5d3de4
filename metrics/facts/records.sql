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

-- Spells in custody that touch or overlap (a gap of one day or less) are one stay.
CREATE OR REPLACE TEMP TABLE spell AS
SELECT n.person, c.kind, c.sentence_days,
    CAST(date_diff('day', DATE '1970-01-01', c.start_date) AS INTEGER) AS start_day,
    CASE WHEN c.end_date <= s.cutoff THEN CAST(date_diff('day', DATE '1970-01-01', c.end_date) AS INTEGER) ELSE 1000000 END AS end_day,
    CASE WHEN c.end_date <= s.cutoff THEN c.release_type END AS release_type
FROM custody_spell AS c JOIN person_number AS n ON n.person_key = c.person_key CROSS JOIN setting AS s
WHERE c.start_date <= s.cutoff;

CREATE OR REPLACE TEMP TABLE stay AS
WITH reached AS (
    SELECT *, max(end_day) OVER (PARTITION BY person ORDER BY start_day, end_day, kind ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
    FROM spell
), numbered AS (
    SELECT *, sum(CASE WHEN start_day <= reach + 1 THEN 0 ELSE 1 END) OVER (PARTITION BY person ORDER BY start_day, end_day, kind ROWS UNBOUNDED PRECEDING) AS stay_number
    FROM reached
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY person, stay_number ORDER BY end_day DESC, release_type NULLS LAST) AS last_first
    FROM numbered
)
SELECT person, min(start_day) AS start_day, max(end_day) AS end_day,
    bool_or(kind = 'sentence') AS sentenced, bool_or(kind = 'recall') AS recalled,
    coalesce(max(CASE WHEN last_first = 1 THEN release_type END), 'not_known') AS release_type,
    coalesce(max(CASE WHEN kind = 'sentence' THEN sentence_days END), max(CASE WHEN kind = 'recall' THEN sentence_days END)) AS sentence_days
FROM ranked GROUP BY person, stay_number;

-- Proven offences: recordable, convicted or cautioned by the cut-off, breaches left out. `occasion` numbers the
-- occasions of a person (offences sentenced together; without a key, proven on one day) in order of proof. An offence was
-- in custody when the source says so, or when its date lies strictly within a stay.
CREATE OR REPLACE TEMP TABLE proof AS
WITH known AS (
    SELECT n.person, o.offence_key, o.outcome, o.offence_district, o.in_custody, o.sentence_days,
        CAST(date_diff('day', DATE '1970-01-01', o.offence_date) AS INTEGER) AS offence_day,
        CAST(date_diff('day', DATE '1970-01-01', o.proven_date) AS INTEGER) AS proven_day,
        CAST(date_diff('day', DATE '1970-01-01', CASE WHEN o.outcome = 'convicted' THEN coalesce(o.sentence_date, o.proven_date) ELSE o.proven_date END) AS INTEGER) AS court_day,
        CASE WHEN o.outcome = 'cautioned' THEN 'caution' WHEN o.sentence_date > s.cutoff THEN NULL ELSE o.disposal END AS disposal,
        coalesce(o.occasion_key, CAST(o.proven_date AS VARCHAR)) AS occasion_key
    FROM offence AS o JOIN person_number AS n ON n.person_key = o.person_key CROSS JOIN setting AS s
    WHERE o.outcome IN ('convicted', 'cautioned') AND o.recordable AND NOT o.breach
        AND o.offence_date <= s.cutoff AND o.proven_date <= s.cutoff
), occasioned AS (
    SELECT *, min(proven_day) OVER (PARTITION BY person, occasion_key) AS occasion_day FROM known
), inside AS (
    SELECT k.person, k.offence_day FROM known AS k
    JOIN stay AS t ON t.person = k.person AND t.start_day < k.offence_day AND k.offence_day < t.end_day
    GROUP BY k.person, k.offence_day
)
SELECT o.person, o.offence_key, o.outcome, o.offence_district, o.sentence_days, o.offence_day, o.proven_day, o.court_day, o.disposal, o.occasion_day,
    CAST(dense_rank() OVER (PARTITION BY o.person ORDER BY o.occasion_day, o.occasion_key) AS INTEGER) AS occasion,
    o.in_custody OR i.person IS NOT NULL AS in_custody
FROM occasioned AS o LEFT JOIN inside AS i ON i.person = o.person AND i.offence_day = o.offence_day;

-- How many occasions a person had been sanctioned on before a day, at each day of sanction.
CREATE OR REPLACE TEMP TABLE sanction AS
SELECT person, occasion_day, min(occasion) - 1 AS before, count(DISTINCT occasion) AS on_day FROM proof GROUP BY person, occasion_day;

-- The gravest proof of each day in court, by disposal.
CREATE OR REPLACE TEMP TABLE court AS
SELECT person, court_day, outcome, disposal, offence_district, sentence_days, occasion_day
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY person, court_day
        ORDER BY CASE disposal WHEN 'custody' THEN 1 WHEN 'suspended' THEN 2 WHEN 'community' THEN 3 WHEN 'fine' THEN 4
            WHEN 'discharge' THEN 5 WHEN 'other' THEN 6 WHEN 'caution' THEN 7 ELSE 8 END, offence_day, offence_key
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
