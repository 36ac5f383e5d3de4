-- Who the process measures are about, and on which day each is described; adds those days to `moment`.

-- Episodes that touch or overlap, on whatever schemes, are one stint.
CREATE OR REPLACE TEMP TABLE stint AS
WITH reached AS (
    SELECT *, max(end_day) OVER (PARTITION BY person_key ORDER BY start_day, end_day, scheme ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
    FROM episode
), numbered AS (
    SELECT *, sum(CASE WHEN start_day <= reach THEN 0 ELSE 1 END) OVER (PARTITION BY person_key ORDER BY start_day, end_day, scheme ROWS UNBOUNDED PRECEDING) AS stint_number
    FROM reached
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY person_key, stint_number ORDER BY end_day DESC, CASE WHEN scheme = 'iom' THEN 0 ELSE 1 END, scheme, exit_reason NULLS LAST) AS place
    FROM numbered
)
SELECT person_key, min(start_day) AS start_day, max(end_day) AS end_day,
    coalesce(max(CASE WHEN place = 1 THEN exit_reason END), 'not_known') AS exit_reason
FROM ranked GROUP BY person_key, stint_number;

-- `last_day` is the last day on a scheme in the quarter that is known. Leaving is counted in the quarter of that day.
-- `joined_day` began the stint of that day; `first_day` is what the quarter is set against: the day before it, or that of joining since.
CREATE OR REPLACE TEMP TABLE caseload_entry AS
WITH touching AS (
    SELECT t.person_key, q.period, q.start_day AS first_of_quarter, least(q.end_day, s.cutoff_day) AS last_of_quarter, q.end_day AS quarter_end,
        t.start_day, t.end_day, t.exit_reason,
        row_number() OVER (PARTITION BY t.person_key, q.period ORDER BY t.start_day DESC) AS latest
    FROM stint AS t CROSS JOIN setting AS s
    JOIN chosen_quarter AS q ON q.cohort = 'caseload' AND t.start_day <= least(q.end_day, s.cutoff_day) AND t.end_day > q.start_day
)
SELECT person_key, period, max(last_of_quarter) AS last_of_quarter,
    CAST(max(least(end_day - 1, last_of_quarter)) AS INTEGER) AS last_day,
    max(start_day) AS joined_day, greatest(max(start_day), max(first_of_quarter) - 1) AS first_day,
    CAST(sum(least(end_day, last_of_quarter + 1) - greatest(start_day, first_of_quarter)) AS INTEGER) AS days_on_scheme,
    bool_or(end_day > last_of_quarter) AS on_at_end,
    bool_or(start_day >= first_of_quarter) AS joined,
    bool_or(end_day - 1 <= quarter_end) AS has_left,
    coalesce(max_by(CASE WHEN end_day - 1 <= quarter_end THEN exit_reason END, end_day), 'none') AS exit_reason
FROM touching GROUP BY person_key, period;

CREATE OR REPLACE TEMP TABLE referral_entry AS
SELECT i.person_key, q.period, i.pathway, i.programme,
    CAST(date_diff('day', DATE '1970-01-01', i.referred_on) AS INTEGER) AS day,
    CASE WHEN i.started_on <= s.cutoff THEN CAST(date_diff('day', DATE '1970-01-01', i.started_on) AS INTEGER) END AS started_day,
    CASE WHEN i.ended_on <= s.cutoff THEN CAST(date_diff('day', DATE '1970-01-01', i.ended_on) AS INTEGER) END AS ended_day,
    i.outcome
FROM intervention_spell AS i
CROSS JOIN setting AS s
JOIN chosen_quarter AS q ON q.cohort = 'referrals' AND q.quarter_number = year(i.referred_on) * 4 + quarter(i.referred_on) - 1
WHERE i.referred_on <= s.cutoff;

CREATE OR REPLACE TEMP TABLE prison_release_entry AS
SELECT t.person_key, q.period, t.end_day AS day, t.sentence_days, NOT t.sentenced AS recall
FROM stay AS t
JOIN chosen_quarter AS q ON q.cohort = 'prison_releases' AND q.start_day <= t.end_day AND t.end_day <= q.end_day
LEFT JOIN who AS w ON w.person_key = t.person_key
WHERE t.end_day < 1000000 AND t.ending <> 2 AND (t.sentenced OR t.recalled)
    AND (w.death_day IS NULL OR w.death_day > t.end_day)
    AND EXISTS (SELECT 1 FROM episode AS e WHERE e.person_key = t.person_key AND e.start_day <= t.end_day AND t.end_day < e.end_day);

INSERT INTO moment
SELECT person_key, day FROM (
    SELECT person_key, last_day AS day FROM caseload_entry
    UNION SELECT person_key, first_day FROM caseload_entry
    UNION SELECT person_key, day FROM referral_entry
    UNION SELECT person_key, day FROM prison_release_entry
    EXCEPT SELECT person_key, day FROM moment
) AS added;
