-- Whom a before and after comparison is about, and who else could have been: one row for each person, design, fixed date,
-- moment (the day up to which the record is read) and scheme ('' for those comparable). Needs records.sql, `asked_moment`
-- (design, fixed_day, day, treated): the days on which people are looked up, and whether it is for schemes' people; and
-- `asked_list` (name, fixed_day): lists of people fixed on one day, whose district is where they lived then.
WITH first_start AS (
    SELECT person_key, scheme, min(start_day) AS start_day, CAST(arg_min(managing_district, start_day) AS VARCHAR) AS district
    FROM episode GROUP BY person_key, scheme
), chosen AS (
    SELECT a.design, a.fixed_day, a.day, e.person_key, e.scheme, CAST(arg_max(e.managing_district, e.start_day) AS VARCHAR) AS district
    FROM asked_moment AS a JOIN episode AS e ON e.start_day <= a.day AND e.end_day > a.day
    WHERE a.treated AND a.design = 'fixed_date'
    GROUP BY a.design, a.fixed_day, a.day, e.person_key, e.scheme
    UNION ALL
    SELECT a.design, a.fixed_day, f.start_day, f.person_key, f.scheme, f.district
    FROM asked_moment AS a JOIN first_start AS f ON f.start_day > a.day - 365 AND f.start_day <= a.day
    WHERE a.treated AND a.design = 'first_selection'
    UNION ALL
    SELECT 'fixed_date', l.fixed_day, l.fixed_day, c.person_key, l.name,
        coalesce(CAST(arg_max(r.district, r.from_date) AS VARCHAR), 'not_known')
    FROM asked_list AS l
    JOIN cohort_member AS c ON c.cohort = l.name
    LEFT JOIN residence AS r ON r.person_key = c.person_key AND r.from_date <= c.index_date
    GROUP BY l.fixed_day, c.person_key, l.name
), comparable AS (
    -- Offended in the last year or in custody; on no scheme that day or in the half year before it, when an effect might last.
    SELECT a.design, a.fixed_day, a.day, w.person_key
    FROM asked_moment AS a CROSS JOIN who AS w
    WHERE NOT a.treated
        AND (EXISTS (SELECT 1 FROM proof AS p WHERE p.person_key = w.person_key AND p.offence_day < a.day AND p.offence_day >= a.day - 365)
            OR EXISTS (SELECT 1 FROM stay AS t WHERE t.person_key = w.person_key AND t.start_day <= a.day AND a.day < t.end_day))
        AND NOT EXISTS (SELECT 1 FROM episode AS e WHERE e.person_key = w.person_key AND e.start_day <= a.day AND e.end_day > a.day - 183)
), moment AS (
    SELECT design, fixed_day, day, person_key, scheme, district FROM chosen
    UNION ALL
    SELECT design, fixed_day, day, person_key, '', '' FROM comparable
), sanctioned AS (
    SELECT m.person_key, m.day, count(*) AS occasions
    FROM (SELECT DISTINCT person_key, day FROM moment) AS m JOIN occasion AS o ON o.person_key = m.person_key AND o.occasion_day < m.day
    GROUP BY m.person_key, m.day
)
SELECT m.design, m.fixed_day, m.day, m.person_key, m.scheme, m.district, f.start_day AS first_day,
    coalesce(w.sex = 'female', false) AS female,
    CAST(floor((m.day - date_diff('day', DATE '1970-01-01', w.date_of_birth)) / 365.25) AS DOUBLE) AS age,
    CAST(coalesce(w.sanctions_before, 0) + coalesce(s.occasions, 0) AS DOUBLE) AS sanctions,
    -- Somebody comparable by their offences: everybody comparable is, or is in custody; a scheme's people need not be.
    EXISTS (SELECT 1 FROM proof AS p WHERE p.person_key = m.person_key AND p.offence_day < m.day AND p.offence_day >= m.day - 365) AS recent
FROM moment AS m
JOIN who AS w ON w.person_key = m.person_key
LEFT JOIN sanctioned AS s ON s.person_key = m.person_key AND s.day = m.day
LEFT JOIN first_start AS f ON f.person_key = m.person_key AND f.scheme = m.scheme
WHERE w.death_day IS NULL OR w.death_day > m.day
ORDER BY m.design, m.fixed_day, m.scheme, m.person_key, m.day
