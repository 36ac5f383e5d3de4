-- One row for each time that a person left the schemes, on the last day on them (episodes that touch or overlap are one stint).
-- begins: scheme_episode.start_date
-- about: people
-- returned: they joined again within 365 days of that day. Whoever died cannot.
CREATE OR REPLACE TABLE leaving ({described}, exit_reason VARCHAR NOT NULL, returned BOOLEAN NOT NULL);
SELECT t.person_key, t.end_day - 1 AS day, t.exit_reason,
    EXISTS (SELECT 1 FROM stint AS b WHERE b.person_key = t.person_key AND b.start_day >= t.end_day AND b.start_day <= t.end_day - 1 + 365) AS returned
FROM stint AS t CROSS JOIN setting AS s
WHERE t.end_day <= s.cutoff_day;
