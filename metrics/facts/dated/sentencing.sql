-- One row for each day on which somebody on a scheme was sentenced by a court, described on that day: the days since the offence
-- and since the arrest for it. The offence is the gravest of those sentenced that day, then the earliest; breaches and cautions
-- are left out. No arrest on record for that offence (a summons): days_from_arrest is not known.
-- begins: offence.sentence_date, scheme_episode.start_date
-- about: people
CREATE OR REPLACE TABLE sentencing ({described}, days_from_offence INTEGER NOT NULL, days_from_arrest INTEGER);
WITH arrested AS (
    SELECT person_key, CAST(offence_date - DATE '1970-01-01' AS INTEGER) AS offence_day,
        CAST(coalesce(sentence_date, proven_date) - DATE '1970-01-01' AS INTEGER) AS court_day,
        CAST(min(arrest_date) - DATE '1970-01-01' AS INTEGER) AS arrest_day
    FROM offence
    WHERE outcome = 'convicted' AND arrest_date IS NOT NULL AND arrest_date <= coalesce(sentence_date, proven_date) AND recordable AND NOT breach
    GROUP BY person_key, offence_date, coalesce(sentence_date, proven_date)
)
SELECT c.person_key, c.court_day AS day, c.court_day - c.offence_day AS days_from_offence, c.court_day - a.arrest_day AS days_from_arrest
FROM court AS c
LEFT JOIN arrested AS a ON a.person_key = c.person_key AND a.offence_day = c.offence_day AND a.court_day = c.court_day
WHERE c.convicted AND c.disposal IS NOT NULL
    AND EXISTS (SELECT 1 FROM episode AS e WHERE e.person_key = c.person_key AND e.start_day <= c.court_day AND c.court_day < e.end_day)
