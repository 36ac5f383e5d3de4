-- What followed each day of `moment`, for one length of follow-up and of waiting (evaluation_span). Needs evaluation.sql,
-- and offence_kind of metrics/offences.py.
CREATE OR REPLACE TEMP TABLE moment_outcome AS
WITH asked AS (
    SELECT m.person_key, m.day, m.day + p.follow_up_days AS last_day, m.day + p.follow_up_days + p.waiting_days AS proven_by,
        CAST(least(p.follow_up_days, coalesce(w.death_day, 1000000) - m.day) AS INTEGER) AS days_followed,
        w.death_day <= m.day + p.follow_up_days AS died
    FROM moment AS m CROSS JOIN evaluation_span AS p CROSS JOIN setting AS s
    LEFT JOIN who AS w ON w.person_key = m.person_key
    WHERE m.day + p.follow_up_days + p.waiting_days <= s.cutoff_day AND (w.death_day IS NULL OR w.death_day > m.day)
), offended AS (
    SELECT a.person_key, a.day, CAST(count(*) AS INTEGER) AS reoffences, CAST(count(DISTINCT k.occasion) FILTER (k.convicted) AS INTEGER) AS occasions,
        CAST(min(k.offence_day) - a.day AS INTEGER) AS days_to_first,
        CAST(sum(v.severity) AS DOUBLE) / 100 AS severity, CAST(count(*) FILTER (k.national) AS INTEGER) AS national,
        CAST(count(*) FILTER (NOT k.in_custody AND NOT EXISTS (
            SELECT 1 FROM stay AS t WHERE t.person_key = k.person_key AND t.start_day < k.offence_day AND k.offence_day < t.end_day
        )) AS INTEGER) AS liberty_offences
    FROM asked AS a
    JOIN known_offence AS k ON k.person_key = a.person_key AND k.offence_day > a.day AND k.offence_day <= a.last_day AND k.proven_day <= a.proven_by
    JOIN offence_kind AS v ON v.offence_code = coalesce(k.offence_code, '') AND v.offence_group = k.offence_group
    GROUP BY a.person_key, a.day, a.last_day
), held AS (
    SELECT a.person_key, a.day, CAST(sum(least(t.end_day, a.day + a.days_followed + 1) - greatest(t.start_day, a.day + 1)) AS INTEGER) AS days_in_custody,
        CAST(min(t.start_day - a.day) FILTER (t.start_day > a.day AND t.end_day > t.start_day) AS INTEGER) AS days_to_custody
    FROM asked AS a JOIN stay AS t ON t.person_key = a.person_key AND t.start_day <= a.day + a.days_followed AND t.end_day > a.day + 1
    GROUP BY a.person_key, a.day
), before AS (
    SELECT a.person_key, a.day, CAST(count(*) AS INTEGER) AS known, CAST(count(*) FILTER (k.national) AS INTEGER) AS national
    FROM asked AS a JOIN known_offence AS k ON k.person_key = a.person_key AND k.offence_day > a.day - 1826 AND k.charge_day <= a.day
    GROUP BY a.person_key, a.day
)
SELECT a.person_key, a.day, o.reoffences IS NOT NULL AS reoffended, coalesce(o.reoffences, 0) AS reoffences, coalesce(o.occasions, 0) AS occasions, o.days_to_first,
    o.reoffences IS NOT NULL AS event, coalesce(o.days_to_first, a.days_followed) AS days_observed, a.days_followed,
    CASE WHEN o.reoffences IS NULL THEN 0.0 ELSE o.severity END AS severity,
    CASE WHEN k.custody THEN h.days_to_custody IS NOT NULL END AS custody, h.days_to_custody,
    CASE WHEN k.custody THEN a.days_followed - coalesce(h.days_in_custody, 0) END AS days_at_liberty,
    CASE WHEN k.custody THEN coalesce(o.liberty_offences, 0) END AS liberty_offences, coalesce(a.died, false) AS died,
    CASE WHEN a.died THEN a.days_followed END AS days_to_death,
    coalesce(b.known, 0) + coalesce(o.reoffences, 0) AS recorded, coalesce(b.national, 0) + coalesce(o.national, 0) AS recorded_national
FROM asked AS a
CROSS JOIN (SELECT count(*) > 0 AS custody FROM custody_spell) AS k
LEFT JOIN offended AS o ON o.person_key = a.person_key AND o.day = a.day
LEFT JOIN held AS h ON h.person_key = a.person_key AND h.day = a.day
LEFT JOIN before AS b ON b.person_key = a.person_key AND b.day = a.day;
