-- One row for each prison release of a person on a scheme, in the columns of shapes.sql. 1970-01-02 was a Friday.
SELECT 'prison_releases' AS cohort, r.period, r.person_key, m.sex, m.ethnicity,
    coalesce(a.age_band, 'not_known') AS age_band, coalesce(a.age_group, 'not_known') AS age_group, coalesce(a.young_adult, 'not_known') AS young_adult,
    m.home_district, m.managing_district, m.statutory, m.category, m.tier, m.strand, coalesce(h.scheme, CAST([] AS VARCHAR[])) AS scheme,
    DATE '1970-01-01' + r.day AS release_date,
    CASE WHEN r.sentence_days < 365 THEN 'under_12_months' WHEN r.sentence_days < 1460 THEN '12_months_to_4_years'
        WHEN r.sentence_days >= 1460 THEN '4_years_or_more' ELSE 'not_known' END AS sentence_length,
    r.recall, (r.day - 1) % 7 = 0 AS friday
FROM prison_release_entry AS r
JOIN moment_state AS m ON m.person_key = r.person_key AND m.day = r.day
LEFT JOIN moment_scheme AS h ON h.person_key = r.person_key AND h.day = r.day
LEFT JOIN age AS a ON a.age = m.age
