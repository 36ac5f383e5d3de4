-- Each person's first scored decision whether to select them, as entries for state.sql and outcome.sql. Needs records.sql,
-- entry.sql and selection_setting(version, scheme, programme, join_days): a null version or scheme
-- means any; with a programme, joining is starting it.
-- Later decisions are left out, as who comes back for one depends on the first. So are people in custody on the day, for
-- whom thresholds are bent, and people on the scheme already. A decision on the score alone decides no retention.

CREATE OR REPLACE TEMP TABLE joining AS
SELECT e.person_key, e.start_day, e.end_day
FROM episode AS e CROSS JOIN selection_setting AS p
WHERE p.programme IS NULL AND (p.scheme IS NULL OR e.scheme = p.scheme)
UNION ALL
SELECT i.person_key, CAST(i.started_on - DATE '1970-01-01' AS INTEGER),
    CASE WHEN i.ended_on <= s.cutoff THEN CAST(i.ended_on - DATE '1970-01-01' AS INTEGER) ELSE 1000000 END
FROM intervention_spell AS i CROSS JOIN setting AS s CROSS JOIN selection_setting AS p
WHERE i.programme = p.programme AND i.started_on <= s.cutoff;

CREATE OR REPLACE TEMP TABLE decision AS
WITH scored AS (
    SELECT d.person_key, CAST(d.decided_on - DATE '1970-01-01' AS INTEGER) AS day, d.score - d.threshold AS distance, d.district,
        row_number() OVER (PARTITION BY d.person_key ORDER BY d.decided_on, d.score DESC, d.threshold, d.district) AS place
    FROM selection_decision AS d CROSS JOIN setting AS s CROSS JOIN selection_setting AS p
    WHERE d.decision IN ('selected', 'not_selected') AND d.score IS NOT NULL AND d.threshold IS NOT NULL
        AND d.decided_on <= s.cutoff AND (p.version IS NULL OR d.score_version = p.version)
)
SELECT d.person_key, d.day, d.distance, d.district,
    EXISTS (
        SELECT 1 FROM joining AS e CROSS JOIN selection_setting AS p
        WHERE e.person_key = d.person_key AND e.start_day >= d.day AND e.start_day <= d.day + p.join_days
    ) AS treated
FROM scored AS d
LEFT JOIN who AS w ON w.person_key = d.person_key
WHERE d.place = 1 AND (w.death_day IS NULL OR w.death_day > d.day)
    AND NOT EXISTS (SELECT 1 FROM stay AS t WHERE t.person_key = d.person_key AND t.start_day <= d.day AND d.day < t.end_day)
    AND NOT EXISTS (
        SELECT 1 FROM joining AS e WHERE e.person_key = d.person_key AND e.start_day < d.day AND d.day < e.end_day
    );

INSERT INTO entry (basis, person_key, day, kind, disposal, quarter_number)
SELECT 'selection', person_key, day, 4, CAST('not_known' AS gravity),
    CAST(year(DATE '1970-01-01' + day) * 4 + quarter(DATE '1970-01-01' + day) - 1 AS INTEGER)
FROM decision;

CREATE OR REPLACE TEMP TABLE moment AS SELECT person_key, day FROM decision;
