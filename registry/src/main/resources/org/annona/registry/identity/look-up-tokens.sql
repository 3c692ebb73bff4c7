-- Who holds each token already, what token each person has, and whether the identifier that was shown is still hers.
select t.number, p.status,
       (select i.person_id from identifier i
         where i.type = :type and i.value_index = t.value_index and i.status in ('unverified', 'valid')) as holder,
       exists (select from identifier i
                where i.type = :type and i.person_id = t.person_id
                  and i.status in ('unverified', 'valid')) as has_one,
       exists (select from identifier i
                where i.id = t.shown and i.person_id = t.person_id
                  and i.status in ('unverified', 'valid'))
         or exists (select from retired_identifier g
                     where g.id = t.shown and g.person_id = t.person_id) as shown_is_hers
  from unnest(:numbers::int[], :people::uuid[], :shown::uuid[], :indexes::bytea[])
       as t(number, person_id, shown, value_index)
  left join person p on p.id = t.person_id
