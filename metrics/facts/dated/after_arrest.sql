-- One row for each day on which somebody on a scheme was arrested, in the quarter in which the 28 days after it were up, so
-- that every quarter is whole. in_need: the latest assessment of the year before found a health need, or the screen on arrest was
-- made. contact: a mental health contact within 14 days, at the police station or kept later; null before the first on record.
-- positive: a drug test found drugs; again: so did one on an arrest of the 365 days before. treated: referred for substance misuse in the 28 days, or on such a programme that day.
-- begins: arrest.arrest_date, scheme_episode.start_date
-- about: people
CREATE OR REPLACE TABLE after_arrest ({described}, in_need BOOLEAN NOT NULL, contact BOOLEAN, positive BOOLEAN, again BOOLEAN, treated BOOLEAN);
WITH arrested AS (
    SELECT a.person_key, CAST(a.arrest_date - DATE '1970-01-01' AS INTEGER) AS arrest_day,
        bool_or(coalesce(a.mental_health_screened, false)) AS screened,
        min(CAST(a.mental_health_contact_on - DATE '1970-01-01' AS INTEGER)) AS contact_day,
        bool_or(a.drug_test = 'positive') AS positive
    FROM arrest AS a
    WHERE EXISTS (SELECT 1 FROM episode AS e WHERE e.person_key = a.person_key
        AND DATE '1970-01-01' + e.start_day <= a.arrest_date AND (e.end_day = 1000000 OR a.arrest_date < DATE '1970-01-01' + e.end_day))
    GROUP BY a.person_key, a.arrest_date
), seen AS (
    SELECT person_key, CAST(on_date - DATE '1970-01-01' AS INTEGER) AS on_day
    FROM circumstance WHERE domain = 'mental_health_contact' AND status = 'seen'
    UNION ALL
    SELECT person_key, contact_day FROM arrested WHERE contact_day IS NOT NULL
), assessed AS (
    SELECT a.person_key, a.arrest_day, d.level,
        row_number() OVER (PARTITION BY a.person_key, a.arrest_day ORDER BY d.assessed_on DESC, CASE d.level WHEN 'none' THEN 1 ELSE 0 END) AS place
    FROM arrested AS a
    JOIN need AS d ON d.person_key = a.person_key AND d.pathway = 'health'
        AND d.assessed_on <= DATE '1970-01-01' + a.arrest_day AND d.assessed_on >= DATE '1970-01-01' + (a.arrest_day - 365)
), referred AS (
    SELECT person_key, CAST(referred_on - DATE '1970-01-01' AS INTEGER) AS from_day, CAST(started_on - DATE '1970-01-01' AS INTEGER) AS start_day,
        CAST(ended_on - DATE '1970-01-01' AS INTEGER) AS end_day
    FROM intervention_spell WHERE pathway = 'substance_misuse'
)
SELECT a.person_key, a.arrest_day + 28 AS day,
    a.screened OR EXISTS (SELECT 1 FROM assessed AS d WHERE d.person_key = a.person_key AND d.arrest_day = a.arrest_day AND d.place = 1 AND d.level <> 'none') AS in_need,
    CASE WHEN a.arrest_day >= k.first_contact
        THEN EXISTS (SELECT 1 FROM seen AS c WHERE c.person_key = a.person_key AND c.on_day >= a.arrest_day AND c.on_day <= a.arrest_day + 14) END AS contact,
    a.positive,
    a.positive AND EXISTS (SELECT 1 FROM arrest AS e WHERE e.person_key = a.person_key AND e.drug_test = 'positive'
        AND e.arrest_date < DATE '1970-01-01' + a.arrest_day AND e.arrest_date >= DATE '1970-01-01' + (a.arrest_day - 365)) AS again,
    CASE WHEN a.arrest_day >= k.first_referral THEN EXISTS (
        SELECT 1 FROM referred AS r WHERE r.person_key = a.person_key
            AND ((r.from_day >= a.arrest_day AND r.from_day <= a.arrest_day + 28)
                OR (r.start_day <= a.arrest_day AND (r.end_day IS NULL OR r.end_day > a.arrest_day)))) END AS treated
FROM arrested AS a
CROSS JOIN (SELECT (SELECT min(on_day) FROM seen) AS first_contact,
    (SELECT min(CAST(referred_on - DATE '1970-01-01' AS INTEGER)) FROM intervention_spell) AS first_referral) AS k
