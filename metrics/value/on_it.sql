-- Spells on a scheme or a programme, in day numbers, the end being the first day no longer on it. Needs facts/records.sql.

-- As recorded: a scheme's by managing district and tier; a programme's from the day started, by the home district of that day.
CREATE OR REPLACE TEMP TABLE on_it_recorded AS
WITH tier AS (
    SELECT person_key, scheme, value, from_day, least(to_day, next_day) AS to_day
    FROM (
        SELECT person_key, scheme, value, CAST(from_date - DATE '1970-01-01' AS INTEGER) AS from_day,
            CAST(coalesce(to_date - DATE '1970-01-01', 1000000) AS INTEGER) AS to_day,
            CAST(coalesce(lead(from_date) OVER (PARTITION BY person_key, scheme ORDER BY from_date, value) - DATE '1970-01-01', 1000000) AS INTEGER) AS next_day
        FROM scheme_state WHERE kind = 'tier'
    ) AS state
), home AS (
    SELECT i.person_key, i.started_on, arg_max(r.district, r.from_date) AS district
    FROM (SELECT DISTINCT person_key, started_on FROM intervention_spell WHERE started_on IS NOT NULL) AS i
    JOIN residence AS r ON r.person_key = i.person_key AND r.from_date <= i.started_on
    GROUP BY i.person_key, i.started_on
), told AS (
    SELECT 'scheme' AS subject_kind, e.scheme AS subject, '' AS tier, CAST(e.managing_district AS VARCHAR) AS district,
        e.person_key, e.start_day, e.end_day, false AS completed
    FROM episode AS e
    UNION ALL
    SELECT 'scheme', e.scheme, t.value, CAST(e.managing_district AS VARCHAR), e.person_key,
        greatest(e.start_day, t.from_day), least(e.end_day, t.to_day), false
    FROM episode AS e JOIN tier AS t ON t.person_key = e.person_key AND t.scheme = e.scheme AND t.from_day < e.end_day AND t.to_day > e.start_day
    UNION ALL
    SELECT 'programme', i.programme, '', coalesce(h.district, 'not_known'), i.person_key,
        CAST(i.started_on - DATE '1970-01-01' AS INTEGER),
        CASE WHEN i.ended_on <= s.cutoff THEN CAST(i.ended_on - DATE '1970-01-01' AS INTEGER) + 1
            WHEN i.ended_on IS NULL AND coalesce(i.outcome, 'ongoing') <> 'ongoing' THEN CAST(i.started_on - DATE '1970-01-01' AS INTEGER) + 1
            ELSE 1000000 END,
        coalesce(i.outcome = 'completed' AND i.ended_on <= s.cutoff, false)
    FROM intervention_spell AS i CROSS JOIN setting AS s
    LEFT JOIN home AS h ON h.person_key = i.person_key AND h.started_on = i.started_on
    WHERE i.started_on <= s.cutoff
)
SELECT t.subject_kind, t.subject, t.tier, t.district, t.person_key, t.start_day, least(t.end_day, coalesce(w.death_day, 1000000)) AS end_day, t.completed
FROM told AS t LEFT JOIN who AS w ON w.person_key = t.person_key
WHERE t.start_day < least(t.end_day, coalesce(w.death_day, 1000000));

-- The same once more for everywhere (district '') and for any of the kind (subject ''); spells that touch or overlap are joined
-- within each group.
CREATE OR REPLACE TEMP TABLE on_it AS
WITH grouped AS (
    SELECT subject_kind, subject, tier, district, person_key, start_day, end_day FROM on_it_recorded
    UNION ALL
    SELECT subject_kind, subject, tier, '', person_key, start_day, end_day FROM on_it_recorded
    UNION ALL
    SELECT subject_kind, '', '', '', person_key, start_day, end_day FROM on_it_recorded WHERE tier = ''
), reached AS (
    SELECT *, max(end_day) OVER (PARTITION BY subject_kind, subject, tier, district, person_key ORDER BY start_day, end_day
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
    FROM grouped
), numbered AS (
    SELECT *, sum(CASE WHEN start_day <= reach THEN 0 ELSE 1 END) OVER (PARTITION BY subject_kind, subject, tier, district, person_key
        ORDER BY start_day, end_day ROWS UNBOUNDED PRECEDING) AS spell
    FROM reached
)
SELECT subject_kind, subject, tier, district, person_key, min(start_day) AS start_day, max(end_day) AS end_day
FROM numbered GROUP BY subject_kind, subject, tier, district, person_key, spell;

-- In each whole year: one row for each person and group, with days on it and, of these, midnights in custody. last_day is the
-- last day on it in the year; left_by is that day where they left, else no day.
CREATE OR REPLACE TEMP TABLE on_it_year AS
WITH touching AS (
    SELECT o.subject_kind, o.subject, o.tier, o.district, y.period, o.person_key, y.start_day AS year_start, y.end_day AS year_end,
        o.start_day, greatest(o.start_day, y.start_day) AS from_day, least(o.end_day, y.end_day + 1) AS to_day, o.end_day
    FROM on_it AS o JOIN value_year AS y ON y.subject_kind = o.subject_kind AND o.start_day <= y.end_day AND o.end_day > y.start_day
), held AS (
    SELECT t.subject_kind, t.subject, t.tier, t.district, t.period, t.person_key,
        sum(least(s.end_day, t.to_day) - greatest(s.start_day, t.from_day)) AS days_in_custody
    FROM touching AS t JOIN stay AS s ON s.person_key = t.person_key AND s.start_day < t.to_day AND s.end_day > t.from_day
    GROUP BY t.subject_kind, t.subject, t.tier, t.district, t.period, t.person_key
), together AS (
    SELECT subject_kind, subject, tier, district, period, person_key, min(year_start) AS year_start, max(year_end) AS year_end,
        min(start_day) AS start_day, sum(to_day - from_day) AS days, max(end_day) AS end_day, bool_or(start_day >= year_start) AS started
    FROM touching GROUP BY subject_kind, subject, tier, district, period, person_key
)
SELECT t.*, coalesce(h.days_in_custody, 0) AS days_in_custody
FROM together AS t
LEFT JOIN held AS h ON h.subject_kind = t.subject_kind AND h.subject = t.subject AND h.tier = t.tier AND h.district = t.district
    AND h.period = t.period AND h.person_key = t.person_key;
