-- Proven offences and days at liberty in spells of days, one row for each person, date and side of it. Each side runs from
-- its first day to its last (`asked_side`). An offence counts when it was proven within the waiting days after the last day.
WITH lived AS (
    SELECT d.person_key, d.on_date, d.side, d.first_day,
        least(d.last_day, s.cutoff_day, coalesce(w.death_day, 1000000)) AS last_day, d.last_day + d.waiting_days AS proven_by
    FROM asked_side AS d CROSS JOIN setting AS s LEFT JOIN who AS w ON w.person_key = d.person_key
), offended AS (
    SELECT d.person_key, d.on_date, d.side, count(*) AS offences, sum(CASE WHEN p.in_custody THEN 0 ELSE 1 END) AS liberty_offences
    FROM lived AS d JOIN proof AS p ON p.person_key = d.person_key
    WHERE p.offence_day >= d.first_day AND p.offence_day <= d.last_day AND p.proven_day <= d.proven_by
    GROUP BY d.person_key, d.on_date, d.side
), alleged AS (
    -- What those who select people see: charged or awaiting a result as well as proven, whatever came of it; not in custody.
    SELECT d.person_key, d.on_date, d.side, count(*) AS alleged
    FROM lived AS d JOIN offence AS o ON o.person_key = d.person_key
    WHERE o.outcome IN ('convicted', 'cautioned', 'not_proven', 'pending') AND o.recordable AND NOT o.breach
        AND o.offence_date >= DATE '1970-01-01' + d.first_day AND o.offence_date <= DATE '1970-01-01' + d.last_day
        AND NOT o.in_custody AND NOT EXISTS (
            SELECT 1 FROM stay AS t WHERE t.person_key = o.person_key
                AND DATE '1970-01-01' + t.start_day < o.offence_date AND o.offence_date < DATE '1970-01-01' + t.end_day
        )
    GROUP BY d.person_key, d.on_date, d.side
), inside AS (
    SELECT d.person_key, d.on_date, d.side, sum(least(t.end_day, d.last_day + 1) - greatest(t.start_day, d.first_day)) AS days_in_custody
    FROM lived AS d JOIN stay AS t ON t.person_key = d.person_key
    WHERE t.start_day <= d.last_day AND t.end_day > d.first_day AND d.last_day >= d.first_day
    GROUP BY d.person_key, d.on_date, d.side
)
SELECT d.person_key, d.on_date, d.side,
    CAST(greatest(0, d.last_day - d.first_day + 1) AS INTEGER) AS days_observed,
    CASE WHEN k.custody THEN CAST(coalesce(i.days_in_custody, 0) AS INTEGER) END AS days_in_custody,
    CASE WHEN k.custody THEN CAST(greatest(0, d.last_day - d.first_day + 1) - coalesce(i.days_in_custody, 0) AS INTEGER) END AS days_at_liberty,
    coalesce(o.offences, 0) AS offences, coalesce(g.alleged, 0) AS alleged,
    CASE WHEN k.custody THEN CAST(coalesce(o.liberty_offences, 0) AS BIGINT) END AS liberty_offences
FROM lived AS d
CROSS JOIN (SELECT count(*) > 0 AS custody FROM custody_spell) AS k
LEFT JOIN offended AS o ON o.person_key = d.person_key AND o.on_date = d.on_date AND o.side = d.side
LEFT JOIN alleged AS g ON g.person_key = d.person_key AND g.on_date = d.on_date AND g.side = d.side
LEFT JOIN inside AS i ON i.person_key = d.person_key AND i.on_date = d.on_date AND i.side = d.side
ORDER BY d.person_key, d.on_date, d.side
