-- One row for each required contact due with somebody who was on a scheme that day and, unless it was the day on which
-- they went in or came out, not in custody: nobody can keep a contact from a cell.
-- begins: appointment.due_on, scheme_episode.start_date
-- about: people
CREATE OR REPLACE TABLE required_contact ({described}, agency VARCHAR NOT NULL, kept BOOLEAN NOT NULL, missed BOOLEAN NOT NULL, excused BOOLEAN NOT NULL);
SELECT d.person_key, d.day, d.agency, d.result = 'kept' AS kept, d.result = 'missed' AS missed, d.result = 'acceptable_absence' AS excused
FROM (SELECT *, CAST(date_diff('day', DATE '1970-01-01', due_on) AS INTEGER) AS day FROM appointment) AS d
WHERE EXISTS (SELECT 1 FROM episode AS e WHERE e.person_key = d.person_key AND e.start_day <= d.day AND d.day < e.end_day)
    AND NOT EXISTS (SELECT 1 FROM stay AS t WHERE t.person_key = d.person_key AND t.start_day < d.day AND d.day < t.end_day);
