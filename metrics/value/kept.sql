-- Who kept settled accommodation, or work or training, for 13 weeks (91 days): recorded so for so long without a break on
-- some day of the year, counted from joining at the earliest; for those who left, until half a year (183 days) after the last day.
-- A status lasts until another of its kind is recorded.
CREATE OR REPLACE TEMP TABLE kept AS
WITH lasting AS (
    SELECT person_key, domain, status, CAST(on_date - DATE '1970-01-01' AS INTEGER) AS from_day,
        CAST(coalesce(lead(on_date) OVER (PARTITION BY person_key, domain ORDER BY on_date, status) - DATE '1970-01-01', 1000000) AS INTEGER) AS to_day
    FROM circumstance CROSS JOIN setting AS s
    WHERE domain IN ('accommodation', 'work_training') AND on_date <= s.cutoff
), changed AS (
    -- The same status recorded again is no break.
    SELECT *, sum(CASE WHEN status = earlier THEN 0 ELSE 1 END) OVER (PARTITION BY person_key, domain ORDER BY from_day, status ROWS UNBOUNDED PRECEDING) AS run
    FROM (SELECT *, lag(status) OVER (PARTITION BY person_key, domain ORDER BY from_day, status) AS earlier FROM lasting) AS told
), good AS (
    SELECT person_key, domain, min(from_day) AS from_day, max(to_day) AS to_day
    FROM changed WHERE status IN ('settled', 'in_work_or_training')
    GROUP BY person_key, domain, run
)
SELECT o.subject_kind, o.subject, o.tier, o.district, o.period, o.person_key,
    bool_or(g.domain = 'accommodation') AS accommodation, bool_or(g.domain = 'work_training') AS work
FROM on_it_year AS o
JOIN good AS g ON g.person_key = o.person_key
WHERE greatest(g.from_day, o.start_day) + 90 <= least(g.to_day - 1, CASE WHEN o.end_day <= o.year_end + 1 THEN o.end_day - 1 + 183 ELSE o.year_end END)
    AND g.to_day - 1 >= o.year_start
GROUP BY o.subject_kind, o.subject, o.tier, o.district, o.period, o.person_key;
