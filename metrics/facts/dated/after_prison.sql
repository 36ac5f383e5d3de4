-- One row for each look at what became of a prison release of somebody on a scheme (after a sentence or a recall), in the
-- quarter in which the time was up, so that every quarter is whole: point is week_1 (7 days after release), week_4 (28 days),
-- week_12 (84 days) or month_3 (91 days). Somebody who died before then has no row; somebody back in custody has no home
-- or work that counts, and is not known.
-- settled: at week_1 the first home written down since release, at month_3 the latest of the 35 days to then; working: at
-- week_12 the latest of the 35 days to then; null where nobody wrote it down. paid: at week_4, of those who claimed between
-- 91 days before release and that day or were paid, whether a first benefit payment came within 7 days of release; null for
-- those who claimed nothing and before the first payment on record.
-- begins: custody_spell.end_date, scheme_episode.start_date, circumstance.on_date
-- about: people
CREATE OR REPLACE TABLE after_prison ({described}, point VARCHAR NOT NULL, settled BOOLEAN, working BOOLEAN, paid BOOLEAN);
WITH look AS (
    SELECT t.person_key, t.end_day AS out_day, p.point, t.end_day + p.after AS day, p.domain, t.end_day + p.since AS since_day, p.first
    FROM stay AS t
    CROSS JOIN (VALUES ('week_1', 7, 'accommodation', 0, true), ('week_4', 28, 'benefit_payment', 0, true),
        ('week_12', 84, 'work_training', 49, false), ('month_3', 91, 'accommodation', 56, false)) AS p(point, after, domain, since, first)
    LEFT JOIN who AS w ON w.person_key = t.person_key
    WHERE t.end_day < 1000000 AND t.ending <> 2 AND (t.sentenced OR t.recalled)
        AND (w.death_day IS NULL OR w.death_day > t.end_day + p.after)
        AND EXISTS (SELECT 1 FROM episode AS e WHERE e.person_key = t.person_key AND e.start_day <= t.end_day AND t.end_day < e.end_day)
), written AS (
    SELECT person_key, domain, status, CAST(on_date - DATE '1970-01-01' AS INTEGER) AS on_day FROM circumstance
), told AS (
    SELECT l.person_key, l.out_day, l.point, min(c.on_day) AS first_day,
        CASE WHEN bool_or(l.first) THEN arg_min(c.status, (c.on_day, c.status)) ELSE arg_max(c.status, (c.on_day, c.status)) END AS status
    FROM look AS l
    JOIN written AS c ON c.person_key = l.person_key AND c.domain = l.domain AND c.on_day >= l.since_day AND c.on_day <= l.day
    GROUP BY l.person_key, l.out_day, l.point
), claim AS (
    SELECT DISTINCT l.person_key, l.out_day
    FROM look AS l
    JOIN written AS c ON c.person_key = l.person_key AND c.domain = 'benefit_claim' AND c.on_day >= l.out_day - 91 AND c.on_day <= l.day
    WHERE l.point = 'week_4'
), inside AS (
    SELECT DISTINCT l.person_key, l.out_day, l.point
    FROM look AS l JOIN stay AS t ON t.person_key = l.person_key AND t.start_day <= l.day AND l.day < t.end_day
)
SELECT l.person_key, l.day, l.point,
    CASE WHEN l.domain = 'accommodation' AND i.person_key IS NULL THEN d.status = 'settled' END AS settled,
    CASE WHEN l.domain = 'work_training' AND i.person_key IS NULL THEN d.status = 'in_work_or_training' END AS working,
    CASE WHEN l.domain = 'benefit_payment' AND l.out_day >= k.first_day AND (c.person_key IS NOT NULL OR d.person_key IS NOT NULL)
        THEN coalesce(d.first_day <= l.out_day + 7, false) END AS paid
FROM look AS l
CROSS JOIN (SELECT min(on_day) AS first_day FROM written WHERE domain = 'benefit_payment') AS k
LEFT JOIN told AS d ON d.person_key = l.person_key AND d.out_day = l.out_day AND d.point = l.point
LEFT JOIN claim AS c ON c.person_key = l.person_key AND c.out_day = l.out_day
LEFT JOIN inside AS i ON i.person_key = l.person_key AND i.out_day = l.out_day AND i.point = l.point
