-- Of the households in which she lives today, or lived.
select e.id, p.name as programme, h.ref as household, e.state, e.reason, e.changed_at,
       m.valid_to is null or m.valid_to > :today as member_today
  from subject_member m
  join subject h on h.id = m.subject_id
  join enrolment e on e.subject_id = m.subject_id
  join programme p on p.id = e.programme_id
 where m.person_id = :person
 order by e.changed_at desc, e.id
 limit 50
