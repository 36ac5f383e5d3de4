-- What a person was like on a day: one row for each row of `moment`, whichever fact asks. Schemes and needs, which are
-- lists and which few people have, stay in tables of their own.

-- The last known address on the day; in custody, or released that day, the last one before it.
CREATE OR REPLACE TEMP TABLE moment_home AS
WITH held AS (
    SELECT m.person_key, m.day, min(t.start_day) - 1 AS home_day
    FROM moment AS m JOIN stay AS t ON t.person_key = m.person_key AND t.start_day < m.day AND m.day <= t.end_day
    GROUP BY m.person_key, m.day
), asked AS (
    SELECT m.person_key, m.day, coalesce(h.home_day, m.day) AS home_day
    FROM moment AS m LEFT JOIN held AS h ON h.person_key = m.person_key AND h.day = m.day
), lasting AS (
    SELECT person_key, CAST(district AS word) AS district, CAST(from_date - DATE '1970-01-01' AS INTEGER) AS from_day,
        CAST(coalesce(lead(from_date) OVER (PARTITION BY person_key ORDER BY from_date) - DATE '1970-01-01', 1000000) AS INTEGER) AS next_day
    FROM (
        SELECT person_key, district, from_date,
            row_number() OVER (PARTITION BY person_key, from_date ORDER BY to_date DESC NULLS FIRST, district) AS place
        FROM residence
    ) AS address
    WHERE place = 1
)
SELECT a.person_key, a.day, l.district
FROM asked AS a JOIN lasting AS l ON l.person_key = a.person_key AND l.from_day <= a.home_day AND a.home_day < l.next_day;

CREATE OR REPLACE TEMP TABLE moment_statutory AS
SELECT m.person_key, m.day
FROM moment AS m
JOIN supervision_spell AS v ON v.person_key = m.person_key
WHERE v.start_date <= DATE '1970-01-01' + m.day AND (v.end_date IS NULL OR v.end_date > DATE '1970-01-01' + m.day)
GROUP BY m.person_key, m.day;

-- The schemes a person was on; the episode that places them is IOM's first, then the latest begun.
CREATE OR REPLACE TEMP TABLE moment_scheme AS
WITH open_episode AS (
    SELECT m.person_key, m.day, e.scheme, e.category, e.managing_district,
        row_number() OVER (PARTITION BY m.person_key, m.day
            ORDER BY CASE WHEN e.scheme = 'iom' THEN 0 ELSE 1 END, e.start_day DESC, e.scheme, e.managing_district) AS place
    FROM moment AS m JOIN episode AS e ON e.person_key = m.person_key AND e.start_day <= m.day AND m.day < e.end_day
), told AS (
    SELECT o.person_key, o.day, t.kind, CAST(t.value AS word) AS value,
        row_number() OVER (PARTITION BY o.person_key, o.day, t.kind ORDER BY t.from_date DESC, t.value) AS place
    FROM open_episode AS o
    JOIN scheme_state AS t ON t.person_key = o.person_key AND t.scheme = o.scheme
    WHERE o.place = 1 AND t.kind IN ('tier', 'strand') AND t.from_date <= DATE '1970-01-01' + o.day
        AND (t.to_date IS NULL OR t.to_date > DATE '1970-01-01' + o.day)
), state AS (
    SELECT person_key, day, max(CASE WHEN kind = 'tier' THEN value END) AS tier, max(CASE WHEN kind = 'strand' THEN value END) AS strand
    FROM told WHERE place = 1 GROUP BY person_key, day
), together AS (
    SELECT person_key, day, list_sort(list(DISTINCT scheme)) AS scheme,
        max(CASE WHEN place = 1 THEN coalesce(category, 'not_known') END) AS category,
        max(CASE WHEN place = 1 THEN managing_district END) AS managing_district
    FROM open_episode GROUP BY person_key, day
)
SELECT t.person_key, t.day, t.scheme, t.category, t.managing_district, s.tier, s.strand
FROM together AS t LEFT JOIN state AS s ON s.person_key = t.person_key AND s.day = t.day;

-- The pathways on which the latest assessment of the 12 months before found a need; a later "none" cancels an earlier need.
CREATE OR REPLACE TEMP TABLE moment_need AS
WITH latest AS (
    SELECT m.person_key, m.day, d.pathway, d.level,
        row_number() OVER (PARTITION BY m.person_key, m.day, d.pathway ORDER BY d.assessed_on DESC, CASE d.level WHEN 'none' THEN 1 ELSE 0 END) AS place
    FROM moment AS m
    JOIN need AS d ON d.person_key = m.person_key AND d.assessed_on <= DATE '1970-01-01' + m.day AND d.assessed_on >= DATE '1970-01-01' + (m.day - 365)
)
SELECT person_key, day, list_sort(list(pathway)) AS need FROM latest WHERE place = 1 AND level <> 'none' GROUP BY person_key, day;

CREATE OR REPLACE TEMP TABLE moment_state AS
SELECT m.person_key, m.day, coalesce(w.sex, 'not_known'::word) AS sex, coalesce(w.ethnicity, 'not_known'::word) AS ethnicity,
    CAST(year(DATE '1970-01-01' + m.day) - year(w.date_of_birth)
        - CASE WHEN month(DATE '1970-01-01' + m.day) * 100 + day(DATE '1970-01-01' + m.day) < month(w.date_of_birth) * 100 + day(w.date_of_birth)
            THEN 1 ELSE 0 END AS SMALLINT) AS age,
    coalesce(h.district, 'not_known'::word) AS home_district,
    coalesce(s.managing_district, 'none'::word) AS managing_district,
    CASE WHEN v.person_key IS NOT NULL THEN 'statutory'::word WHEN k.supervision THEN 'not_statutory'::word ELSE 'not_known'::word END AS statutory,
    coalesce(s.category, 'none'::word) AS category, coalesce(s.tier, 'none'::word) AS tier, coalesce(s.strand, 'none'::word) AS strand
FROM moment AS m
CROSS JOIN (SELECT count(*) > 0 AS supervision FROM supervision_spell) AS k
LEFT JOIN who AS w ON w.person_key = m.person_key
LEFT JOIN moment_home AS h ON h.person_key = m.person_key AND h.day = m.day
LEFT JOIN moment_statutory AS v ON v.person_key = m.person_key AND v.day = m.day
LEFT JOIN moment_scheme AS s ON s.person_key = m.person_key AND s.day = m.day;
