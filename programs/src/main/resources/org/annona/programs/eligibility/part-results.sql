select part.number, count(*) filter (where part.answer) as fulfilled,
       count(*) filter (where not part.answer) as not_fulfilled,
       count(*) filter (where part.answer is null) as unknown
  from decision d
 cross join lateral unnest(d.parts) with ordinality as part(answer, number)
 where d.assessment_id = :assessment
 group by part.number
 order by part.number
