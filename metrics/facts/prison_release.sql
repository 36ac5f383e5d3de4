-- One row for each prison release of a person on a scheme, in the columns of shapes.sql. 1970-01-02 was a Friday.
-- What the prison had notified stands from the day on which it did: the latest notice given by then. An unexpected prison
-- release is one whose day differs from that notified seven days before, or of which none had been notified by then.
-- Before the first notice on record in the whole store, and before the first word to the police, nothing is known.
WITH notice AS (
    SELECT r.person_key, r.day, c.establishment,
        CAST(date_diff('day', DATE '1970-01-01', c.release_first_notified) AS INTEGER) AS first_due,
        CAST(date_diff('day', DATE '1970-01-01', c.first_notified_on) AS INTEGER) AS first_on,
        CAST(date_diff('day', DATE '1970-01-01', c.release_last_notified) AS INTEGER) AS last_due,
        CAST(date_diff('day', DATE '1970-01-01', c.last_notified_on) AS INTEGER) AS last_on,
        CAST(date_diff('day', DATE '1970-01-01', c.police_told_on) AS INTEGER) AS told_day,
        row_number() OVER (PARTITION BY r.person_key, r.day
            ORDER BY c.last_notified_on DESC NULLS LAST, c.first_notified_on DESC NULLS LAST, c.start_date DESC, c.kind) AS place
    FROM prison_release_entry AS r
    JOIN custody_spell AS c ON c.person_key = r.person_key AND c.end_date = DATE '1970-01-01' + r.day AND c.kind IN ('sentence', 'recall')
), standing AS (
    SELECT person_key, day, establishment, told_day,
        CASE WHEN last_on <= day - 7 AND last_due IS NOT NULL THEN last_due WHEN first_on <= day - 7 THEN first_due END AS week_before,
        CASE WHEN last_on <= day - 14 AND last_due IS NOT NULL THEN last_due WHEN first_on <= day - 14 THEN first_due END AS fortnight_before
    FROM notice WHERE place = 1
), records AS (
    SELECT min(date_diff('day', DATE '1970-01-01', first_notified_on)) AS first_notice, min(date_diff('day', DATE '1970-01-01', police_told_on)) AS first_told
    FROM custody_spell
), told AS (
    SELECT r.*, coalesce(n.establishment, 'not_known') AS establishment,
        CASE WHEN r.day >= k.first_notice THEN coalesce(n.week_before <> r.day, true) END AS unexpected,
        CASE WHEN r.day >= k.first_notice THEN n.fortnight_before IS NOT NULL END AS date_notified,
        CASE WHEN r.day >= k.first_notice THEN n.fortnight_before <> r.day END AS date_changed,
        CASE WHEN r.day >= k.first_told THEN coalesce(n.told_day < r.day, false) END AS police_told
    FROM prison_release_entry AS r
    CROSS JOIN records AS k
    LEFT JOIN standing AS n ON n.person_key = r.person_key AND n.day = r.day
)
SELECT 'prison_releases' AS cohort, r.period, r.person_key, m.sex, m.ethnicity,
    coalesce(a.age_band, 'not_known') AS age_band, coalesce(a.age_group, 'not_known') AS age_group, coalesce(a.young_adult, 'not_known') AS young_adult,
    m.home_district, m.managing_district, m.statutory, m.category, m.tier, m.strand, coalesce(h.scheme, CAST([] AS VARCHAR[])) AS scheme,
    DATE '1970-01-01' + r.day AS release_date,
    CASE WHEN r.sentence_days < 365 THEN 'under_12_months' WHEN r.sentence_days < 1460 THEN '12_months_to_4_years'
        WHEN r.sentence_days >= 1460 THEN '4_years_or_more' ELSE 'not_known' END AS sentence_length,
    r.recall, (r.day - 1) % 7 = 0 AS friday,
    CASE (r.day + 3) % 7 WHEN 0 THEN 'monday' WHEN 1 THEN 'tuesday' WHEN 2 THEN 'wednesday' WHEN 3 THEN 'thursday' WHEN 4 THEN 'friday'
        WHEN 5 THEN 'saturday' ELSE 'sunday' END AS weekday,
    r.establishment, CASE WHEN r.unexpected THEN 'unexpected' WHEN NOT r.unexpected THEN 'planned' ELSE 'not_known' END AS notice,
    r.unexpected, r.date_notified, r.date_changed, r.police_told
FROM told AS r
JOIN moment_state AS m ON m.person_key = r.person_key AND m.day = r.day
LEFT JOIN moment_scheme AS h ON h.person_key = r.person_key AND h.day = r.day
LEFT JOIN age AS a ON a.age = m.age
