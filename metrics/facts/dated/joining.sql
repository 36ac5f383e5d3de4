-- One row for each time that a person joined the schemes, on the first day (episodes that touch or overlap are one stint).
-- begins: scheme_episode.start_date
-- about: people
-- stay_days: days until they left, or so far where stay_ended is false (censored at the cut-off). came_back: they had left in the
-- 365 days before.
CREATE OR REPLACE TABLE joining ({described}, entry_route VARCHAR NOT NULL, came_back BOOLEAN NOT NULL, stay_days INTEGER NOT NULL, stay_ended BOOLEAN NOT NULL);
WITH stint_route AS (
    SELECT t.person_key, t.start_day, e.entry_route,
        row_number() OVER (PARTITION BY t.person_key, t.start_day ORDER BY CASE WHEN e.scheme = 'iom' THEN 0 ELSE 1 END, e.scheme, e.entry_route NULLS LAST) AS place
    FROM stint AS t
    JOIN scheme_episode AS e ON e.person_key = t.person_key AND e.start_date = DATE '1970-01-01' + t.start_day
        AND (e.end_date IS NULL OR e.end_date > e.start_date)
)
SELECT t.person_key, t.start_day AS day, coalesce(r.entry_route, 'not_known') AS entry_route,
    EXISTS (SELECT 1 FROM stint AS b WHERE b.person_key = t.person_key AND b.end_day <= t.start_day AND b.end_day - 1 >= t.start_day - 365) AS came_back,
    CAST(least(t.end_day, s.cutoff_day + 1) - t.start_day AS INTEGER) AS stay_days, t.end_day <= s.cutoff_day AS stay_ended
FROM stint AS t
CROSS JOIN setting AS s
LEFT JOIN stint_route AS r ON r.person_key = t.person_key AND r.start_day = t.start_day AND r.place = 1;
