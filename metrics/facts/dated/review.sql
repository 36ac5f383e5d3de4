-- One row for each review of somebody's place on a scheme that fell due while they were on it, on the day that it was due.
-- It is done when any state of theirs on that scheme is marked anew, changed or not. days_late is below nought when it was
-- done early, and null until it is done.
-- begins: scheme_state.review_due, scheme_episode.start_date
-- about: people
CREATE OR REPLACE TABLE review ({described}, done BOOLEAN NOT NULL, on_time BOOLEAN NOT NULL, days_late INTEGER);
WITH marked AS (
    SELECT t.person_key, t.scheme, max(t.review_due) AS due_on,
        CAST(date_diff('day', DATE '1970-01-01', t.from_date) AS INTEGER) AS from_day
    FROM scheme_state AS t CROSS JOIN setting AS s
    WHERE t.from_date <= s.cutoff
    GROUP BY t.person_key, t.scheme, t.from_date
), followed AS (
    SELECT person_key, scheme, CAST(date_diff('day', DATE '1970-01-01', due_on) AS INTEGER) AS day,
        lead(from_day) OVER (PARTITION BY person_key, scheme ORDER BY from_day) AS done_day
    FROM marked
)
SELECT f.person_key, f.day, f.done_day IS NOT NULL AS done, coalesce(f.done_day <= f.day, false) AS on_time, f.done_day - f.day AS days_late
FROM followed AS f
WHERE f.day IS NOT NULL
    AND EXISTS (
        SELECT 1 FROM episode AS e
        WHERE e.person_key = f.person_key AND e.scheme = f.scheme AND e.start_day <= f.day AND f.day < e.end_day
    );
