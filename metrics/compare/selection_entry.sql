-- Each person's first scored decision whether to select them, by each version of the score, as entries for state.sql and
-- outcome.sql. Needs records.sql, entry.sql and selection_setting(join_days).
-- Later decisions are left out, as who comes back for one depends on the first. So are people in custody on the day, for
-- whom thresholds are bent.

-- What people joined: schemes and programmes.
CREATE OR REPLACE TEMP TABLE joining AS
SELECT person_key, 'scheme' AS kind, scheme AS subject, start_day, end_day FROM episode
UNION ALL
SELECT i.person_key, 'programme', i.programme, CAST(i.started_on - DATE '1970-01-01' AS INTEGER),
    CASE WHEN i.ended_on <= s.cutoff THEN CAST(i.ended_on - DATE '1970-01-01' AS INTEGER) ELSE 1000000 END
FROM intervention_spell AS i CROSS JOIN setting AS s
WHERE i.started_on <= s.cutoff;

CREATE OR REPLACE TEMP TABLE decision AS
WITH scored AS (
    SELECT d.person_key, CAST(d.decided_on - DATE '1970-01-01' AS INTEGER) AS day, d.score - d.threshold AS distance, d.district,
        coalesce(d.score_version, '') AS version,
        row_number() OVER (PARTITION BY d.person_key, d.score_version ORDER BY d.decided_on, d.score DESC, d.threshold, d.district) AS place
    FROM selection_decision AS d CROSS JOIN setting AS s
    WHERE d.decision IN ('selected', 'not_selected') AND d.score IS NOT NULL AND d.threshold IS NOT NULL AND d.decided_on <= s.cutoff
)
SELECT d.version, d.person_key, d.day, d.distance, d.district
FROM scored AS d
LEFT JOIN who AS w ON w.person_key = d.person_key
WHERE d.place = 1 AND (w.death_day IS NULL OR w.death_day > d.day)
    AND NOT EXISTS (SELECT 1 FROM stay AS t WHERE t.person_key = d.person_key AND t.start_day <= d.day AND d.day < t.end_day);

-- What each joined within so many days, and what they were on already.
CREATE OR REPLACE TEMP TABLE decision_joined AS
SELECT d.version, d.person_key,
    list(DISTINCT j.kind || ':' || j.subject) FILTER (j.start_day >= d.day) AS joined,
    list(DISTINCT j.kind || ':' || j.subject) FILTER (j.start_day < d.day) AS already
FROM decision AS d CROSS JOIN selection_setting AS p
JOIN joining AS j ON j.person_key = d.person_key AND j.start_day <= d.day + p.join_days AND j.end_day > d.day
GROUP BY d.version, d.person_key;

INSERT INTO entry (basis, person_key, day, kind, disposal, quarter_number)
SELECT DISTINCT 'selection', person_key, day, 4, CAST('not_known' AS gravity),
    CAST(year(DATE '1970-01-01' + day) * 4 + quarter(DATE '1970-01-01' + day) - 1 AS INTEGER)
FROM decision;

CREATE OR REPLACE TEMP TABLE moment AS SELECT DISTINCT person_key, day FROM decision;
