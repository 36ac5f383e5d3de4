-- One row for each day on which a court convicted or sentenced somebody on a scheme, for any offence, breaches included.
-- told: whether the court had the scheme before it at sentence, null where nobody recorded that, or before sentence.
-- days_to_record runs from that day to when the last of its results was on record, or to the cut-off while one is not,
-- and is null before the first day on which any result is known to have been recorded.
-- begins: offence.proven_date, scheme_episode.start_date
-- about: people
CREATE OR REPLACE TABLE court_result ({described}, told BOOLEAN, recorded BOOLEAN NOT NULL, days_to_record INTEGER);
WITH heard AS (
    SELECT o.person_key, CAST(date_diff('day', DATE '1970-01-01', coalesce(o.sentence_date, o.proven_date)) AS INTEGER) AS day,
        CASE WHEN o.sentence_date IS NOT NULL THEN o.scheme_told_to_court END AS told,
        CASE WHEN o.result_recorded_date <= s.cutoff THEN CAST(date_diff('day', DATE '1970-01-01', o.result_recorded_date) AS INTEGER) END AS recorded_day,
        s.cutoff_day
    FROM offence AS o CROSS JOIN setting AS s
    WHERE o.outcome = 'convicted' AND coalesce(o.sentence_date, o.proven_date) <= s.cutoff
), together AS (
    SELECT person_key, day, cutoff_day, bool_or(told) AS told, bool_and(recorded_day IS NOT NULL) AS recorded, max(recorded_day) AS recorded_day
    FROM heard GROUP BY person_key, day, cutoff_day
), records AS (
    SELECT min(date_diff('day', DATE '1970-01-01', result_recorded_date)) AS first_day FROM offence
)
SELECT h.person_key, h.day, h.told, h.recorded,
    CASE WHEN h.day >= r.first_day
        THEN CAST(greatest(0, CASE WHEN h.recorded THEN h.recorded_day ELSE h.cutoff_day END - h.day) AS INTEGER) END AS days_to_record
FROM together AS h CROSS JOIN records AS r
WHERE EXISTS (SELECT 1 FROM episode AS e WHERE e.person_key = h.person_key AND e.start_day <= h.day AND h.day < e.end_day);
