-- One row for each breach, recall or warrant found necessary while the person was on a scheme, on the day that it was.
-- days_to_issue runs from then to when it was issued, days_to_end to when it ended, days_since_issue from the one to the
-- other (null until issued). Each runs to the cut-off while it lasts. One that was withdrawn ended without being executed.
-- outstanding: it has not ended by the cut-off, in whatever quarter it began.
-- begins: enforcement_event.identified_on, scheme_episode.start_date
-- about: people
CREATE OR REPLACE TABLE enforcement (
    {described}, enforcement_kind VARCHAR NOT NULL, issued BOOLEAN NOT NULL, executed BOOLEAN NOT NULL, outstanding BOOLEAN NOT NULL,
    days_to_issue INTEGER NOT NULL, days_to_end INTEGER NOT NULL, days_since_issue INTEGER
);
WITH known AS (
    SELECT v.person_key, v.kind, coalesce(v.result, '') = 'withdrawn' AS withdrawn, s.cutoff_day,
        CAST(date_diff('day', DATE '1970-01-01', v.identified_on) AS INTEGER) AS day,
        CASE WHEN v.issued_on <= s.cutoff THEN CAST(date_diff('day', DATE '1970-01-01', v.issued_on) AS INTEGER) END AS issued_day,
        CASE WHEN v.executed_on <= s.cutoff THEN CAST(date_diff('day', DATE '1970-01-01', v.executed_on) AS INTEGER) END AS ended_day
    FROM enforcement_event AS v CROSS JOIN setting AS s
    WHERE v.identified_on <= s.cutoff
)
SELECT k.person_key, k.day, k.kind AS enforcement_kind, k.issued_day IS NOT NULL AS issued,
    k.ended_day IS NOT NULL AND NOT k.withdrawn AS executed, k.ended_day IS NULL AS outstanding,
    CAST(greatest(0, coalesce(k.issued_day, k.ended_day, k.cutoff_day) - k.day) AS INTEGER) AS days_to_issue,
    CAST(greatest(0, coalesce(k.ended_day, k.cutoff_day) - k.day) AS INTEGER) AS days_to_end,
    CASE WHEN k.issued_day IS NOT NULL THEN CAST(greatest(0, coalesce(k.ended_day, k.cutoff_day) - k.issued_day) AS INTEGER) END AS days_since_issue
FROM known AS k
WHERE EXISTS (SELECT 1 FROM episode AS e WHERE e.person_key = k.person_key AND e.start_day <= k.day AND k.day < e.end_day);
