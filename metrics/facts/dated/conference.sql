-- One row for each case conference, on the day that it was due. days_late is below nought when it was held early, and null
-- until it is held.
-- begins: case_conference.due_on
-- about: work
CREATE OR REPLACE TABLE conference (
    {described}, held BOOLEAN NOT NULL, on_time BOOLEAN NOT NULL, days_late INTEGER,
    agencies_invited BIGINT NOT NULL, agencies_attending BIGINT, people_discussed BIGINT
);
SELECT c.conference_key AS person_key, CAST(date_diff('day', DATE '1970-01-01', c.due_on) AS INTEGER) AS day, c.district AS managing_district,
    coalesce(c.held_on <= s.cutoff, false) AS held, coalesce(c.held_on <= s.cutoff AND c.held_on <= c.due_on, false) AS on_time,
    CASE WHEN c.held_on <= s.cutoff THEN CAST(date_diff('day', c.due_on, c.held_on) AS INTEGER) END AS days_late,
    c.agencies_invited, CASE WHEN c.held_on <= s.cutoff THEN c.agencies_attending END AS agencies_attending,
    CASE WHEN c.held_on <= s.cutoff THEN c.people_discussed END AS people_discussed
FROM case_conference AS c CROSS JOIN setting AS s;
