-- Needs found anew, prison releases that were, and prison releases that are to come, in windows of 91 days back from the cut-off:
-- window 0 ends on the cut-off, window 1 91 days before. A need is new when the last assessment of the 365 days before had not found it.
CREATE OR REPLACE TEMP TABLE new_need AS
SELECT a.person_key, a.pathway, a.assessed_on AS on_day, CAST(date_diff('day', a.assessed_on, s.cutoff) // 91 AS INTEGER) AS span
FROM (
    SELECT *, lag(level) OVER told AS before, lag(assessed_on) OVER told AS before_on
    FROM (SELECT person_key, pathway, assessed_on, max(CASE level WHEN 'none' THEN 0 ELSE 1 END) AS level FROM need
        GROUP BY person_key, pathway, assessed_on) AS days
    WINDOW told AS (PARTITION BY person_key, pathway ORDER BY assessed_on)
) AS a CROSS JOIN setting AS s
WHERE a.level = 1 AND (a.before IS NULL OR a.before = 0 OR a.before_on < a.assessed_on - 365)
    AND a.assessed_on <= s.cutoff AND a.assessed_on > s.cutoff - 91 * s.windows;

-- A person's open stay ends when the last of its spells does. What has been notified by the cut-off counts; the latest first.
CREATE OR REPLACE TEMP TABLE due_out AS
SELECT person_key, CASE WHEN bool_and(due IS NOT NULL) THEN max(due) END AS due
FROM (
    SELECT c.person_key, CASE WHEN c.last_notified_on <= s.cutoff THEN c.release_last_notified
        WHEN c.first_notified_on <= s.cutoff THEN c.release_first_notified END AS due
    FROM custody_spell AS c CROSS JOIN setting AS s
    WHERE c.kind IN ('sentence', 'recall') AND c.start_date <= s.cutoff AND (c.end_date IS NULL OR c.end_date > s.cutoff)
) AS inside
GROUP BY person_key;

-- A release is foretold when its day was notified by the first day of its window.
CREATE OR REPLACE TEMP TABLE was_released AS
SELECT person_key, on_day, span, bool_or(first_notified_on <= before_window) AS foretold
FROM (
    SELECT c.person_key, c.end_date AS on_day, c.first_notified_on, CAST(date_diff('day', c.end_date, s.cutoff) // 91 AS INTEGER) AS span,
        s.cutoff - 91 * (CAST(date_diff('day', c.end_date, s.cutoff) // 91 AS INTEGER) + 1) AS before_window
    FROM custody_spell AS c CROSS JOIN setting AS s
    WHERE c.kind IN ('sentence', 'recall') AND coalesce(c.release_type, 'other') <> 'transfer'
        AND c.end_date <= s.cutoff AND c.end_date > s.cutoff - 91 * s.windows
        AND NOT EXISTS (SELECT 1 FROM person AS p WHERE p.person_key = c.person_key AND p.date_of_death <= c.end_date)
) AS ended
GROUP BY person_key, on_day, span;

CREATE OR REPLACE TEMP TABLE asked AS
SELECT DISTINCT person_key, on_day FROM (
    SELECT person_key, on_day FROM new_need UNION ALL SELECT person_key, on_day FROM was_released
    UNION ALL SELECT d.person_key, s.cutoff FROM due_out AS d CROSS JOIN setting AS s
) AS days;
