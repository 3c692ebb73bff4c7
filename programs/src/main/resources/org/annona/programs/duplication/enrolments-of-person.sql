-- Of the households in which she lives today, or lived.
select e.id, p.name as programme, h.ref as household, e.state, e.reason, e.changed_at,
       m.valid_to is null or m.valid_to > :today as member_today
  from membership m
  join household h on h.id = m.household_id
  join enrolment e on e.household_id = m.household_id
  join programme p on p.id = e.programme_id
 where m.person_id = :person
 order by e.changed_at desc, e.id
 limit 50
