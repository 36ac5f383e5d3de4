-- Index events, and which of them enters each cohort. kind: 1 release, 2 conviction, 3 caution, 4 named; on one day, in that order.

-- Prison releases from a sentence: the stay held one, and it did not end in a transfer or in death. A stay on remand
-- alone counts when the court let the person go for time served, on the day of sentence. A recall alone never counts.
CREATE OR REPLACE TEMP TABLE release_day AS
WITH ended AS (
    SELECT t.person, t.start_day, t.end_day, t.sentenced, t.recalled, t.ending, t.sentence_days, max(c.sentence_day) AS sentence_day
    FROM stay AS t
    LEFT JOIN who AS w ON w.person = t.person
    LEFT JOIN custody_sentence AS c ON c.person = t.person AND c.sentence_day >= t.start_day AND c.sentence_day <= t.end_day
    WHERE t.end_day < 1000000 AND t.ending <> 2 AND (w.death_day IS NULL OR w.death_day > t.end_day)
    GROUP BY t.person, t.start_day, t.end_day, t.sentenced, t.recalled, t.ending, t.sentence_days
), counted AS (
    SELECT person, start_day, sentence_days,
        CASE WHEN sentenced THEN end_day
            WHEN recalled THEN NULL
            WHEN ending = 1 THEN coalesce(sentence_day, end_day)
            WHEN sentence_day = end_day THEN end_day END AS day
    FROM ended
), sentence AS (
    SELECT r.person, r.start_day, r.day, r.sentence_days, c.offence_district, c.occasion_day, c.sentence_days AS court_days,
        row_number() OVER (PARTITION BY r.person, r.day, r.start_day ORDER BY c.court_day DESC) AS place
    FROM counted AS r
    LEFT JOIN court AS c ON c.person = r.person AND c.disposal = 'custody' AND c.court_day >= r.start_day - 1 AND c.court_day <= r.day
    WHERE r.day IS NOT NULL
)
SELECT person, day, start_day, offence_district, occasion_day, coalesce(sentence_days, court_days) AS sentence_days
FROM sentence WHERE place = 1;

CREATE OR REPLACE TEMP TABLE candidate AS
SELECT person, day, 1 AS kind, 'custody' AS disposal, offence_district, sentence_days, occasion_day, start_day FROM release_day
UNION ALL
SELECT c.person, c.court_day, CASE WHEN c.convicted THEN 2 ELSE 3 END, c.disposal, c.offence_district, NULL, c.occasion_day, NULL
FROM court AS c
LEFT JOIN custody_sentence AS s ON s.person = c.person AND s.sentence_day = c.court_day
WHERE c.disposal IS NOT NULL AND c.disposal <> 'custody' AND s.person IS NULL;

-- The first index event in the quarter; for schemes the first while an episode is open.
CREATE OR REPLACE TEMP TABLE entry AS
WITH dated AS (
    SELECT *, CAST(year(DATE '1970-01-01' + day) * 4 + quarter(DATE '1970-01-01' + day) - 1 AS INTEGER) AS quarter_number FROM candidate
), on_scheme AS (
    SELECT d.person, d.day, d.kind FROM dated AS d JOIN episode AS e ON e.person = d.person AND e.start_day <= d.day AND d.day < e.end_day
    GROUP BY d.person, d.day, d.kind
), placed AS (
    SELECT 'area' AS basis, d.*, row_number() OVER (PARTITION BY d.person, d.quarter_number ORDER BY d.day, d.kind) AS place
    FROM dated AS d WHERE EXISTS (SELECT 1 FROM chosen_cohort AS c WHERE c.basis = 'area')
    UNION ALL
    SELECT 'scheme', d.*, row_number() OVER (PARTITION BY d.person, d.quarter_number ORDER BY d.day, d.kind)
    FROM dated AS d JOIN on_scheme AS o ON o.person = d.person AND o.day = d.day AND o.kind = d.kind
    WHERE EXISTS (SELECT 1 FROM chosen_cohort AS c WHERE c.basis = 'scheme')
)
SELECT basis, person, day, kind, disposal, offence_district, sentence_days, occasion_day, start_day, quarter_number, CAST(NULL AS INTEGER) AS age_at_index
FROM placed WHERE place = 1;

INSERT INTO entry
WITH member AS (
    SELECT m.cohort, n.person, m.index_date, m.age_at_index,
        CAST(date_diff('day', DATE '1970-01-01', m.index_date) AS INTEGER) AS day,
        row_number() OVER (PARTITION BY m.cohort, n.person, year(m.index_date) * 4 + quarter(m.index_date) ORDER BY m.index_date, m.age_at_index) AS place
    FROM cohort_member AS m
    JOIN chosen_cohort AS c ON c.basis = m.cohort
    JOIN person_number AS n ON n.person_key = m.person_key
    CROSS JOIN setting AS s
    WHERE m.index_date <= s.cutoff
)
SELECT m.cohort, m.person, m.day, 4, coalesce(c.disposal, 'not_known'), c.offence_district,
    CASE WHEN c.disposal = 'custody' THEN c.sentence_days END, c.occasion_day, NULL,
    CAST(year(m.index_date) * 4 + quarter(m.index_date) - 1 AS INTEGER), m.age_at_index
FROM member AS m LEFT JOIN court AS c ON c.person = m.person AND c.court_day = m.day
WHERE m.place = 1;

CREATE OR REPLACE TEMP TABLE moment AS SELECT person, day FROM entry GROUP BY person, day;
