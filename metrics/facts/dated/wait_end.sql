-- One row for each wait for a programme that ended, by a start or by the referral's end without one (lost), whoever was
-- referred: on a scheme or not, as in the fact referral.
-- in_order: of those with a priority on the pathway in their latest assessment of the year before, whether every pathway of
-- higher priority had been started within the year. drop_in_first: of starts on a fixed programme of a pathway that has a
-- drop-in, whether a drop-in of the pathway was begun in the 182 days before or on the day itself.
-- begins: intervention_spell.referred_on
-- about: people
CREATE OR REPLACE TABLE wait_end (
    {described}, pathway VARCHAR NOT NULL, programme VARCHAR NOT NULL, provider VARCHAR NOT NULL, sector VARCHAR NOT NULL,
    started BOOLEAN NOT NULL, waited_days INTEGER NOT NULL, in_order BOOLEAN, drop_in_first BOOLEAN
);
WITH spell AS (
    SELECT i.person_key, i.pathway, i.programme, coalesce(p.provider, 'not_known') AS provider, coalesce(p.sector, 'not_known') AS sector,
        coalesce(p.drop_in, false) AS drop_in, p.programme IS NOT NULL AS listed,
        CAST(i.referred_on - DATE '1970-01-01' AS INTEGER) AS referred_day, CAST(i.started_on - DATE '1970-01-01' AS INTEGER) AS start_day,
        CAST(coalesce(i.started_on, i.ended_on) - DATE '1970-01-01' AS INTEGER) AS day
    FROM intervention_spell AS i
    LEFT JOIN (SELECT programme, min(provider) AS provider, min(sector) AS sector, bool_or(drop_in) AS drop_in FROM programme GROUP BY programme) AS p ON p.programme = i.programme
), begun AS (
    SELECT DISTINCT person_key, pathway, drop_in, start_day FROM spell WHERE start_day IS NOT NULL
), ranked AS (
    SELECT b.person_key, b.start_day, d.pathway, d.priority, d.level,
        row_number() OVER (PARTITION BY b.person_key, b.start_day, d.pathway
            ORDER BY d.assessed_on DESC, CASE d.level WHEN 'none' THEN 1 ELSE 0 END, d.priority NULLS LAST) AS place
    FROM (SELECT DISTINCT person_key, start_day FROM begun) AS b
    JOIN need AS d ON d.person_key = b.person_key
        AND d.assessed_on <= DATE '1970-01-01' + b.start_day AND d.assessed_on >= DATE '1970-01-01' + (b.start_day - 365)
), wanted AS (
    SELECT person_key, start_day, pathway, priority FROM ranked WHERE place = 1 AND level <> 'none' AND priority IS NOT NULL
), passed AS (
    -- pathways of higher priority than one that was started, and not themselves started within the year
    SELECT DISTINCT m.person_key, m.start_day, m.pathway
    FROM wanted AS m
    JOIN wanted AS h ON h.person_key = m.person_key AND h.start_day = m.start_day AND h.priority < m.priority
    WHERE NOT EXISTS (SELECT 1 FROM begun AS b WHERE b.person_key = m.person_key AND b.pathway = h.pathway
        AND b.start_day <= m.start_day AND b.start_day > m.start_day - 365)
)
SELECT s.person_key, s.day, s.pathway, s.programme, s.provider, s.sector, s.start_day IS NOT NULL AS started, s.day - s.referred_day AS waited_days,
    CASE WHEN s.start_day IS NOT NULL AND w.person_key IS NOT NULL THEN x.person_key IS NULL END AS in_order,
    CASE WHEN s.start_day IS NOT NULL AND s.listed AND NOT s.drop_in AND o.pathway IS NOT NULL THEN EXISTS (
        SELECT 1 FROM begun AS b WHERE b.person_key = s.person_key AND b.pathway = s.pathway AND b.drop_in
            AND b.start_day <= s.start_day AND b.start_day >= s.start_day - 182) END AS drop_in_first
FROM spell AS s
LEFT JOIN (SELECT DISTINCT pathway FROM programme WHERE drop_in) AS o ON o.pathway = s.pathway
LEFT JOIN wanted AS w ON w.person_key = s.person_key AND w.start_day = s.start_day AND w.pathway = s.pathway
LEFT JOIN passed AS x ON x.person_key = s.person_key AND x.start_day = s.start_day AND x.pathway = s.pathway
WHERE s.day IS NOT NULL
