-- What a person was like on a day: one row for each row of `moment`, whichever fact asks.

-- The last known address on the day; in custody, or released that day, the last one before it.
CREATE OR REPLACE TEMP TABLE moment_home AS
WITH asked AS (
    SELECT m.person, m.day, min(CASE WHEN t.start_day < m.day THEN t.start_day - 1 ELSE m.day END) AS home_day
    FROM moment AS m LEFT JOIN stay AS t ON t.person = m.person AND t.start_day <= m.day AND m.day <= t.end_day
    GROUP BY m.person, m.day
), address AS (
    SELECT n.person, r.district, CAST(date_diff('day', DATE '1970-01-01', r.from_date) AS INTEGER) AS from_day,
        row_number() OVER (PARTITION BY n.person, r.from_date ORDER BY r.to_date DESC NULLS FIRST, r.district) AS place
    FROM residence AS r JOIN person_number AS n ON n.person_key = r.person_key
), lasting AS (
    SELECT person, district, from_day, lead(from_day, 1, 1000000) OVER (PARTITION BY person ORDER BY from_day) AS next_day
    FROM address WHERE place = 1
)
SELECT a.person, a.day, l.district
FROM asked AS a JOIN lasting AS l ON l.person = a.person AND l.from_day <= a.home_day AND a.home_day < l.next_day;

CREATE OR REPLACE TEMP TABLE moment_statutory AS
SELECT m.person, m.day
FROM moment AS m
JOIN person_number AS n ON n.person = m.person
JOIN supervision_spell AS v ON v.person_key = n.person_key
WHERE v.start_date <= DATE '1970-01-01' + m.day AND (v.end_date IS NULL OR v.end_date > DATE '1970-01-01' + m.day)
GROUP BY m.person, m.day;

-- The schemes a person was on; the episode that places them is IOM's first, then the latest begun.
CREATE OR REPLACE TEMP TABLE moment_scheme AS
WITH open_episode AS (
    SELECT m.person, m.day, e.scheme, e.category, e.managing_district,
        row_number() OVER (PARTITION BY m.person, m.day ORDER BY CASE WHEN e.scheme = 'iom' THEN 0 ELSE 1 END, e.start_day DESC, e.scheme, e.managing_district) AS place
    FROM moment AS m JOIN episode AS e ON e.person = m.person AND e.start_day <= m.day AND m.day < e.end_day
), told AS (
    SELECT o.person, o.day, t.kind, t.value,
        row_number() OVER (PARTITION BY o.person, o.day, t.kind ORDER BY t.from_date DESC, t.value) AS place
    FROM open_episode AS o
    JOIN person_number AS n ON n.person = o.person
    JOIN scheme_state AS t ON t.person_key = n.person_key AND t.scheme = o.scheme
    WHERE o.place = 1 AND t.kind IN ('tier', 'strand') AND t.from_date <= DATE '1970-01-01' + o.day
        AND (t.to_date IS NULL OR t.to_date > DATE '1970-01-01' + o.day)
), state AS (
    SELECT person, day, max(CASE WHEN kind = 'tier' THEN value END) AS tier, max(CASE WHEN kind = 'strand' THEN value END) AS strand
    FROM told WHERE place = 1 GROUP BY person, day
), together AS (
    SELECT person, day, list_sort(list(DISTINCT scheme)) AS scheme,
        max(CASE WHEN place = 1 THEN coalesce(category, 'not_known') END) AS category,
        max(CASE WHEN place = 1 THEN managing_district END) AS managing_district
    FROM open_episode GROUP BY person, day
)
SELECT t.person, t.day, t.scheme, t.category, t.managing_district, coalesce(s.tier, 'none') AS tier, coalesce(s.strand, 'none') AS strand
FROM together AS t LEFT JOIN state AS s ON s.person = t.person AND s.day = t.day;

-- The pathways on which the latest assessment of the 12 months before found a need; a later "none" cancels an earlier need.
CREATE OR REPLACE TEMP TABLE moment_need AS
WITH assessed AS (
    SELECT n.person, d.pathway, d.level, CAST(date_diff('day', DATE '1970-01-01', d.assessed_on) AS INTEGER) AS assessed_day
    FROM need AS d JOIN person_number AS n ON n.person_key = d.person_key
), latest AS (
    SELECT m.person, m.day, a.pathway, a.level,
        row_number() OVER (PARTITION BY m.person, m.day, a.pathway ORDER BY a.assessed_day DESC, CASE a.level WHEN 'none' THEN 1 ELSE 0 END) AS place
    FROM moment AS m JOIN assessed AS a ON a.person = m.person AND a.assessed_day <= m.day AND a.assessed_day >= m.day - 365
)
SELECT person, day, list_sort(list(pathway)) AS need FROM latest WHERE place = 1 AND level <> 'none' GROUP BY person, day;

CREATE OR REPLACE TEMP TABLE moment_state AS
WITH aged AS (
    SELECT m.person, m.day, coalesce(w.sex, 'not_known') AS sex, coalesce(w.ethnicity, 'not_known') AS ethnicity,
        CAST(year(DATE '1970-01-01' + m.day) - year(w.date_of_birth)
            - CASE WHEN month(DATE '1970-01-01' + m.day) * 100 + day(DATE '1970-01-01' + m.day) < month(w.date_of_birth) * 100 + day(w.date_of_birth)
                THEN 1 ELSE 0 END AS INTEGER) AS age
    FROM moment AS m LEFT JOIN who AS w ON w.person = m.person
)
SELECT a.person, a.day, a.sex, a.ethnicity, a.age,
    coalesce(h.district, 'not_known') AS home_district,
    coalesce(s.managing_district, 'none') AS managing_district,
    CASE WHEN v.person IS NOT NULL THEN 'statutory' WHEN k.supervision THEN 'not_statutory' ELSE 'not_known' END AS statutory,
    coalesce(s.category, 'none') AS category, coalesce(s.tier, 'none') AS tier, coalesce(s.strand, 'none') AS strand,
    coalesce(s.scheme, CAST([] AS VARCHAR[])) AS scheme, coalesce(d.need, CAST([] AS VARCHAR[])) AS need
FROM aged AS a
CROSS JOIN (SELECT count(*) > 0 AS supervision FROM supervision_spell) AS k
LEFT JOIN moment_home AS h ON h.person = a.person AND h.day = a.day
LEFT JOIN moment_statutory AS v ON v.person = a.person AND v.day = a.day
LEFT JOIN moment_scheme AS s ON s.person = a.person AND s.day = a.day
LEFT JOIN moment_need AS d ON d.person = a.person AND d.day = a.day;
