-- The person itself, and the household that the person belongs to on the day.
select q.number, m.subject_id as id
from unnest(:numbers::int[], :people::uuid[]) as q(number, person_id)
join subject_member m
  on m.person_id = q.person_id and m.valid_from <= :day and (m.valid_to is null or m.valid_to > :day)
