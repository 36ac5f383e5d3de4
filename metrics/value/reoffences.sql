-- Proven reoffences by offence code, of those on each scheme at an index event (complete quarters of the 12-month scheme cohort)
-- and of those who started each programme (a year from the start, as long to be proven). district '' is everywhere, subject ''
-- everybody on any of the kind. people: who committed them; most: how many the most prolific one did.
WITH followed AS (
    SELECT 'scheme' AS subject_kind, unnest(i.scheme) AS subject, i.managing_district AS district, i.person_key,
        CAST(i.index_date - DATE '1970-01-01' AS INTEGER) AS day, c.follow_up_days, c.waiting_days
    FROM index_event AS i
    JOIN cohort AS c ON c.id = i.cohort
    JOIN follow_up AS f ON f.cohort = i.cohort AND f.period = i.period AND f.state = 'complete'
    WHERE i.cohort = 'scheme'
    UNION ALL
    SELECT DISTINCT 'programme', r.subject, r.district, r.person_key, r.start_day, 365, 183
    FROM on_it_recorded AS r CROSS JOIN setting AS s
    WHERE r.subject_kind = 'programme' AND r.start_day + 365 + 183 <= s.cutoff_day
), counted AS (
    SELECT f.subject_kind, f.subject, f.district, f.person_key, coalesce(o.offence_code, '') AS offence_code, coalesce(o.offence_group, '') AS offence_group,
        count(*) AS offences
    FROM followed AS f
    CROSS JOIN setting AS s
    JOIN offence AS o ON o.person_key = f.person_key
        AND o.offence_date > DATE '1970-01-01' + f.day AND o.offence_date <= DATE '1970-01-01' + (f.day + f.follow_up_days)
    WHERE o.outcome IN ('convicted', 'cautioned') AND o.recordable AND NOT o.breach AND o.offence_date <= s.cutoff
        AND o.proven_date <= DATE '1970-01-01' + (f.day + f.follow_up_days + f.waiting_days) AND o.proven_date <= s.cutoff
    GROUP BY f.subject_kind, f.subject, f.district, f.person_key, o.offence_code, o.offence_group
), placed AS (
    SELECT * FROM counted
    UNION ALL SELECT subject_kind, subject, '', person_key, offence_code, offence_group, offences FROM counted
    UNION ALL SELECT subject_kind, '', '', person_key, offence_code, offence_group, offences FROM counted
), summed AS (
    SELECT subject_kind, subject, district, person_key, offence_code, offence_group, sum(offences) AS offences
    FROM placed GROUP BY subject_kind, subject, district, person_key, offence_code, offence_group
)
SELECT subject_kind, subject, district, offence_code, offence_group, CAST(sum(offences) AS BIGINT) AS offences,
    count(*) AS people, CAST(max(offences) AS BIGINT) AS most
FROM summed
GROUP BY subject_kind, subject, district, offence_code, offence_group
ORDER BY subject_kind, subject, district, offence_code, offence_group
