-- Where each person of `asked` (person_key, on_day DATE) was on that day, as the directory's districts are: where they are managed, or if
-- on no scheme where they live, or lived last before custody.
CREATE OR REPLACE TEMP TABLE placed AS
WITH managed AS (
    SELECT a.person_key, a.on_day, e.managing_district,
        row_number() OVER (PARTITION BY a.person_key, a.on_day
            ORDER BY CASE WHEN e.scheme = 'iom' THEN 0 ELSE 1 END, e.start_date DESC, e.scheme, e.managing_district) AS place
    FROM asked AS a JOIN scheme_episode AS e
        ON e.person_key = a.person_key AND e.start_date <= a.on_day AND (e.end_date IS NULL OR e.end_date > a.on_day)
), home AS (
    SELECT a.person_key, a.on_day, r.district,
        row_number() OVER (PARTITION BY a.person_key, a.on_day ORDER BY r.from_date DESC, r.to_date DESC NULLS FIRST, r.district) AS place
    FROM asked AS a JOIN residence AS r ON r.person_key = a.person_key AND r.from_date <= a.on_day
)
SELECT a.person_key, a.on_day, m.person_key IS NOT NULL AS on_scheme, coalesce(m.managing_district, h.district, 'not_known') AS district
FROM asked AS a
LEFT JOIN managed AS m ON m.person_key = a.person_key AND m.on_day = a.on_day AND m.place = 1
LEFT JOIN home AS h ON h.person_key = a.person_key AND h.on_day = a.on_day AND h.place = 1;
