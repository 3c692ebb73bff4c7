select attribute, count(*) as households
  from decision d
 cross join lateral unnest(d.missing) as attribute
 where d.assessment_id = :assessment and d.outcome = 'unknown'
 group by attribute
 order by households desc, attribute
