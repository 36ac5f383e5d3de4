-- The Ministry of Justice's age bands. Below 10 nobody can be convicted or cautioned: such an age is an error, so not known.
CREATE OR REPLACE TEMP TABLE age AS
SELECT CAST(range AS INTEGER) AS age,
    CASE WHEN range < 15 THEN '10-14'::word WHEN range < 18 THEN '15-17'::word WHEN range < 21 THEN '18-20'::word WHEN range < 25 THEN '21-24'::word
        WHEN range < 30 THEN '25-29'::word WHEN range < 35 THEN '30-34'::word WHEN range < 40 THEN '35-39'::word WHEN range < 50 THEN '40-49'::word ELSE '50+'::word END AS age_band,
    CASE WHEN range < 18 THEN 'child'::word ELSE 'adult'::word END AS age_group,
    CASE WHEN range BETWEEN 18 AND 25 THEN 'yes'::word ELSE 'no'::word END AS young_adult
FROM range(10, 121);
