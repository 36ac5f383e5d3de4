-- Who holds a place on each day of `asked_day`, and who could: people charged with an offence in the two years before, or on
-- the scheme; `charges` are those of the last year. Needs records.sql.
CREATE OR REPLACE TEMP TABLE charge AS
SELECT o.person_key, CAST(coalesce(o.arrest_date, o.first_hearing_date, o.proven_date) - DATE '1970-01-01' AS INTEGER) AS charge_day
FROM offence AS o CROSS JOIN setting AS s
WHERE o.recordable AND NOT o.breach AND o.offence_date <= s.cutoff
    AND coalesce(o.arrest_date, o.first_hearing_date, o.proven_date) <= s.cutoff;

CREATE OR REPLACE TEMP TABLE moment AS
SELECT n.person_key, n.day, CAST(sum(n.charges) AS INTEGER) AS charges
FROM (
    SELECT c.person_key, a.day, count(*) FILTER (c.charge_day > a.day - 365) AS charges
    FROM asked_day AS a JOIN charge AS c ON c.charge_day <= a.day AND c.charge_day > a.day - 730
    GROUP BY c.person_key, a.day
    UNION ALL
    SELECT DISTINCT e.person_key, a.day, 0
    FROM asked_day AS a JOIN episode AS e ON e.scheme = 'iom' AND e.start_day <= a.day AND a.day < e.end_day
) AS n
LEFT JOIN who AS w ON w.person_key = n.person_key
WHERE w.death_day IS NULL OR w.death_day > n.day
GROUP BY n.person_key, n.day;
