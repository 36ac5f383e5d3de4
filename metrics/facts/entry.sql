-- Index events, and which of them enters each cohort. kind: 1 release, 2 conviction, 3 caution, 4 named; on one day, in that order.

-- Prison releases from a sentence: the stay held one, and it did not end in a transfer or in death. A stay on remand
-- alone counts when the court let the person go for time served, on the day of sentence. A recall alone never counts.
CREATE OR REPLACE TEMP TABLE release_day AS
WITH ended AS (
    SELECT t.person_key, t.start_day, t.end_day, t.sentenced, t.ending, t.sentence_days
    FROM stay AS t
    LEFT JOIN who AS w ON w.person_key = t.person_key
    WHERE t.end_day < 1000000 AND t.ending <> 2 AND (t.sentenced OR NOT t.recalled) AND (w.death_day IS NULL OR w.death_day > t.end_day)
), remanded AS (
    SELECT t.person_key, t.start_day, t.sentence_days, t.end_day, t.ending, max(c.sentence_day) AS sentence_day
    FROM ended AS t
    LEFT JOIN custody_sentence AS c ON c.person_key = t.person_key AND c.sentence_day >= t.start_day AND c.sentence_day <= t.end_day
    WHERE NOT t.sentenced
    GROUP BY t.person_key, t.start_day, t.sentence_days, t.end_day, t.ending
), counted AS (
    SELECT person_key, start_day, end_day AS day, sentence_days FROM ended WHERE sentenced
    UNION ALL
    SELECT person_key, start_day, CASE WHEN ending = 1 THEN coalesce(sentence_day, end_day) ELSE end_day END, sentence_days
    FROM remanded WHERE ending = 1 OR sentence_day = end_day
), sentence AS (
    SELECT r.person_key, r.start_day, max(c.court_day) AS court_day
    FROM counted AS r
    JOIN court AS c ON c.person_key = r.person_key AND c.disposal = 'custody' AND c.court_day >= r.start_day - 1 AND c.court_day <= r.day
    GROUP BY r.person_key, r.start_day
)
SELECT r.person_key, r.day, r.start_day, c.offence_district, c.before, coalesce(r.sentence_days, c.sentence_days) AS sentence_days
FROM counted AS r
LEFT JOIN sentence AS s ON s.person_key = r.person_key AND s.start_day = r.start_day
LEFT JOIN court AS c ON c.person_key = s.person_key AND c.court_day = s.court_day;

-- Time served in an earlier, separate stay: sentenced to custody while free, and half the sentence or more had been spent
-- on remand since the offence; no stay holds the day of sentence or begins on the next.
INSERT INTO release_day
SELECT c.person_key, c.court_day, c.court_day, c.offence_district, c.before, c.sentence_days
FROM court AS c
JOIN stay AS r ON r.person_key = c.person_key AND NOT r.sentenced AND NOT r.recalled AND r.start_day >= c.offence_day AND r.end_day < c.court_day
LEFT JOIN who AS w ON w.person_key = c.person_key
CROSS JOIN setting AS s
WHERE c.disposal = 'custody' AND c.court_day <= s.cutoff_day AND (w.death_day IS NULL OR w.death_day > c.court_day)
    AND NOT EXISTS (SELECT 1 FROM stay AS t WHERE t.person_key = c.person_key AND t.start_day <= c.court_day + 1 AND t.end_day >= c.court_day)
GROUP BY c.person_key, c.court_day, c.offence_district, c.before, c.sentence_days
HAVING sum(r.end_day - r.start_day) * 2 >= c.sentence_days;

-- The first index event in the quarter; for schemes the first while an episode is open.
CREATE OR REPLACE TEMP TABLE entry AS
WITH candidate AS (
    SELECT person_key, day, 1 AS kind, CAST('custody' AS gravity) AS disposal, offence_district, sentence_days, before, start_day FROM release_day
    UNION ALL
    SELECT c.person_key, c.court_day, CASE WHEN c.convicted THEN 2 ELSE 3 END, c.disposal, c.offence_district, NULL, c.before, NULL
    FROM court AS c
    WHERE c.disposal <> 'custody'
        AND NOT EXISTS (SELECT 1 FROM custody_sentence AS s WHERE s.person_key = c.person_key AND s.sentence_day = c.court_day)
), placed AS (
    SELECT 'area' AS basis, d.* FROM candidate AS d WHERE EXISTS (SELECT 1 FROM chosen_cohort AS c WHERE c.basis = 'area')
    UNION ALL
    SELECT 'scheme', d.* FROM candidate AS d
    WHERE EXISTS (SELECT 1 FROM chosen_cohort AS c WHERE c.basis = 'scheme')
        AND EXISTS (SELECT 1 FROM episode AS e WHERE e.person_key = d.person_key AND e.start_day <= d.day AND d.day < e.end_day)
), dated AS (
    SELECT *, CAST(year(DATE '1970-01-01' + day) * 4 + quarter(DATE '1970-01-01' + day) - 1 AS INTEGER) AS quarter_number FROM placed
), ordered AS (
    SELECT *, row_number() OVER (PARTITION BY basis, person_key, quarter_number ORDER BY day, kind) AS place FROM dated
)
SELECT basis, person_key, day, kind, disposal, offence_district, sentence_days, before, start_day, quarter_number, CAST(NULL AS INTEGER) AS age_at_index
FROM ordered WHERE place = 1;

INSERT INTO entry
WITH member AS (
    SELECT m.cohort, m.person_key, CAST(m.age_at_index AS INTEGER) AS age_at_index,
        CAST(m.index_date - DATE '1970-01-01' AS INTEGER) AS day,
        CAST(year(m.index_date) * 4 + quarter(m.index_date) - 1 AS INTEGER) AS quarter_number
    FROM cohort_member AS m
    JOIN chosen_cohort AS c ON c.basis = m.cohort
    CROSS JOIN setting AS s
    WHERE m.index_date <= s.cutoff
), ordered AS (
    SELECT *, row_number() OVER (PARTITION BY cohort, person_key, quarter_number ORDER BY day, age_at_index) AS place FROM member
)
SELECT m.cohort, m.person_key, m.day, 4, coalesce(c.disposal, CAST('not_known' AS gravity)), c.offence_district,
    CASE WHEN c.disposal = 'custody' THEN c.sentence_days END, c.before, NULL, m.quarter_number, m.age_at_index
FROM ordered AS m LEFT JOIN court AS c ON c.person_key = m.person_key AND c.court_day = m.day
WHERE m.place = 1;

CREATE OR REPLACE TEMP TABLE moment AS SELECT person_key, day FROM entry GROUP BY person_key, day;
