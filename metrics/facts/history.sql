-- Criminal history and OGRS3 of each person and day of `moment`: the formula of metrics/ogrs3.py, from records.sql's tables.
-- The sanction that the day follows: on a prison release from a sentence, the latest sentence to custody within the stay;
-- otherwise that of the day, or the latest before it. Previous sanctions are the occasions proven before its own.
-- A history that is not known in full, an age, sex or offence that is not known: no score.

CREATE OR REPLACE TEMP TABLE moment_sanction AS
WITH released AS (
    SELECT m.person_key, m.day, max(t.start_day) AS start_day
    FROM moment AS m JOIN stay AS t ON t.person_key = m.person_key AND t.end_day = m.day
    WHERE t.sentenced
    GROUP BY m.person_key, m.day
), same_day AS (
    SELECT m.person_key, m.day, r.start_day, CASE WHEN r.person_key IS NULL THEN c.court_day END AS court_day
    FROM moment AS m
    LEFT JOIN released AS r ON r.person_key = m.person_key AND r.day = m.day
    LEFT JOIN court AS c ON c.person_key = m.person_key AND c.court_day = m.day
), earlier AS (
    SELECT m.person_key, m.day, max(c.court_day) AS court_day
    FROM same_day AS m JOIN court AS c ON c.person_key = m.person_key AND c.court_day <= m.day
    WHERE m.court_day IS NULL AND (m.start_day IS NULL OR (c.disposal = 'custody' AND c.court_day >= m.start_day - 1))
    GROUP BY m.person_key, m.day
)
SELECT m.person_key, m.day, coalesce(m.court_day, e.court_day) AS court_day
FROM same_day AS m LEFT JOIN earlier AS e ON e.person_key = m.person_key AND e.day = m.day
WHERE m.court_day IS NOT NULL OR e.court_day IS NOT NULL;

-- Each person's first sanction and first conviction in the store, and date of birth as the number yyyymmdd, so that
-- completed years are whole ten-thousands of a difference.
CREATE OR REPLACE TEMP TABLE first_sanction AS
SELECT w.person_key, w.sex, w.sanctions_before, o.first_day, o.convicted_day, w.first_sanction_day,
    CAST(year(w.date_of_birth) * 10000 + month(w.date_of_birth) * 100 + day(w.date_of_birth) AS INTEGER) AS born
FROM who AS w
JOIN (
    SELECT person_key, min(occasion_day) AS first_day, min(CASE WHEN convicted THEN occasion_day END) AS convicted_day
    FROM occasion GROUP BY person_key
) AS o ON o.person_key = w.person_key;

CREATE OR REPLACE TEMP TABLE moment_history AS
WITH dated AS (
    SELECT m.person_key, m.day, f.sex, c.ogrs, f.born, f.sanctions_before + c.before AS previous_sanctions,
        DATE '1970-01-01' + m.day AS on_day, DATE '1970-01-01' + c.proven_day AS proven_on,
        -- With nothing before it, this sanction is the first; before the store begins, only the person's own record tells.
        DATE '1970-01-01' + CASE WHEN f.sanctions_before = 0 AND c.before = 0 THEN c.proven_day
            WHEN f.sanctions_before = 0 THEN f.first_day
            WHEN f.first_sanction_day <= c.proven_day THEN least(f.first_sanction_day, f.first_day) END AS first_on,
        NOT c.convicted AND f.sanctions_before = 0 AND coalesce(f.convicted_day > c.court_day, true) AS cautioned_only
    FROM moment_sanction AS m
    JOIN court AS c ON c.person_key = m.person_key AND c.court_day = m.court_day
    JOIN first_sanction AS f ON f.person_key = m.person_key
), aged AS (
    SELECT person_key, day, sex, ogrs, previous_sanctions, cautioned_only,
        CAST(floor((year(on_day) * 10000 + month(on_day) * 100 + day(on_day) - born) / 10000.0) AS SMALLINT) AS age,
        CAST(floor((year(proven_on) * 10000 + month(proven_on) * 100 + day(proven_on) - born) / 10000.0) AS SMALLINT) AS age_at_conviction,
        CAST(floor((year(first_on) * 10000 + month(first_on) * 100 + day(first_on) - born) / 10000.0) AS SMALLINT) AS age_first_sanction
    FROM dated
), scored AS (
    SELECT a.person_key, a.day, a.age, a.previous_sanctions, a.age_first_sanction, a.age_at_conviction, a.ogrs,
        g.weight + c.weight
        + w.copas * ln((1 + CASE WHEN a.previous_sanctions > 50 THEN 50 ELSE a.previous_sanctions END) / CAST(10 + a.age_at_conviction - a.age_first_sanction AS DOUBLE))
        + CASE WHEN a.cautioned_only AND a.previous_sanctions = 0 THEN w.first_caution
            WHEN a.cautioned_only AND a.previous_sanctions = 1 THEN w.second_caution
            WHEN a.cautioned_only THEN w.many_cautions
            WHEN a.previous_sanctions = 0 THEN w.first_conviction ELSE w."repeat" END AS z
    FROM aged AS a
    CROSS JOIN ogrs_weight AS w
    LEFT JOIN ogrs_age AS g ON g.sex = a.sex AND g.age = a.age AND a.age_first_sanction >= 10
    LEFT JOIN ogrs_offence AS c ON c.category = a.ogrs
)
SELECT s.person_key, s.day, s.age, s.previous_sanctions, s.age_first_sanction, s.age_at_conviction, s.ogrs AS ogrs_category,
    1 / (1 + exp(-(s.z + w.one_year))) AS ogrs3_1y, 1 / (1 + exp(-(s.z + w.two_years))) AS ogrs3_2y,
    -- the band is of the two-year probability, whatever the cohort: s.z + w.two_years against ln(p / (1 - p))
    CASE WHEN s.z IS NULL THEN 'not_scorable'::word WHEN s.z + w.two_years < ln(0.25 / 0.75) THEN '0-24'::word
        WHEN s.z + w.two_years < 0 THEN '25-49'::word WHEN s.z + w.two_years < ln(3) THEN '50-74'::word
        WHEN s.z + w.two_years < ln(9) THEN '75-89'::word ELSE '90+'::word END AS ogrs_band
FROM scored AS s CROSS JOIN ogrs_weight AS w;

DROP TABLE moment_sanction;
DROP TABLE first_sanction;
