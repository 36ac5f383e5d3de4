-- Of each index event that is followed for reoffending, the days from index date to proof of each proven reoffence: how
-- long after the index date it could first be counted. NULL for an index event without one. Needs records.sql.
SELECT e.cohort, e.period, e.person_key, CAST(date_diff('day', DATE '1970-01-01', e.index_date) AS INTEGER) AS day,
    e.prior_band, CASE c.district_dimension WHEN 'managing_district' THEN e.managing_district ELSE e.home_district END AS district,
    CAST(p.proven_day AS INTEGER) - CAST(date_diff('day', DATE '1970-01-01', e.index_date) AS INTEGER) AS seen
FROM index_event AS e
JOIN cohort AS c ON c.id = e.cohort AND c.publish
LEFT JOIN proof AS p ON p.person_key = e.person_key
    AND p.offence_day > date_diff('day', DATE '1970-01-01', e.index_date)
    AND p.offence_day <= date_diff('day', DATE '1970-01-01', e.index_date) + c.follow_up_days
    AND p.proven_day <= date_diff('day', DATE '1970-01-01', e.index_date) + c.follow_up_days + c.waiting_days
ORDER BY e.cohort, day, e.person_key, seen
